"""A real Kubernetes control plane for tests: etcd, API server, scheduler, kwok's nodes.

An installed set is taken as it is, else the pinned release is fetched, else it is built.
`Places.control_plane` links to the chosen programs.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bootstrap.errors import Attempt, AttemptFailed, nothing_worked
from bootstrap.kubernetes_release import ETCD_VERSION, fetch_kubernetes
from bootstrap.kubernetes_source import build_kubernetes
from bootstrap.locking import link
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.steps import Step
from bootstrap.versions import Version, dotted, version_in
from bootstrap.ways import Way, first_that_works

PINNED: Version = (1, 36, 3)
"""The newest that the catalogue supports; bootstrap/control-plane-source/go.mod agrees."""
OLDEST: Version = (1, 33, 0)
"""The oldest API server on PATH that is taken as it is."""
OLDEST_ETCD: Version = (3, 5, 13)
"""The oldest etcd that Kubernetes asks for. One that cannot stream lists makes clients that want
them wait ever longer between their attempts."""
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")

ADVICE = (
    f"put {', '.join(PROGRAMS[1:])} {dotted(OLDEST)} or later and etcd {dotted(OLDEST_ETCD)} or "
    "later on PATH, or Go 1.21 or later (https://go.dev/dl/), and run make control-plane again"
)


def kubernetes_step(machine: Machine, places: Places) -> Step:
    """The programs that the `control_plane` tests start."""

    def holds() -> str | None:
        found = _on_path(machine)[0] or _cached(places)
        return found[1] if found and _linked(places, found[0]) else None

    def make(tell: Callable[[str], None]) -> str:
        on_path, attempts = _on_path(machine)
        folder, origin = on_path or _cached(places) or _obtained(machine, places, attempts, tell)
        for name in PROGRAMS:
            link(places.control_plane / name, folder[name])
        return origin

    lock = places.cache / "locks" / "control-plane"
    return Step(goal="Kubernetes", holds=holds, make=make, lock=lock)


Found = tuple[dict[str, Path], str]
"""Path by program, and where they came from in a few words."""


def _linked(places: Places, programs: dict[str, Path]) -> bool:
    links = {name: places.control_plane / name for name in PROGRAMS}
    return all(
        path.is_symlink() and path.readlink() == programs[name] for name, path in links.items()
    )


def _on_path(machine: Machine) -> tuple[Found | None, list[Attempt]]:
    """The set on PATH, or why it is not taken."""
    found = {name: machine.which(name) for name in PROGRAMS}
    programs = {name: path for name, path in found.items() if path}
    missing = [name for name in PROGRAMS if name not in programs]
    if missing:
        return None, [Attempt("PATH", f"no {', '.join(missing)}")]
    try:
        _version(machine, programs["etcd"], OLDEST_ETCD)
        version = _version(machine, programs["kube-apiserver"], OLDEST)
    except AttemptFailed as failure:
        return None, [Attempt("PATH", str(failure))]
    return (programs, f"{dotted(version)}, on PATH"), []


def _version(machine: Machine, program: Path, oldest: Version) -> Version:
    """What the program says; raises AttemptFailed where it is older."""
    version = version_in(machine.run(program, "--version"))
    if version is None or version < oldest:
        said = dotted(version) if version else "of unknown version"
        raise AttemptFailed(f"{program.name} is {said}; {dotted(oldest)} is needed")
    return version


def _folder(places: Places) -> Path:
    return places.cache / "kubernetes" / f"{dotted(PINNED)}-etcd-{dotted(ETCD_VERSION)}"


def _cached(places: Places) -> Found | None:
    folder = _folder(places)
    if not folder.exists():
        return None
    origin = (folder / "origin").read_text()
    return {name: folder / name for name in PROGRAMS}, f"{dotted(PINNED)}, {origin}"


def _obtained(
    machine: Machine, places: Places, attempts: list[Attempt], tell: Callable[[str], None]
) -> Found:
    """The pinned set, by the first way that works; raises SetupError naming each that did not."""
    source = places.control_plane_source
    ways: list[Way] = [
        ("official release", lambda folder: fetch_kubernetes(machine, PINNED, folder)),
        (
            "built from Go modules",
            lambda folder: build_kubernetes(machine, PINNED, source, folder, tell),
        ),
    ]
    first_that_works(_folder(places), ways, partial(_check, machine), attempts, tell)
    found = _cached(places)
    if found is None:
        raise nothing_worked("Kubernetes control plane", attempts, ADVICE)
    return found


def _check(machine: Machine, folder: Path, way: str) -> None:
    """See that the API server runs and is the version asked for."""
    found = version_in(machine.run(folder / "kube-apiserver", "--version"))
    if found != PINNED:
        raise AttemptFailed(f"it calls itself {found and dotted(found)}, not {dotted(PINNED)}")
    (folder / "origin").write_text(way)

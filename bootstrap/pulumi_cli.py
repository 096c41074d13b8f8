"""The Pulumi CLI: PATH's if recent enough, else the pinned release, else built from source.

`Places.pulumi` links to the chosen one. A pinned CLI lies in a folder named by its version,
which exists only when complete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bootstrap.errors import Attempt, AttemptFailed, nothing_worked
from bootstrap.locking import link
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.pulumi_release import fetch_release
from bootstrap.pulumi_source import build_from_source
from bootstrap.steps import Step
from bootstrap.versions import Version, dotted, version_in
from bootstrap.ways import Way, first_that_works

PINNED: Version = (3, 259, 0)
"""The latest whose sources are served as Go modules; bootstrap/pulumi-source/go.mod agrees."""
OLDEST_PULUMI: Version = (3, 200, 0)
"""The oldest CLI on PATH that is taken as it is."""

ADVICE = (
    f"install the Pulumi CLI {dotted(OLDEST_PULUMI)} or later "
    "(https://www.pulumi.com/docs/iac/download-install/) or Go 1.21 or later "
    "(https://go.dev/dl/), see that it is on PATH, and run make setup again"
)


@dataclass(frozen=True)
class Cli:
    """A Pulumi CLI that can be used, and where it came from in a few words."""

    path: Path
    origin: str


def pulumi_step(machine: Machine, places: Places) -> Step:
    """The engine that every rehearsal and deployment runs on."""

    def holds() -> str | None:
        cli = _on_path(machine, places)[0] or _cached(places)
        linked = cli and places.pulumi.is_symlink() and places.pulumi.readlink() == cli.path
        return cli.origin if cli and linked else None

    def make(tell: Callable[[str], None]) -> str:
        on_path, attempts = _on_path(machine, places)
        cli = on_path or _cached(places) or _obtained(machine, places, attempts, tell)
        link(places.pulumi, cli.path)
        return cli.origin

    return Step(goal="Pulumi CLI", holds=holds, make=make, lock=places.cache / "locks" / "pulumi")


def _on_path(machine: Machine, places: Places) -> tuple[Cli | None, list[Attempt]]:
    """The CLI on PATH, or why it is not taken."""
    path = machine.which("pulumi")
    if path is None:
        return None, [Attempt("PATH", "no pulumi")]
    if path == places.pulumi and path.is_symlink():
        path = path.readlink()  # our own link, on PATH as the README says: what it stands for
    if path.resolve().is_relative_to(places.cache.resolve()):
        return None, [Attempt("PATH", f"{path} is this cache's own")]
    try:
        version = version_in(machine.run(path, "version", env={"PULUMI_SKIP_UPDATE_CHECK": "true"}))
    except AttemptFailed as failure:
        return None, [Attempt("PATH", str(failure))]
    if version is None or version < OLDEST_PULUMI:
        found = dotted(version) if version else "of unknown version"
        reason = f"{path} is {found}; {dotted(OLDEST_PULUMI)} or later is needed"
        return None, [Attempt("PATH", reason)]
    return Cli(path, f"{dotted(version)}, on PATH ({path})"), []


def _folder(places: Places) -> Path:
    return places.cache / "pulumi" / dotted(PINNED)


def _cached(places: Places) -> Cli | None:
    folder = _folder(places)
    if not folder.exists():
        return None
    origin = (folder / "origin").read_text()
    return Cli(folder / "pulumi", f"{dotted(PINNED)}, {origin}")


def _obtained(
    machine: Machine, places: Places, attempts: list[Attempt], tell: Callable[[str], None]
) -> Cli:
    """The pinned CLI, by the first way that works; raises SetupError naming each that did not."""
    for attempt in attempts:
        tell(f"{attempt.way}: {attempt.reason}")
    ways = _ways(machine, places, tell)
    first_that_works(_folder(places), ways, partial(_check, machine), attempts, tell)
    cli = _cached(places)
    if cli is None:
        raise nothing_worked("Pulumi CLI", attempts, ADVICE)
    return cli


def _ways(machine: Machine, places: Places, tell: Callable[[str], None]) -> list[Way]:
    return [
        ("official release", lambda folder: fetch_release(machine, PINNED, folder)),
        (
            "built from Go modules",
            lambda folder: build_from_source(machine, PINNED, places.pulumi_source, folder, tell),
        ),
    ]


def _check(machine: Machine, folder: Path, way: str) -> None:
    """See that what is in it runs and is the version that was asked for."""
    found = version_in(machine.run(folder / "pulumi", "version"))
    if found != PINNED:
        raise AttemptFailed(f"it calls itself {found and dotted(found)}, not {dotted(PINNED)}")
    (folder / "origin").write_text(way)

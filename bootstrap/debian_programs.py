"""Programs that tests start, from PATH or else from Debian's packages, without being root.

A package is fetched by apt, which verifies it against the signed archive, and unpacked into
the cache; nothing is installed.
"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import Attempt, AttemptFailed, nothing_worked
from bootstrap.locking import link, whole
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.steps import Step


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program and the Debian package that has it."""

    name: str
    package: str
    path: str
    """Where the package keeps it."""


PROGRAMS = (
    Program(name="promtool", package="prometheus", path="usr/bin/promtool"),
    Program(name="amtool", package="prometheus-alertmanager", path="usr/bin/amtool"),
)


def program_step(machine: Machine, places: Places, program: Program) -> Step:
    """One program, linked from `Places.control_plane`."""
    folder = places.cache / "debian" / program.package
    target = places.control_plane / program.name

    def holds() -> str | None:
        path, origin = _found(machine, folder, program)
        return origin if path and target.is_symlink() and target.readlink() == path else None

    def make(tell: Callable[[str], None]) -> str:
        if _found(machine, folder, program)[0] is None:
            _unpack(machine, folder, program, tell)
        path, origin = _found(machine, folder, program)
        link(target, path or folder)
        return origin

    lock = places.cache / "locks" / program.package
    return Step(goal=program.name, holds=holds, make=make, lock=lock)


def _found(machine: Machine, folder: Path, program: Program) -> tuple[Path | None, str]:
    """Where the program is, PATH's before the cache's, and that in words."""
    on_path = machine.which(program.name)
    if on_path:
        return on_path, f"on PATH ({on_path})"
    cached = folder / program.path
    return (cached if cached.exists() else None), f"Debian's {program.package}"


def _unpack(machine: Machine, folder: Path, program: Program, tell: Callable[[str], None]) -> None:
    advice = f"install {program.name}, or run this where apt-get reaches a Debian archive"
    tell(f"fetching Debian's {program.package}")

    def fill(staging: Path) -> None:
        machine.run("apt-get", "download", "-q", program.package, cwd=staging)
        for archive in staging.glob("*.deb"):
            machine.run("dpkg-deb", "-x", archive, staging)
            archive.unlink()
        if not (staging / program.path).exists():
            raise AttemptFailed(f"{program.package} has no {program.path}")

    try:
        whole(folder, fill)
    except AttemptFailed as failure:
        attempts = [Attempt("PATH", f"no {program.name}"), Attempt("apt-get", str(failure))]
        raise nothing_worked(
            f"{program.name} for {platform.system()}", attempts, advice
        ) from failure

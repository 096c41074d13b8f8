"""uv: from the environment or PATH if recent enough, else installed into the cache with pip.

The version and its hashes are those of requirements.lock, which pins uv like everything else.
"""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import Attempt, AttemptFailed, SetupError, nothing_worked
from bootstrap.locking import whole
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.steps import Step
from bootstrap.versions import Version, dotted, version_in

OLDEST_UV: Version = (0, 5, 0)
"""The first with every option that setup passes."""

ADVICE = (
    "install uv 0.5 or later (https://docs.astral.sh/uv/), or pip for this Python "
    "(Debian: python3-pip or python3-venv), then run make setup again"
)


def uv_step(machine: Machine, places: Places) -> Step:
    """The first step: all others install through uv."""

    def holds() -> str | None:
        found = find_uv(machine, places)
        return f"{dotted(found[1])}, {_origin(found[0], places)}" if found else None

    def make(_: Callable[[str], None]) -> str:
        install_uv(machine, places)
        return f"{holds()}, installed with pip"

    return Step(goal="uv", holds=holds, make=make, lock=places.cache / "locks" / "uv")


def find_uv(machine: Machine, places: Places) -> tuple[Path, Version] | None:
    """The first uv that runs and is recent enough."""
    on_path = machine.which("uv")
    candidates = [places.environment / "bin" / "uv", *([on_path] if on_path else [])]
    for candidate in [*candidates, _cached(places)]:
        version = _version_of(machine, candidate)
        if version and version >= OLDEST_UV:
            return candidate, version
    return None


def install_uv(machine: Machine, places: Places) -> None:
    """Install the locked uv into the cache with the first pip that works.

    Raises SetupError that says what was tried.
    """
    attempts: list[Attempt] = []
    for way, install in (("pip", _with_pip), ("venv", _with_venv)):
        try:
            whole(
                _cached(places).parents[1],
                lambda folder, install=install: install(machine, places, folder),
            )
        except AttemptFailed as failure:
            attempts.append(Attempt(f"{way} of {sys.executable}", str(failure)))
        else:
            return
    raise nothing_worked("uv", attempts, ADVICE)


def pinned_uv(lock: str) -> tuple[str, str]:
    """uv's version and its whole entry, hashes included, in the text of requirements.lock."""
    entry = re.search(r"^uv==(\S+)(?: \\\n +--hash=\S+)+", lock, re.MULTILINE)
    if not entry:
        raise SetupError("requirements.lock pins no uv with hashes; restore it from git")
    return entry[1], entry[0]


def _with_pip(machine: Machine, places: Places, folder: Path, python: str = sys.executable) -> None:
    entry = folder / "uv.lock.txt"
    entry.write_text(pinned_uv(places.lock_file.read_text())[1] + "\n")
    machine.run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--require-hashes", "--target", folder, "--requirement", entry,
    )  # fmt: skip


def _with_venv(machine: Machine, places: Places, folder: Path) -> None:
    """For a Python without pip: a throw-away environment has one if ensurepip is there."""
    machine.run(sys.executable, "-m", "venv", folder / "pip")
    _with_pip(machine, places, folder, str(folder / "pip" / "bin" / "python"))
    shutil.rmtree(folder / "pip", ignore_errors=True)


def _cached(places: Places) -> Path:
    version, _ = pinned_uv(places.lock_file.read_text())
    return places.cache / "uv" / version / "bin" / "uv"


def _version_of(machine: Machine, uv: Path) -> Version | None:
    try:
        return version_in(machine.run(uv, "--version"))
    except AttemptFailed:
        return None  # a shim whose Python has no uv, or nothing there at all


def _origin(uv: Path, places: Places) -> str:
    if uv.is_relative_to(places.environment):
        return "in .venv"
    return "in the cache" if uv.is_relative_to(places.cache) else f"on PATH ({uv})"

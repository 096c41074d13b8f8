"""The locked environment in .venv, and the project installed in it, editable.

A stamp in .venv records what was installed; it is removed first and written last, so that an
interrupted installation is done again.
"""

import hashlib
import json
import ssl
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import AttemptFailed, SetupError
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.steps import Step
from bootstrap.uv_tool import find_uv
from bootstrap.versions import version_in

INSTALLED_SECTIONS = ("build-system", "project")
"""Sections of pyproject.toml that an installed project depends on; tool settings are not."""


def packages_step(machine: Machine, places: Places) -> Step:
    """Every package of requirements.lock, hash-checked, and nothing else."""

    def holds() -> str | None:
        current = places.python.exists() and _stamp(places, "packages") == _lock_hash(places)
        return f"{_package_count(places)} locked, in .venv" if current else None

    def make(tell: Callable[[str], None]) -> str:
        _forget(places, "packages", "project")
        if not _usable(machine, places):
            _uv(machine, places, "venv", "--clear", "--python", sys.executable, places.environment)
        tell("downloading what uv's cache does not hold")
        _uv(
            machine,
            places,
            "pip",
            "sync",
            "--require-hashes",
            "--python",
            places.python,
            places.lock_file,
        )
        _remember(places, "packages", _lock_hash(places))
        return f"{_package_count(places)} locked, in .venv ({_python_version(machine, places)})"

    return Step(goal="Python packages", holds=holds, make=make, lock=_lock(places))


def project_step(machine: Machine, places: Places) -> Step:
    """The project itself: its packages importable, the `mlops` command in .venv/bin."""

    def holds() -> str | None:
        current = _stamp(places, "project") == _project_hash(places)
        return "editable, in .venv" if current else None

    def make(_: Callable[[str], None]) -> str:
        _uv(
            machine, places, "pip", "install", "--no-deps", "--no-build-isolation",
            "--python", places.python, "--editable", places.root,
        )  # fmt: skip
        _remember(places, "project", _project_hash(places))
        return "editable, in .venv"

    return Step(goal="project", holds=holds, make=make, lock=_lock(places))


def _uv(machine: Machine, places: Places, *arguments: str | Path) -> None:
    found = find_uv(machine, places)
    if not found:
        raise SetupError("uv is gone since the step before; run make setup again")
    try:
        machine.run(found[0], "--quiet", *arguments, cwd=places.root, env=_trust())
    except AttemptFailed as failure:
        doing = " ".join(map(str, arguments[:2]))
        raise SetupError(
            f"uv {doing} failed: {failure}\n"
            "What to do: check the network and the package index (uv reads UV_INDEX_URL and "
            "uv.toml), then run make setup again"
        ) from failure


def _trust() -> dict[str, str]:
    """Trust the certificates that this machine trusts, as pip, Go and git do; uv would trust
    only its own, and fail behind a proxy of the organisation."""
    paths = ssl.get_default_verify_paths()
    return {"UV_SYSTEM_CERTS": "true"} if paths.cafile or paths.capath else {}


def _usable(machine: Machine, places: Places) -> bool:
    """An environment with a Python that still runs and is recent enough."""
    try:
        version = version_in(_python_version(machine, places))
    except AttemptFailed:
        return False
    return version is not None and version >= (3, 11, 0)


def _python_version(machine: Machine, places: Places) -> str:
    return machine.run(places.python, "--version").strip()


def _lock(places: Places) -> Path:
    checkout = hashlib.sha256(str(places.root).encode()).hexdigest()[:12]
    return places.cache / "locks" / f"environment-{checkout}"


def _package_count(places: Places) -> int:
    return sum("==" in line[:80] for line in _entries(places))


def _entries(places: Places) -> list[str]:
    lines = places.lock_file.read_text().splitlines()
    return [line for line in lines if line and line[0] not in " #"]


def _lock_hash(places: Places) -> str:
    return hashlib.sha256(places.lock_file.read_bytes()).hexdigest()


def _project_hash(places: Places) -> str:
    document = tomllib.loads(places.project_file.read_text())
    installed = {section: document.get(section) for section in INSTALLED_SECTIONS}
    installed["hatch"] = document.get("tool", {}).get("hatch")
    return hashlib.sha256(json.dumps(installed, sort_keys=True).encode()).hexdigest()


def _stamp_file(places: Places, name: str) -> Path:
    return places.environment / f".mlops-{name}"


def _stamp(places: Places, name: str) -> str | None:
    file = _stamp_file(places, name)
    return file.read_text() if file.exists() else None


def _remember(places: Places, name: str, value: str) -> None:
    _stamp_file(places, name).write_text(value)


def _forget(places: Places, *names: str) -> None:
    for name in names:
        _stamp_file(places, name).unlink(missing_ok=True)

"""From pins to an image: three layers, so that a new agent replaces the smallest one."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from pathlib import Path

from bootstrap.machine import Machine
from upkeep.image.archives import Tell, fetched
from upkeep.image.layout import layer, write_layout
from upkeep.image.modules import PLACE, compile_modules, fill_agent, fill_wheels
from upkeep.image.pins import Pins
from upkeep.image.system import USER, fill_system

ENTRYPOINT = ["/usr/bin/python3.11", "-I", "-B", "-m", "lease"]
"""Isolated: neither variables nor a home folder change what Python imports."""


def build(
    machine: Machine, root: Path, pins: Pins, cache: Path, python: Path, target: Path, tell: Tell
) -> str:
    """Write the image layout `target` anew. The image's digest. Raises AttemptFailed."""
    fetched(machine, pins, cache, python, tell)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        system, wheels, agent = (Path(folder) / name for name in ("system", "wheels", "agent"))
        for part in (system, wheels, agent):
            part.mkdir()
        fill_system(machine, pins.debian, cache, system)
        fill_wheels(pins.wheels, cache, wheels)
        fill_agent(root / "lease", agent)
        tell("compiling")
        compile_modules(machine, system, system, system / "usr/lib/python3.11")
        for part in (wheels, agent):
            compile_modules(machine, system, part, part / PLACE)
        layers = [layer(part) for part in (system, wheels, agent)]
    shutil.rmtree(target, ignore_errors=True)
    return write_layout(target, layers, _config(root))


def _config(root: Path) -> dict[str, object]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "Entrypoint": ENTRYPOINT,
        "User": f"{USER}:{USER}",
        "WorkingDir": "/",
        "Env": ["PATH=/usr/bin", "LANG=C.UTF-8"],
        "ExposedPorts": {"8080/tcp": {}},
        "StopSignal": "SIGTERM",
        "Labels": {
            "org.opencontainers.image.title": "lease-agent",
            "org.opencontainers.image.description": "Keeps one of two regions from writing",
            "org.opencontainers.image.version": project["version"],
            "org.opencontainers.image.licenses": project["license"],
            "org.opencontainers.image.vendor": project["name"],
        },
    }

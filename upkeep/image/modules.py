"""The other layers: wheels, and the agent itself, both compiled by the image's own Python."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from bootstrap.machine import Machine
from upkeep.image.pins import Pin

PLACE = Path("usr/lib/python3/dist-packages")
"""On the path of Debian's Python, also when it is isolated from its environment."""
SERVICES = frozenset({"dynamodb", "sts"})
"""Of AWS: those that the agent calls. botocore describes four hundred, in 90 MB."""
LIBRARIES = "usr/lib/x86_64-linux-gnu"


def fill_wheels(pins: Iterable[Pin], archives: Path, root: Path) -> None:
    """Unpack the wheels; no scripts, no descriptions of services that are not called, and one of
    the two clients that Kubernetes' package has."""
    for pin in pins:
        with zipfile.ZipFile(archives / pin.file) as wheel:
            for name in wheel.namelist():
                if not _unwanted(name):
                    wheel.extract(name, root / PLACE)


def _unwanted(name: str) -> bool:
    match Path(name).parts:
        case ("boto3", "examples", *_) | ("kubernetes", "aio", *_) | ("websocket", "tests", *_):
            return True
        case ("boto3" | "botocore", "data", service, _, *_):
            return service not in SERVICES
        case (top, *_):
            return top.endswith(".data")
        case _:
            return False


def fill_agent(source: Path, root: Path) -> None:
    """Copy `lease/`."""
    shutil.copytree(
        source, root / PLACE / "lease", ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )


def compile_modules(machine: Machine, system: Path, root: Path, folder: Path) -> None:
    """Write the byte code of `folder` (below `root`): nobody can write it in a container whose
    root is read-only. It is believed without a look at the sources, whose times are all the same.

    `system` is where Debian's Python lies. It runs under its own loader, so it needs no chroot.
    """
    python = system / "usr/bin/python3.11"
    machine.run(
        system / "usr/lib64/ld-linux-x86-64.so.2", "--library-path", system / LIBRARIES, python,
        "-E", "-s", "-B", "-m", "compileall", "-q", "-j", "1", "-s", root, "-p", "/",
        "--invalidation-mode", "unchecked-hash", folder,
        env={"PYTHONHOME": str(system / "usr"), "PYTHONHASHSEED": "0"},
    )  # fmt: skip

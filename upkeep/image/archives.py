"""Fetch what is pinned, once, into the cache; nothing with another checksum gets in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import AttemptFailed
from bootstrap.machine import Machine
from bootstrap.verified import verify
from upkeep.image.pins import Pin, Pins, wheel_download

Tell = Callable[[str], None]


def fetched(machine: Machine, pins: Pins, cache: Path, python: Path, tell: Tell) -> None:
    """Afterwards every pinned archive is in `cache`. Raises AttemptFailed naming which is not."""
    cache.mkdir(parents=True, exist_ok=True)
    packages = [pin for pin in pins.debian if not _there(cache, pin)]
    wheels = [pin for pin in pins.wheels if not _there(cache, pin)]
    if packages:
        tell(f"fetching {len(packages)} Debian packages")
        _keep(cache, packages, lambda folder: _packages(machine, packages, folder))
    if wheels:
        tell(f"fetching {len(wheels)} wheels")
        _keep(cache, wheels, lambda folder: _wheels(machine, wheels, python, folder))


def _there(cache: Path, pin: Pin) -> bool:
    return (cache / pin.file).exists()


def _keep(cache: Path, pins: list[Pin], fill: Callable[[Path], None]) -> None:
    """Move archives into the cache once they are verified."""
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        fill(Path(folder))
        for pin in pins:
            archive = Path(folder) / pin.file
            if not archive.exists():
                raise AttemptFailed(f"{pin.name} {pin.version}: {pin.file} was not served")
            verify(archive, pin.sha256)
            archive.rename(cache / pin.file)


def _packages(machine: Machine, pins: list[Pin], folder: Path) -> None:
    folder.chmod(0o777)  # apt downloads as a user of its own
    machine.run("apt-get", "download", "-q", *(f"{one.name}={one.version}" for one in pins),
                cwd=folder)  # fmt: skip


def _wheels(machine: Machine, pins: list[Pin], python: Path, folder: Path) -> None:
    wanted = folder / "requirements.txt"
    wanted.write_text(
        "".join(f"{one.name}=={one.version} --hash=sha256:{one.sha256}\n" for one in pins)
    )
    machine.run(*wheel_download(python, wanted, folder))

"""What the image is made of: Debian packages and wheels, each with its checksum."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from bootstrap.machine import Machine

PINS = Path(__file__).parent / "pins.json"
DEBIAN = (
    "libc6", "libgcc-s1", "zlib1g", "libexpat1", "libssl3", "libffi8", "libbz2-1.0", "liblzma5",
    "libcrypt1", "libuuid1", "libpython3.11-minimal", "python3.11-minimal", "libpython3.11-stdlib",
)  # fmt: skip
"""Python and what the agent's modules link to; nothing that brings a shell."""
PYTHON = "3.11"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
"""Of wheels, for Debian 12's glibc 2.36."""
ARCHITECTURE = "amd64"


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One archive: a package's, or a wheel."""

    name: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Pins:
    """All of them, in the order in which they are unpacked."""

    debian: tuple[Pin, ...]
    wheels: tuple[Pin, ...]


def read_pins(path: Path = PINS) -> Pins:
    """The committed ones."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return Pins(
        debian=tuple(Pin(**entry) for entry in document["debian"]),
        wheels=tuple(Pin(**entry) for entry in document["wheels"]),
    )


def write_pins(pins: Pins, path: Path = PINS) -> None:
    """For a person to look at and commit."""
    path.write_text(json.dumps(asdict(pins), indent=1) + "\n", encoding="utf-8")


def newest_packages(machine: Machine) -> tuple[Pin, ...]:
    """What apt has now. Raises AttemptFailed."""
    with tempfile.TemporaryDirectory() as folder:
        machine.run("apt-get", "download", "-q", *DEBIAN, cwd=Path(folder))
        return tuple(_package(machine, Path(folder), name) for name in DEBIAN)


def newest_wheels(machine: Machine, root: Path, python: Path) -> tuple[Pin, ...]:
    """Those of requirements.lock. Raises AttemptFailed."""
    with tempfile.TemporaryDirectory() as folder:
        _download_wheels(machine, root, python, Path(folder))
        return tuple(_wheel(path) for path in sorted(Path(folder).glob("*.whl")))


def _download_wheels(machine: Machine, root: Path, python: Path, folder: Path) -> None:
    """The extra `lease` alone, resolved with the lock's versions and checksums."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra, wanted = folder / "extra.txt", folder / "requirements.txt"
    extra.write_text("\n".join(project["optional-dependencies"]["lease"]), encoding="utf-8")
    machine.run(
        python.parent / "uv", "pip", "compile", "--quiet", extra,
        "--constraint", root / "requirements.lock", "--python-version", PYTHON,
        "--python-platform", "x86_64-manylinux_2_28", "--generate-hashes",
        "--no-emit-index-url", "--no-header", "--output-file", wanted,
    )  # fmt: skip
    machine.run(*wheel_download(python, wanted, folder))


def wheel_download(python: Path, requirements: Path, folder: Path) -> list[str | Path]:
    """pip's command for wheels of the image's Python and platform."""
    platforms = [part for platform in PLATFORMS for part in ("--platform", platform)]
    return [
        python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
        "--require-hashes", "--implementation", "cp", "--python-version", PYTHON, *platforms,
        "--dest", folder, "--requirement", requirements,
    ]  # fmt: skip


def _package(machine: Machine, folder: Path, name: str) -> Pin:
    """APT puts `%3a` for the colon of an epoch into the file's name."""
    (archive,) = (path for path in folder.glob("*.deb") if path.name.split("_")[0] == name)
    version = machine.run("dpkg-deb", "--field", archive, "Version").strip()
    return Pin(name=name, version=version, file=archive.name, sha256=checksum(archive))


def _wheel(path: Path) -> Pin:
    name, version = path.name.split("-")[:2]
    return Pin(name=normal(name), version=version, file=path.name, sha256=checksum(path))


def normal(name: str) -> str:
    """A distribution's name as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def checksum(path: Path) -> str:
    """SHA-256 in hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

"""Pulumi's official release: a pinned archive whose checksum is verified before it is unpacked.

The archive comes from Pulumi's download host, the checksums from its release page on another
host, so that one altered host is noticed.
"""

import shutil
import tarfile
from pathlib import Path

from bootstrap.errors import AttemptFailed
from bootstrap.machine import Machine
from bootstrap.verified import verify
from bootstrap.versions import Version, dotted

ARCHIVES = "https://get.pulumi.com/releases/sdk"
CHECKSUMS = "https://github.com/pulumi/pulumi/releases/download"

SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def fetch_release(machine: Machine, version: Version, folder: Path) -> None:
    """Put the CLI and its language hosts into `folder`; raises AttemptFailed."""
    name = archive_name(version, *machine.kind())
    archive = folder / name
    machine.download(f"{ARCHIVES}/{name}", archive)
    sums = folder / "checksums.txt"
    number = dotted(version)
    machine.download(f"{CHECKSUMS}/v{number}/pulumi-{number}-checksums.txt", sums)
    verify(archive, _expected(sums.read_text(), name))
    _unpack(archive, folder)
    archive.unlink()


def archive_name(version: Version, system: str, processor: str) -> str:
    """File name of the release for a machine; raises AttemptFailed where there is none."""
    known = SYSTEMS.get(system), PROCESSORS.get(processor)
    if None in known:
        raise AttemptFailed(f"no release for {system} on {processor}")
    return f"pulumi-v{dotted(version)}-{known[0]}-{known[1]}.tar.gz"


def _expected(sums: str, name: str) -> str:
    for line in sums.splitlines():
        digest, _, file = line.strip().partition("  ")
        if file == name:
            return digest
    raise AttemptFailed(f"the published checksums do not list {name}")


def _unpack(archive: Path, folder: Path) -> None:
    """Plain files only, by their last name, so that no member can leave the folder."""
    with tarfile.open(archive) as content:
        for member in content:
            file = content.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            target = folder / Path(member.name).name
            with file, target.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            target.chmod(0o755)

"""Pulumi's official release: a pinned archive whose checksum is verified before it is unpacked.

The archive comes from Pulumi's download host, the checksums from its release page on another
host, so that one altered host is noticed.
"""

from pathlib import Path

from bootstrap.archives import listed, unpack
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
    verify(archive, listed(sums.read_text(), name))
    unpack(archive, folder)
    archive.unlink()


def archive_name(version: Version, system: str, processor: str) -> str:
    """File name of the release for a machine; raises AttemptFailed where there is none."""
    known = SYSTEMS.get(system), PROCESSORS.get(processor)
    if None in known:
        raise AttemptFailed(f"no release for {system} on {processor}")
    return f"pulumi-v{dotted(version)}-{known[0]}-{known[1]}.tar.gz"

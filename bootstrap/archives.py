"""Published archives: what their list of checksums says, and their files."""

import shutil
import tarfile
from pathlib import Path

from bootstrap.errors import AttemptFailed


def listed(sums: str, name: str) -> str:
    """The checksum of a file in a published list; raises AttemptFailed where it is not there."""
    for line in sums.splitlines():
        digest, _, file = line.strip().partition("  ")
        if file == name:
            return digest
    raise AttemptFailed(f"the published checksums do not list {name}")


def unpack(archive: Path, folder: Path) -> None:
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

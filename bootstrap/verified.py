"""Files that must have a known checksum."""

import hashlib
from pathlib import Path

from bootstrap.errors import AttemptFailed


def verify(file: Path, expected: str) -> None:
    """Raises AttemptFailed unless the file's SHA-256 is `expected`, in hexadecimal digits."""
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != expected:
        raise AttemptFailed(f"{file.name} has checksum {found}, expected {expected}")

"""Version numbers as tuples, read from what tools print about themselves."""

import re

Version = tuple[int, int, int]


def version_in(text: str) -> Version | None:
    """The first `X.Y.Z` in `text`; None when there is none."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    if not found:
        return None
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch)


def dotted(version: Version) -> str:
    """`(3, 259, 0)` as `3.259.0`."""
    return ".".join(map(str, version))

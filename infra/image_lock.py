"""The lock of the image mirror: a line `<registry>/<path>:<tag>@sha256:<digest>` for each image.

It is kept beside the stack files and reviewed like them: what was copied is what runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from components.services.order import PlanError

ROOT = Path(__file__).resolve().parents[1]
"""Folder of the stack files."""
HEAD = "# Digests of the images in the mirror. Written by `mlops images --write`.\n"
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
LINE = re.compile(rf"^(?P<image>[^@\s]+:[^@:/\s]+)@(?P<digest>{DIGEST.pattern})$")


def read(path: Path) -> dict[str, str]:
    """Digest by image; nothing where the file is missing. Raises PlanError naming the lines."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = list(_wrong(path.name, lines))
    if wrong:
        raise PlanError("\n".join(wrong))
    found = [match for line in lines if (match := LINE.match(line))]
    return {match["image"]: match["digest"] for match in found}


def write(path: Path, digests: Mapping[str, str]) -> None:
    """Replace the file whole, or, killed at any moment, not at all."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text(digests))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def text(digests: Mapping[str, str]) -> str:
    """The file's text, one image a line."""
    return HEAD + "".join(f"{image}@{digest}\n" for image, digest in sorted(digests.items()))


def _wrong(name: str, lines: list[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        match = LINE.match(line)
        if match and match["image"] in seen:
            first = seen[match["image"]]
            yield f"{name}:{number}: {match['image']} stands in line {first} already; drop one"
        elif match:
            seen[match["image"]] = number
        elif line and not line.startswith("#"):
            yield (
                f"{name}:{number}: {line!r}, expected <registry>/<path>:<tag>@sha256:<64 digits>; "
                "write it with mlops images --write"
            )

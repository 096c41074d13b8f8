"""Every relative link and picture of a Markdown file leads to a file that is there."""

import re
from collections.abc import Iterator
from pathlib import Path

from upkeep.checks import Check
from upkeep.tracked import text_lines, tracked_files

TARGET = re.compile(r"\]\((?P<link>[^)\s]+)\)|(?:src|srcset)=\"(?P<picture>[^\"]+)\"")


def links(root: Path) -> Check:
    """The check over all documents."""
    return Check(
        name="links",
        problems=lambda: broken_links(root, _documents(root)),
        fix="correct the path; it is relative to the document",
    )


def broken_links(root: Path, documents: list[Path]) -> Iterator[str]:
    """`path:line: …` for each link that leads nowhere; addresses elsewhere are not looked at."""
    for path, number, line in text_lines(root, documents):
        for found in TARGET.finditer(line):
            target = (found["link"] or found["picture"]).partition("#")[0]
            if not target or "://" in target or target.startswith("mailto:"):
                continue
            if not (root / path.parent / target).exists():
                yield f"{path}:{number}: {target} is not there"


def _documents(root: Path) -> list[Path]:
    return [path for path in tracked_files(root) if path.suffix == ".md"]

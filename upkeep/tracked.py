"""The files that belong to the repository: git's, and what is not yet added to it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path


def tracked_files(root: Path) -> list[Path]:
    """Paths relative to `root` of every file that exists and that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (Path(name) for name in listed.split("\0") if name)
    return [path for path in paths if (root / path).is_file()]


def text_lines(root: Path, paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Path, line number and line of every text file; binary files are passed over."""
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            yield path, number, line

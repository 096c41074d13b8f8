"""No file names a package registry's host: an organisation's mirror is a setting of its tools."""

import re
from collections.abc import Iterator
from pathlib import Path

from upkeep.checks import Check
from upkeep.tracked import text_lines, tracked_files

# Written in halves, so that this file passes its own check.
HOSTS = tuple(
    ".".join(halves)
    for halves in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("conda", "anaconda", "org"),
    )
)


def registry_hosts(root: Path) -> Check:
    """The check over every file of the repository."""
    return Check(
        name="registry hosts",
        problems=lambda: named_hosts(root, tracked_files(root)),
        fix="name the package, not where it is downloaded from",
    )


def named_hosts(root: Path, paths: list[Path]) -> Iterator[str]:
    """`path:line: host` for each mention."""
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, HOSTS))})\b")
    for path, number, line in text_lines(root, paths):
        for found in pattern.findall(line):
            yield f"{path}:{number}: names {found}"

"""Every installed package has a licence that this project may be shipped with."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from upkeep.checks import Check

ALLOWED = frozenset(
    {
        "0BSD", "Apache", "Apache 2.0", "Apache Software License", "Apache-2.0",
        "3-Clause BSD License", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause",
        "CNRI-Python", "ISC", "ISC License (ISCL)", "MIT", "MIT License", "MIT-0",
        "PSF-2.0", "Python Software Foundation License", "Unlicense", "Zlib",
        "DFSG approved",  # a remark that some put beside their licence
        # Copyleft of its own files only: used unmodified, it asks nothing of ours.
        "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",
    }
)  # fmt: skip

ARGUED: Mapping[str, str] = {
    # The lease agent's driver of PostgreSQL. The LGPL asks nothing of a program that imports a
    # library which it leaves as it is and which its user can replace: here a package of Python
    # files, whose sources and licence are in the agent's image.
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
}
"""Licences that are allowed for one package alone."""


def licences(root: Path) -> Check:
    """The check over the environment that runs it."""
    return Check(
        name="licences",
        problems=lambda: refused_licences(installed_licences(root)),
        fix="use another package, or argue for the licence in upkeep/licences.py",
    )


def installed_licences(root: Path) -> dict[str, str]:
    """Licence of each installed package, in the words of its metadata."""
    listed = subprocess.run(
        [Path(sys.executable).parent / "pip-licenses", "--python", sys.executable,
         "--with-system", "--format=json"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {row["Name"]: row["License"] for row in json.loads(listed.stdout)}


def refused_licences(found: Mapping[str, str]) -> Iterator[str]:
    """A line per package whose licence is not allowed."""
    for package, licence in sorted(found.items()):
        if not is_allowed(licence) and ARGUED.get(package) != licence:
            yield f"{package}: {licence} is not on the list of allowed licences"


def is_allowed(expression: str) -> bool:
    """One of the alternatives (`OR`) has nothing but allowed parts (`AND`, `;`)."""
    alternatives = re.split(r"\s+OR\s+", expression)
    return any(ALLOWED.issuperset(_parts(alternative)) for alternative in alternatives)


def _parts(alternative: str) -> list[str]:
    return [part.strip() for part in re.split(r"\s+AND\s+|;", alternative)]

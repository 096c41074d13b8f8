"""requirements.lock: every package, every extra, every platform, with hashes.

A hashed requirements file and not uv's own format, which would record registry addresses.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from upkeep.checks import Check

LOCK = "requirements.lock"
RESOLVE = (
    "pip", "compile", "--quiet", "pyproject.toml", "--all-extras", "--universal",
    "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header",
)  # fmt: skip
"""How the lock is resolved from pyproject.toml; pins already in the output are kept."""


def lock_file(root: Path) -> Check:
    """The lock is what resolving pyproject.toml with it yields."""
    return Check(name="lock file", problems=lambda: stale_lock(root), fix="make lock")


def write_lock(root: Path) -> None:
    """Bring the lock up to date, changing no pin that still fits."""
    _resolve(root, root / LOCK)


def stale_lock(root: Path) -> Iterator[str]:
    """Says so when the lock no longer follows pyproject.toml."""
    with tempfile.TemporaryDirectory() as folder:
        resolved = Path(folder) / LOCK
        shutil.copyfile(root / LOCK, resolved)
        try:
            _resolve(root, resolved)
        except subprocess.CalledProcessError as error:
            yield f"{LOCK} could not be compared: {error.stderr.strip()}"
            return
        if resolved.read_bytes() != (root / LOCK).read_bytes():
            yield f"{LOCK} does not follow pyproject.toml"


def _resolve(root: Path, output: Path) -> None:
    subprocess.run(
        [Path(sys.executable).parent / "uv", *RESOLVE, "--output-file", output],
        cwd=root,
        env={**os.environ, "UV_SYSTEM_CERTS": "true"},
        capture_output=True,
        text=True,
        check=True,
    )

"""promtool and amtool, from PATH or from what `make control-plane` fetched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.places import Places

ROOT = Path(__file__).parents[1]


def ran(program: str, *arguments: str | Path) -> str:
    """What the program says; fails the test when it ends with an error."""
    done = subprocess.run(
        [_found(program), *arguments], capture_output=True, text=True, timeout=280, check=False
    )
    if done.returncode:
        pytest.fail(f"{program}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def _found(program: str) -> str:
    fetched = Places.of(ROOT).control_plane / program
    found = str(fetched) if fetched.exists() else shutil.which(program)
    if found is None:
        pytest.fail(f"{program} is not there; run make control-plane")
    return found

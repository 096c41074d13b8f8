"""Finds the programs that a rehearsal runs; a missing one is named with what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class MissingTool(Exception):
    """A program that a rehearsal needs is not there."""


def cache_folder() -> Path:
    """Where `make setup` keeps what it downloads or builds, outside the repository."""
    if chosen := os.environ.get("MLOPS_CACHE_DIR"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "mlops-platform"


def pulumi_cli() -> Path:
    """The Pulumi CLI: the one that `make setup` chose, else the one on PATH.

    Raises MissingTool when there is none.
    """
    own = cache_folder() / "bin" / "pulumi"
    if own.exists():
        return own
    if found := shutil.which("pulumi"):
        return Path(found)
    raise MissingTool(f"pulumi: not on PATH and not at {own}: run `make setup`, which installs it")

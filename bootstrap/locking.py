"""Safe beside another setup, and after one that was killed: locks, and all-or-nothing folders."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def locked(path: Path, waiting: Callable[[], None]) -> Generator[None]:
    """Hold the lock file `path`; the system frees it when the process ends, however it ends.

    Commands inherit it: what a killed setup left running (a build) keeps the lock until it is
    done, so that it cannot write into what the next setup makes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        os.set_inheritable(handle.fileno(), True)
        _lock(handle, waiting)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)  # also where something still runs that inherited it


def _lock(handle: TextIO, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)


def whole(folder: Path, fill: Callable[[Path], None]) -> None:
    """Create `folder` with what `fill` writes, or not at all. Call it under a lock.

    A rename publishes it, so that a folder which exists is complete.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}-"
    for abandoned in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        fill(staging)
        staging.chmod(0o755)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def link(path: Path, target: Path) -> None:
    """Point the link `path` at `target` in one move, whatever was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(path)

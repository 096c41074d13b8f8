"""The first layer: Debian's Python and C library, without a shell, a package manager or manuals."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from bootstrap.machine import Machine
from upkeep.image.pins import Pin

USER = 65532
"""Of the agent: nobody's number on a Debian host."""
MERGED = ("lib", "lib64", "bin", "sbin")
"""Folders that are links into usr/ on Debian 12, while its packages still fill both."""
UNWANTED = (
    "usr/bin/pdb3.11", "usr/bin/py3versions", "usr/bin/pydoc3.11", "usr/bin/pygettext3.11",
    "usr/lib/python3.11/ensurepip", "usr/lib/python3.11/idlelib", "usr/lib/python3.11/lib2to3",
    "usr/lib/python3.11/pydoc_data", "usr/lib/python3.11/turtle*", "usr/lib/binfmt.d",
    "usr/lib/x86_64-linux-gnu/gconv", "usr/lib/x86_64-linux-gnu/audit",
    "usr/share/applications", "usr/share/binfmts", "usr/share/lintian", "usr/share/man",
    "usr/share/pixmaps", "usr/share/bug", "etc/ld.so.conf.d",
)  # fmt: skip
"""Globs of what nobody needs in a container that runs one module."""
UNLINKED = ("_curses*", "_dbm*", "_sqlite3*", "_test*", "_xx*", "nis*", "ossaudiodev*", "readline*",
            "xx*", "_ctypes_test*")  # fmt: skip
"""Extension modules whose libraries are not in the image, and those for Python's own tests."""
FILES = {
    "etc/passwd": f"agent:x:{USER}:{USER}:lease agent:/nonexistent:/nonexistent\n",
    "etc/group": f"agent:x:{USER}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12 (parts of it)"\n',
}
"""What no package brings; a scanner of vulnerabilities goes by os-release and dpkg's status."""


def fill_system(machine: Machine, pins: Iterable[Pin], archives: Path, root: Path) -> None:
    """Unpack the packages into `root` and drop what is not wanted. Raises AttemptFailed."""
    for pin in pins:
        machine.run("dpkg-deb", "-x", archives / pin.file, root)
        _write(
            root / "var/lib/dpkg/status.d" / pin.name,
            machine.run("dpkg-deb", "--field", archives / pin.file),
        )
    _merge(root)
    for path in _dropped(root):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, text in FILES.items():
        _write(root / name, text)


def _merge(root: Path) -> None:
    for name in MERGED:
        if (root / name).is_dir():
            shutil.copytree(root / name, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")


def _dropped(root: Path) -> Iterator[Path]:
    for pattern in UNWANTED:
        yield from root.glob(pattern)
    modules = root / "usr/lib/python3.11/lib-dynload"
    yield from {path for pattern in UNLINKED for path in modules.glob(pattern)}
    for path in (root / "usr/share/doc").glob("*/*"):
        if path.name != "copyright":
            yield path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")

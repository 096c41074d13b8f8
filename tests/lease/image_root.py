"""The image's root file system, as a container engine would unpack it from its layers."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import AttemptFailed
from bootstrap.machine import ThisMachine
from bootstrap.places import Places
from upkeep.image.build import build
from upkeep.image.pins import read_pins

ROOT = Path(__file__).resolve().parents[2]


def built(target: Path) -> str:
    """Its digest. Skips where the pinned archives cannot be had."""
    places = Places.of(ROOT)
    cache = places.cache / "lease-image"
    try:
        return build(ThisMachine(), ROOT, read_pins(), cache, places.python, target, print)
    except AttemptFailed as failure:
        if _is_debian_12():
            raise
        pytest.skip(f"the image is made of Debian 12's packages for amd64: {failure}")


def _is_debian_12() -> bool:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return (release["ID"], release.get("VERSION_ID")) == ("debian", "12")


def config_of(layout: Path) -> dict[str, Any]:
    """What a runtime is told of the image in `layout`."""
    document = _blob(layout, _manifest(layout)["config"]["digest"])
    config: dict[str, Any] = json.loads(document)["config"]
    return config


def unpacked(layout: Path, root: Path) -> None:
    """Every layer, the first one first."""
    for part in _manifest(layout)["layers"]:
        with tarfile.open(layout / "blobs" / part["digest"].replace(":", "/")) as layer:
            layer.extractall(root, filter="tar")


def started_in(root: Path, config: dict[str, Any]) -> list[str]:
    """The command of a process in it, as the image's user. Skips who may not change the root."""
    if os.getuid():
        pytest.skip("only root may change the root of a process")
    chroot = shutil.which("chroot", path=os.environ["PATH"] + ":/usr/sbin") or "chroot"
    return [chroot, f"--userspec={config['User']}", str(root), *config["Entrypoint"]]


def _manifest(layout: Path) -> Any:
    index = json.loads((layout / "index.json").read_text())
    return json.loads(_blob(layout, index["manifests"][0]["digest"]))


def _blob(layout: Path, digest: str) -> bytes:
    return (layout / "blobs" / digest.replace(":", "/")).read_bytes()

"""The image's parts: pins that follow the lock, layers that are the same everywhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from bootstrap.errors import AttemptFailed
from tests.bootstrap.fake_machine import FakeMachine
from upkeep.image.archives import fetched
from upkeep.image.layout import layer, write_layout
from upkeep.image.modules import PLACE, fill_wheels
from upkeep.image.pins import DEBIAN, Pin, Pins, read_pins

ROOT = Path(__file__).resolve().parents[2]


def test_every_wheel_is_the_one_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    for pin in read_pins().wheels:
        entry = re.search(rf"^{re.escape(pin.name)}==(\S+).*\n((?:    --hash.*\n)+)", lock, re.M)
        assert entry, pin.name
        assert entry[1] == pin.version, "run python -m upkeep.image wheels"
        assert pin.sha256 in entry[2]


def test_every_debian_package_is_pinned() -> None:
    assert tuple(pin.name for pin in read_pins().debian) == DEBIAN


def test_a_layer_is_the_same_whoever_made_its_files_and_when(tmp_path: Path) -> None:
    layers = [layer(_tree(tmp_path / str(when), when)) for when in (1, 2)]
    assert layers[0] == layers[1]


def _tree(root: Path, when: int) -> Path:
    names = ["b/two", "a/one", "a/run"] if when == 1 else ["a/run", "a/one", "b/two"]
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        path.chmod(0o700 if name == "a/run" else 0o640 + when)
        os.utime(path, (when, when))
    (root / "link").symlink_to("a")
    return root


def test_a_layer_has_links_folders_and_executables_as_they_were(tmp_path: Path) -> None:
    with tarfile.open(fileobj=BytesIO(layer(_tree(tmp_path, 1)))) as archive:
        members = {one.name: one for one in archive}
    assert members["link"].linkname == "a"
    assert members["a"].isdir()
    assert oct(members["a/run"].mode) == "0o755"
    assert oct(members["a/one"].mode) == "0o644"
    assert {(one.uid, one.gid, one.mtime) for one in members.values()} == {(0, 0, 0)}


def test_a_layout_names_every_blob_by_its_checksum(tmp_path: Path) -> None:
    digest = write_layout(tmp_path / "image", [b"one", b"two"], {"User": "1:1"})
    for blob in (tmp_path / "image/blobs/sha256").iterdir():
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name
    index = json.loads((tmp_path / "image/index.json").read_text())
    assert index["manifests"][0]["digest"] == digest
    manifest = json.loads((tmp_path / "image/blobs" / digest.replace(":", "/")).read_text())
    assert [one["size"] for one in manifest["layers"]] == [3, 3]


def test_an_archive_with_another_checksum_gets_nowhere(tmp_path: Path) -> None:
    pin = Pin(name="libc6", version="2.36", file="libc6_2.36_amd64.deb", sha256="0" * 64)

    class Archive(FakeMachine):
        def run(
            self,
            *command: str | Path,
            cwd: Path | None = None,
            env: Mapping[str, str] | None = None,
        ) -> str:
            assert cwd
            (cwd / pin.file).write_bytes(b"something else")
            return ""

    with pytest.raises(AttemptFailed, match="has checksum .*, expected 0000"):
        fetched(Archive(), Pins(debian=(pin,), wheels=()), tmp_path, Path("python"), print)
    assert not (tmp_path / pin.file).exists()


def test_only_the_services_that_the_agent_calls_are_described(tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    archives.mkdir()
    names = [
        "botocore/data/endpoints.json", "botocore/data/dynamodb/2012-08-10/service-2.json",
        "botocore/data/ec2/2016-11-15/service-2.json", "boto3-1.data/scripts/x",
        "kubernetes/aio/a.py",
    ]  # fmt: skip
    with zipfile.ZipFile(archives / "a.whl", "w") as wheel:
        for name in names:
            wheel.writestr(name, "")
    fill_wheels([Pin(name="a", version="1", file="a.whl", sha256="")], archives, tmp_path)
    found = {
        str(path.relative_to(tmp_path / PLACE))
        for path in (tmp_path / PLACE).rglob("*")
        if path.is_file()
    }
    assert found == set(names[:2])

"""The lock of the mirror: read line by line, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.services.order import PlanError
from infra import image_lock

DIGEST = "sha256:" + "e" * 64
OTHER = "sha256:" + "f" * 64


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    digests = {"quay.io/a/b:1.0": DIGEST, "registry:5000/c:v1-x": OTHER}
    image_lock.write(tmp_path / "images.lock", digests)
    assert image_lock.read(tmp_path / "images.lock") == digests
    assert [one.name for one in tmp_path.iterdir()] == ["images.lock"]


def test_a_missing_lock_has_no_digests(tmp_path: Path) -> None:
    assert image_lock.read(tmp_path / "images.lock") == {}


def test_comments_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "images.lock"
    path.write_text(f"# ours\n\nquay.io/a:1@{DIGEST}\n")
    assert image_lock.read(path) == {"quay.io/a:1": DIGEST}


@pytest.mark.parametrize(
    "line",
    [
        "quay.io/a:1",
        f"quay.io/a@{DIGEST}",
        "quay.io/a:1@sha256:123",
        f"quay.io/a:1@{DIGEST.upper()}",
        f"quay.io/a:1@{DIGEST}0",
        f"quay.io/a:1 @{DIGEST}",
        f" quay.io/a:1@{DIGEST}",
        f"registry:5000/a@{DIGEST}",
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "images.lock"
    path.write_text(f"# head\nquay.io/good:1@{DIGEST}\n{line}\n")
    with pytest.raises(PlanError) as refused:
        image_lock.read(path)
    assert str(refused.value) == (
        f"images.lock:3: {line!r}, expected <registry>/<path>:<tag>@sha256:<64 digits>; "
        "write it with mlops images --write"
    )


def test_every_bad_line_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "images.lock"
    path.write_text(f"one\nquay.io/a:1@{DIGEST}\ntwo\nquay.io/a:1@{OTHER}\n")
    with pytest.raises(PlanError) as refused:
        image_lock.read(path)
    said = str(refused.value).splitlines()
    assert [line.partition(", ")[0] for line in said[:2]] == [
        "images.lock:1: 'one'",
        "images.lock:3: 'two'",
    ]
    assert said[2] == "images.lock:4: quay.io/a:1 stands in line 2 already; drop one"

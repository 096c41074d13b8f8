"""The stack file after a failover: one line differs, and the program takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import stack_file
from ops.errors import Refused
from ops.stack_text import with_role

ROOT = Path(__file__).parents[2]


def test_the_committed_standby_becomes_a_primary_that_the_program_takes(tmp_path: Path) -> None:
    before = (ROOT / "Pulumi.dr.yaml").read_text()
    after = with_role(before, "primary")
    (tmp_path / "Pulumi.dr.yaml").write_text(after)
    settings = stack_file.read("dr", tmp_path)
    assert settings.role == "primary"
    assert settings.stands_in
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert changed == [("    role: standby", "    role: primary")]


def test_there_and_back_leaves_the_file_as_it_was() -> None:
    before = (ROOT / "Pulumi.dr.yaml").read_text()
    assert with_role(with_role(before, "primary"), "standby") == before


def test_a_file_without_a_role_in_its_place_is_refused() -> None:
    with pytest.raises(Refused, match="found 0; write role: primary by hand"):
        with_role("config:\n  role: standby\n", "primary")

"""`mlops recovery-figures` on this repository's stack files, and on some that promise more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.errors import Refused
from ops.recovery_figures import show

ROOT = Path(__file__).parents[2]


def _changed(tmp_path: Path, key: str, minutes: str) -> Path:
    """The standby's stack file with another promise."""
    text = (ROOT / "Pulumi.dr.yaml").read_text()
    lines = [
        f"{line.partition(':')[0]}: {minutes}" if line.strip().startswith(f"{key}:") else line
        for line in text.splitlines()
    ]
    (tmp_path / "Pulumi.dr.yaml").write_text("\n".join(lines))
    return tmp_path


def test_the_committed_targets_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("dr", ROOT, as_json=False) == 0
    told = capsys.readouterr().out
    assert "within recovery.rpo_database_minutes (5)" in told
    assert "within recovery.rto_p95_minutes (25)" in told
    assert "BEYOND" not in told


def test_a_promise_that_is_not_kept_is_told_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _changed(tmp_path, "rpo_database_minutes", "1")
    assert show("dr", folder, as_json=False) == 1
    assert "BEYOND recovery.rpo_database_minutes (1)" in capsys.readouterr().out


def test_figures_are_told_as_json_in_minutes(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("dr", ROOT, as_json=True) == 0
    rows = json.loads(capsys.readouterr().out)
    promised = {row["key"].removeprefix("recovery."): row["target"] for row in rows if row["key"]}
    assert promised == {
        "rto_median_minutes": 15,
        "rto_p95_minutes": 25,
        "inference_minutes": 6,
        "rpo_database_minutes": 5,
        "rpo_minutes": 15,
    }
    assert all(0 < row["minutes"] < 60 for row in rows)


def test_a_stack_that_stands_in_for_nobody_has_none() -> None:
    with pytest.raises(Refused, match="mlops recovery-figures --stack dr"):
        show("production", ROOT, as_json=False)

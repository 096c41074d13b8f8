"""What the bench says of the policy pack's mutants, from the record of the campaign."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rehearsal.pack_mutants import RECORD, recorded


def _record(root: Path, *, noticed: int = 9, date: str = "2026-11-27", now: str = "code") -> None:
    """One module of ten mutants, measured as `code`, which reads `now`."""
    known: dict[str, Any] = (
        json.loads((root / RECORD).read_text()) if (root / RECORD).exists() else {}
    )
    name = f"policies/m{len(known)}.py"
    for file in (root / name, root / RECORD):
        file.parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(now)
    known[name] = {
        "date": date,
        "commit": "abc",
        "sha256": hashlib.sha256(b"code").hexdigest(),
        "mutants": 10,
        "noticed": noticed,
    }
    (root / RECORD).write_text(json.dumps(known))


def test_the_share_of_all_modules_is_told_with_its_date_and_commit(tmp_path: Path) -> None:
    _record(tmp_path, noticed=9)
    _record(tmp_path, noticed=10)
    found = recorded(tmp_path)
    assert round(found.missed_percent, 6) == 5
    assert found.told == "95.0 % of 20 noticed; 2026-11-27 at abc; unchanged"


def test_modules_that_changed_since_are_counted(tmp_path: Path) -> None:
    _record(tmp_path, now="other code")
    assert recorded(tmp_path).told.endswith("; 1 modules new or changed since")


def test_a_concern_that_was_never_measured_counts_as_changed(tmp_path: Path) -> None:
    _record(tmp_path)
    new = tmp_path / "policies" / "concerns" / "new.py"
    new.parent.mkdir()
    new.write_text("code")
    assert recorded(tmp_path).told.endswith("; 1 modules new or changed since")


def test_scores_of_several_days_say_so(tmp_path: Path) -> None:
    _record(tmp_path, date="2026-11-27")
    _record(tmp_path, date="2026-11-25")
    assert "; 2026-11-25 at abc to 2026-11-27 at abc; " in recorded(tmp_path).told


def test_a_pack_that_was_never_measured_misses_the_target(tmp_path: Path) -> None:
    found = recorded(tmp_path)
    assert (found.missed_percent, found.told) == (100, "never measured: make nightly")

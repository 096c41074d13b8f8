"""Scores that are kept beside the fixtures, module by module, with what they were measured on."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
RECORD = ROOT / "tests" / "data" / "policies" / "mutation.json"


@dataclass(frozen=True)
class Score:
    """What became of a module's mutants."""

    module: str
    mutants: int
    survived: Sequence[str]

    @property
    def noticed(self) -> int:
        """Mutants that a test fails for."""
        return self.mutants - len(self.survived)


def file_of(module: str) -> str:
    """`policies.rule` as a path from the root."""
    return f"{module.replace('.', '/')}.py"


def keep(score: Score, record: Path = RECORD) -> None:
    """Write the score in place of the module's older one, and forget modules that are gone."""
    known: dict[str, Any] = json.loads(record.read_text("utf-8")) if record.exists() else {}
    known[file_of(score.module)] = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "sha256": hashlib.sha256((ROOT / file_of(score.module)).read_bytes()).hexdigest(),
        "mutants": score.mutants,
        "noticed": score.noticed,
    }
    there = {file: one for file, one in sorted(known.items()) if (ROOT / file).exists()}
    record.write_text(json.dumps(there, indent=1) + "\n", encoding="utf-8")


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"

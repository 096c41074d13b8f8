"""How many mutants of the policy pack its tests notice: read from the record that the nightly
campaign leaves, since measuring takes the better part of an hour."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD = Path("tests/data/policies/mutation.json")
"""From the project's root; written by `python -m tests.policies.mutation --record`."""


@dataclass(frozen=True)
class PackMutants:
    """Scores of all modules together."""

    mutants: int
    noticed: int
    measured: Sequence[str]
    """When and on which commit, the oldest first."""
    changed: Sequence[str]
    """Modules that are others now than those that were measured, or that are new concerns."""

    @property
    def missed_percent(self) -> float:
        """Share of the mutants that no test notices; 100 where none was measured."""
        return 100 * (1 - self.noticed / self.mutants) if self.mutants else 100.0

    @property
    def told(self) -> str:
        """What the figure rests on, for its note."""
        if not self.mutants:
            return "never measured: make nightly"
        changed = (
            f"{len(self.changed)} modules new or changed since" if self.changed else "unchanged"
        )
        noticed = f"{100 - self.missed_percent:.1f} % of {self.mutants:,} noticed"
        first, last = self.measured[0], self.measured[-1]
        when = first if first == last else f"{first} to {last}"
        return f"{noticed}; {when}; {changed}"


def recorded(root: Path) -> PackMutants:
    """The record in the project at `root`, beside the modules as they are."""
    file = root / RECORD
    known: Mapping[str, Mapping[str, Any]] = (
        json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    )
    concerns = {str(one.relative_to(root)) for one in root.glob("policies/concerns/[a-z]*.py")}
    return PackMutants(
        mutants=sum(one["mutants"] for one in known.values()),
        noticed=sum(one["noticed"] for one in known.values()),
        measured=sorted({f"{one['date']} at {one['commit']}" for one in known.values()}),
        changed=[
            name
            for name in sorted(concerns | set(known))
            if name not in known or _digest(root / name) != known[name]["sha256"]
        ],
    )


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""

"""The engine's event log, read while the engine writes it: JSON, one event a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class EventLog:
    """Follows one log file; `new` gives what was written since the last call."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = 0
        self.all: list[Event] = []

    def new(self) -> Iterator[Event]:
        """Whole lines only: a line that is still being written waits for the next call."""
        if not self._file.exists():
            return
        with self._file.open("rb") as stream:
            stream.seek(self._offset)
            for line in stream:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                event: Event = json.loads(line)
                self.all.append(event)
                yield event


@dataclass
class Tally:
    """What the events of one command add up to."""

    changes: dict[str, int] = field(default_factory=dict[str, int])
    """Resources by operation (`create`, `update`, `same`, …), once the engine is done."""
    errors: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    """What the policy pack does not let pass: rule and resource."""
    advised: list[str] = field(default_factory=list[str])
    """What it only advises against, or cannot judge before `up`."""
    repaired: list[str] = field(default_factory=list[str])
    """What it set right before it judged."""
    judged: bool = False
    """Whether a policy pack saw the whole stack."""

    def add(self, event: Event) -> None:
        """Take one event into account."""
        if "summaryEvent" in event:
            self.changes = dict(event["summaryEvent"].get("resourceChanges") or {})
        elif "diagnosticEvent" in event:
            self._diagnostic(event["diagnosticEvent"])
        elif "policyEvent" in event:
            found = event["policyEvent"]
            mandatory = found.get("enforcementLevel") == "mandatory"
            (self.refused if mandatory else self.advised).append(_told(found))
        elif "policyRemediationEvent" in event:
            self.repaired.append(_told(event["policyRemediationEvent"]))
        elif "policyAnalyzeStackSummaryEvent" in event:
            self.judged = True

    def _diagnostic(self, diagnostic: Event) -> None:
        text = str(diagnostic.get("message", "")).strip()
        match diagnostic.get("severity"):
            case "error":
                self.errors.append(text)
            case "warning":
                self.warnings.append(text)
            case _:
                pass


def _told(found: Event) -> str:
    """Rule and logical name."""
    return f"{found.get('policyName')} at {str(found.get('resourceUrn')).rpartition('::')[2]}"

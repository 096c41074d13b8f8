"""The report of a rehearsal: data (`model`), files (`rehearsal.json`, `rehearsal.html`) and
the summary on the terminal."""

from rehearsal.report.files import Written, read, write, write_states
from rehearsal.report.model import (
    Check,
    DrillRecord,
    FailbackRecord,
    Leftover,
    Leftovers,
    RecoveryRecord,
    Report,
    StackReport,
    StepRecord,
)
from rehearsal.report.recording import compare, resource_records, step_record
from rehearsal.report.terminal import show, table

__all__ = [
    "Check",
    "DrillRecord",
    "FailbackRecord",
    "Leftover",
    "Leftovers",
    "RecoveryRecord",
    "Report",
    "StackReport",
    "StepRecord",
    "Written",
    "compare",
    "read",
    "resource_records",
    "show",
    "step_record",
    "table",
    "write",
    "write_states",
]

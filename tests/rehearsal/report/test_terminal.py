"""The summary on the terminal."""

from __future__ import annotations

import io

from rich.console import Console

from rehearsal.report import (
    DrillRecord,
    FailbackRecord,
    RecoveryRecord,
    Report,
    show,
    step_record,
)
from tests.rehearsal.report import rehearsed


def shown(report: Report, *, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=160 if terminal else 40, force_terminal=terminal, color_system=None
    )
    show(report, console)
    return file.getvalue()


def test_a_pipe_gets_plain_text_that_is_not_wrapped():
    text = shown(rehearsed.report(), terminal=False)
    assert "\x1b" not in text
    assert not set("╭│─") & set(text)
    row = next(line for line in text.splitlines() if line.startswith("| up "))
    assert "14 min 42 s" in row
    assert "20 min 13 s" in row
    assert "66 create" in row
    assert "800 MiB" in row


def test_a_terminal_gets_a_drawn_table():
    assert "╭" in shown(rehearsed.report(), terminal=True)


def test_the_critical_path_is_one_line():
    text = shown(rehearsed.report(), terminal=False)
    expected = (
        "critical path 14 min 42 s: keys-data 22 s > database-instance 13 min 47 s"
        " > database-address 33 s"
    )
    assert expected in text.splitlines()


def test_a_failed_check_is_named_with_what_was_found():
    text = shown(rehearsed.report(rehearsed.check(passed=False, detail="1 update")), terminal=False)
    assert "failed second up: changes nothing: 1 update" in text
    assert "1 of 1 check failed in 30 s, 900 MiB at most" in text


def test_a_failover_is_told_beside_what_was_declared():
    found = RecoveryRecord(
        software_seconds=12, command_seconds=20, rto_seconds=812, rto_target_seconds=1800,
        rpo_seconds=121, rpo_target_seconds=900,
    )  # fmt: skip
    step = step_record("failover", wall_seconds=0, parallelism=32, recovery=found)
    report = rehearsed.report()
    (stack,) = report.stacks
    failed_over = stack.model_copy(update={"steps": (*stack.steps, step)})
    text = shown(report.model_copy(update={"stacks": (failed_over,)}), terminal=False)
    told = "failover RTO 13 min 32 s of 30 min, RPO 2 min 01 s of 15 min, own code 12 s"
    assert told in text.splitlines()


def test_a_failback_and_a_drill_are_shown_beside_what_was_declared():
    back = FailbackRecord(software_seconds=2, outage_seconds=459, outage_target_seconds=1800)
    drill = DrillRecord(
        rto_seconds=1421, rto_target_seconds=1800, rpo_seconds=1, rpo_target_seconds=300
    )
    steps = (
        step_record("failback", wall_seconds=0, parallelism=32, failback=back),
        step_record("drill", wall_seconds=0, parallelism=32, drill=drill),
    )
    report = rehearsed.report()
    (stack,) = report.stacks
    returned = stack.model_copy(update={"steps": (*stack.steps, *steps)})
    lines = shown(report.model_copy(update={"stacks": (returned,)}), terminal=False).splitlines()
    assert "failback writes away for 7 min 39 s of 30 min, own code 2 s" in lines
    assert "drill RTO 23 min 41 s of 30 min, RPO 1 s of 5 min" in lines


def test_markup_in_a_detail_is_shown_as_it_stands():
    text = shown(rehearsed.report(rehearsed.check(passed=False, detail="[bold]x")), terminal=False)
    assert "[bold]x" in text


def test_a_good_rehearsal_says_so():
    assert "all 1 check passed in 30 s" in shown(rehearsed.report(), terminal=False)

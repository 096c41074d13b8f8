"""The rehearsal's summary for a terminal, or as plain text where there is none."""

from __future__ import annotations

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from rehearsal.report.model import (
    Check,
    DrillRecord,
    RecoveryRecord,
    Report,
    StackReport,
    StepRecord,
)
from rehearsal.report.wording import counted, duration, operations

_LOG_WIDTH = 150


def show(report: Report, console: Console) -> None:
    """Print the summary; without colours and line drawing when `console` is no terminal."""
    if console.is_terminal:
        console.print(table(report))
    else:
        # A pipe has no width of its own; wrapped at 80 columns a log is hard to read.
        Console(file=console.file, width=_LOG_WIDTH).print(table(report, plain=True))


def table(report: Report, *, plain: bool = False) -> RenderableType:
    """A table per stack, its critical path in one line, and what failed."""
    parts: list[RenderableType] = []
    for stack in report.stacks:
        parts += [_steps(stack, plain=plain), *_critical_path(stack), *_recovery(stack)]
        parts += [*_drills(stack), *_failbacks(stack)]
        parts += [*_failures(stack), Text()]
    return Group(*parts, _verdict(report))


def _steps(stack: StackReport, *, plain: bool) -> Table:
    grid = Table(
        title=f"{stack.name} · {stack.region} · {counted(len(stack.resources), 'resource')}",
        title_justify="left",
        title_style="bold",
        box=box.ASCII if plain else box.ROUNDED,
        header_style="bold",
    )
    grid.add_column("step")
    for heading in ("wall", "simulated", "slow case", "memory"):
        grid.add_column(heading, justify="right")
    grid.add_column("operations")
    grid.add_column("checks", justify="right")
    for step in stack.steps:
        grid.add_row(*_cells(step))
    return grid


def _cells(step: StepRecord) -> tuple[RenderableType, ...]:
    return (
        step.name,
        duration(step.wall_seconds),
        duration(step.typical.makespan_seconds) if step.typical else "",
        duration(step.slow.makespan_seconds) if step.slow else "",
        f"{step.peak_memory_mib:,.0f} MiB" if step.peak_memory_mib is not None else "",
        operations(step.operations),
        _tally(step.checks),
    )


def _tally(checks: tuple[Check, ...]) -> Text:
    passed = sum(check.passed for check in checks)
    if not checks:
        return Text("")
    return Text(f"{passed}/{len(checks)}", style="green" if passed == len(checks) else "bold red")


def _critical_path(stack: StackReport) -> list[Text]:
    if not stack.deployment or not stack.deployment.typical:
        return []
    typical = stack.deployment.typical
    chain = " > ".join(f"{one.name} {duration(one.seconds)}" for one in typical.critical_path)
    return [
        Text.assemble(("critical path ", "bold"), duration(typical.critical_seconds), ": ", chain)
    ]


def _recovery(stack: StackReport) -> list[Text]:
    """Each failover beside what the stack file declares."""
    return [
        Text.assemble(
            (f"{step.name} ", "bold"),
            f"{_reached(found)}, ",
            f"own code {duration(found.software_seconds)}",
        )
        for step in stack.steps
        if (found := step.recovery) is not None
    ]


def _drills(stack: StackReport) -> list[Text]:
    """Each drill of a standby beside what the stack file declares."""
    return [
        Text.assemble(
            (f"{step.name} ", "bold"),
            _reached(found),
        )
        for step in stack.steps
        if (found := step.drill) is not None
    ]


def _reached(found: RecoveryRecord | DrillRecord) -> str:
    return (
        f"RTO {duration(found.rto_seconds)} of {duration(found.rto_target_seconds)}, "
        f"RPO {duration(found.rpo_seconds)} of {duration(found.rpo_target_seconds)}"
    )


def _failbacks(stack: StackReport) -> list[Text]:
    """Each failback beside what the stack file declares."""
    return [
        Text.assemble(
            (f"{step.name} ", "bold"),
            f"writes away for {duration(found.outage_seconds)} of ",
            f"{duration(found.outage_target_seconds)}, ",
            f"own code {duration(found.software_seconds)}",
        )
        for step in stack.steps
        if (found := step.failback) is not None
    ]


def _failures(stack: StackReport) -> list[Text]:
    return [
        Text.assemble(("failed ", "bold red"), f"{step.name}: {check.name}: {check.detail}")
        for step in stack.steps
        for check in step.checks
        if not check.passed
    ]


def _verdict(report: Report) -> Text:
    total = sum(len(stack.checks) for stack in report.stacks)
    failed = len(report.failures)
    verdict = (
        Text(f"{failed} of {counted(total, 'check')} failed", style="bold red")
        if failed
        else Text(f"all {counted(total, 'check')} passed", style="bold green")
    )
    peak = f"{report.peak_memory_mib:,.0f} MiB"
    return verdict.append(f" in {duration(report.wall_seconds)}, {peak} at most", style="default")

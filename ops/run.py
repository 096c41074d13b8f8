"""What every runbook's command does: show the plan, or carry it out under a journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops import journal
from ops.executor import Hands, carry_out
from ops.progress import Progress
from ops.report import Report, lines, report
from ops.step import Reads, Runbook, World, findings, plan

JOURNALS = Path(".mlops") / "journals"
"""Below the project's folder, which keeps them out of version control."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the operator asked for."""

    project: Path
    apply: bool = False
    confirmed: tuple[str, ...] = ()
    """Names given with --confirm; others are asked for where there is a terminal."""
    journal: Path | None = None
    ask: Callable[[str], str] | None = None
    """Asks the operator to type a name; None where nobody can be asked."""

    def confirm(self, name: str) -> bool:
        """Whether the operator agreed to what cannot be undone."""
        if name in self.confirmed:
            return True
        return self.ask is not None and self.ask(name) == name

    def journal_of(self, runbook: str, stack: str) -> Path:
        """Where the journal is."""
        return self.journal or self.project / JOURNALS / f"{runbook}-{stack}.jsonl"


def shown(
    runbook: Runbook[Reads, World], reads: Reads, progress: Progress, options: Options
) -> bool:
    """Show what a run would do, and write nothing; whether it would be let run."""
    path = options.journal_of(runbook.name, runbook.target.stack)
    journal.seen(path, runbook.name, runbook.target).admit(runbook.stamp(reads))
    to_do = plan(runbook.steps, reads)
    progress.said(f"{runbook.name} of stack {runbook.target.stack} in {runbook.target.region}")
    if not to_do:
        progress.said("every goal holds: nothing to do")
        return True
    found = findings(runbook.checks, reads)
    for each in found:
        mark = "refuses" if each.refuses else "ok"
        progress.said(f"  {mark:<8} {each.check}: {each.says}" + (f"; {each.fix}" * each.refuses))
    left = {step.name for step in to_do}
    for step in runbook.steps:
        mark = "to do" if step.name in left else "holds"
        times = f"{step.takes.typical:.0f} to {step.takes.slow:.0f} s"
        sure = f"; asks for the name {step.irreversible}" if step.irreversible else ""
        progress.said(f"  {mark:<8} {step.name}: {step.goal} ({times}{sure})")
    return not any(each.refuses for each in found)


def applied(
    runbook: Runbook[Reads, World], hands: Hands[Reads, World], options: Options
) -> Report | None:
    """Carry the runbook out; its report, or None where there was nothing to do."""
    path = options.journal_of(runbook.name, runbook.target.stack)
    with journal.opened(path, runbook.name, runbook.target) as log:
        done = carry_out(runbook, log, hands)
        return report(runbook, log.run()) if done else None


def perform(
    runbook: Runbook[Reads, World],
    hands: Hands[Reads, World],
    options: Options,
    told: Callable[[Report], list[str]] = lines,
) -> int:
    """Plan, or carry out and report; the exit status."""
    say = hands.progress.said
    if not options.apply:
        allowed = shown(runbook, hands.reads, hands.progress, options)
        say("nothing was changed; --apply carries it out")
        return 0 if allowed else 1
    found = applied(runbook, hands, options)
    for line in told(found) if found else ["every goal held already: nothing was done"]:
        say(line)
    return 0

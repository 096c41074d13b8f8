"""Carries a runbook out: looks before each step, makes, waits for the goal, and notes it.

Nothing is taken for granted from the journal: what holds is looked at, so that a run resumes
after anything, and a second one does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from ops.clock import Clock
from ops.errors import GoalNotReached, Refused, Retryable, RunbookError, UnknownOutcome
from ops.journal import Event, Journal
from ops.progress import Progress
from ops.step import Reads, Runbook, Stamp, Step, World, findings, plan

ATTEMPTS = 4
"""Calls of one verb that fails in a way that may pass."""
FIRST_PAUSE_SECONDS = 2.0
POLL_SECONDS, LONGEST_POLL_SECONDS = 5.0, 30.0
LOOKS = 60
"""Looks within the typical time of a goal, unless they come closer than every five seconds."""
PATIENCE = 2.0
"""Times its slow time that a goal may take before the run stops."""
LEAST_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class Hands(Generic[Reads, World]):
    """What a run works with: the same world as it is read and as it is changed."""

    reads: Reads
    world: World
    clock: Clock
    progress: Progress
    confirm: Callable[[str], bool]
    """Whether the operator typed the name of what cannot be undone."""


def carry_out(runbook: Runbook[Reads, World], journal: Journal, hands: Hands[Reads, World]) -> bool:
    """Reach every goal; False where all of them held already and nothing was done.

    Raises Refused before anything is changed where a check refuses, a name is not confirmed or
    the journal is stale; RunbookError where a step fails. The same call again resumes.
    """
    journal.admit(runbook.stamp(hands.reads))
    to_do = plan(runbook.steps, hands.reads)
    if not to_do:
        _finish(runbook, journal, hands)
        return False
    _admit(runbook, hands)
    _confirm(to_do, hands)
    _begin(runbook, journal, hands)
    for place, step in enumerate(runbook.steps, start=1):
        _reach(step, f"{place}/{len(runbook.steps)} {step.goal}", runbook, journal, hands)
    _finish(runbook, journal, hands)
    return True


def _admit(runbook: Runbook[Reads, World], hands: Hands[Reads, World]) -> None:
    refusing = [each for each in findings(runbook.checks, hands.reads) if each.refuses]
    if refusing:
        lines = [f"  {each.check}: {each.says}; {each.fix}" for each in refusing]
        raise Refused("\n".join([f"{runbook.name}: refused, nothing was changed:", *lines]))


def _confirm(steps: list[Step[Reads, World]], hands: Hands[Reads, World]) -> None:
    """All names are asked for at the start: nobody is to be asked in the middle of an outage."""
    for name in dict.fromkeys(step.irreversible for step in steps if step.irreversible):
        if not hands.confirm(name):
            raise Refused(
                f"{name}: what follows cannot be undone; type exactly this name when asked, or "
                f"give --confirm {name}"
            )


def _begin(runbook: Runbook[Reads, World], journal: Journal, hands: Hands[Reads, World]) -> None:
    if journal.open_run():
        hands.progress.said("resuming the run that was interrupted")
        return
    journal.append(
        "begun",
        hands.clock.now(),
        runbook.stamp(hands.reads),
        facts=runbook.facts(hands.reads),
    )


def _finish(runbook: Runbook[Reads, World], journal: Journal, hands: Hands[Reads, World]) -> None:
    hands.progress.rested()
    if journal.open_run():
        journal.append("finished", hands.clock.now(), runbook.stamp(hands.reads))


def _reach(
    step: Step[Reads, World],
    title: str,
    runbook: Runbook[Reads, World],
    journal: Journal,
    hands: Hands[Reads, World],
) -> None:
    def note(event: Event, text: str = "") -> None:
        stamp = runbook.stamp(hands.reads) if event != "failed" else _last_stamp(journal)
        journal.append(event, hands.clock.now(), stamp, step=step.name, kind=step.kind, note=text)

    hands.progress.working(title)
    if _looked(step, hands):
        hands.progress.said(f"{title}: holds")
        return
    note("step")
    began = hands.clock.now()
    try:
        _make(step, hands)
        _wait(step, title, hands)
    except RunbookError as error:
        hands.progress.rested()
        note("failed", str(error))
        raise
    note("done")
    hands.progress.said(f"{title}: done in {hands.clock.now() - began:.0f} s")


def _last_stamp(journal: Journal) -> Stamp:
    return journal.entries[-1].stamp


def _looked(step: Step[Reads, World], hands: Hands[Reads, World]) -> bool:
    """Whether the goal holds; looking is repeated where the answer was lost."""
    return _patiently(lambda: step.holds(hands.reads), step, hands)


def _make(step: Step[Reads, World], hands: Hands[Reads, World]) -> None:
    """Call the verb. Where its answer was lost, looking tells whether it is to be called again."""

    def attempt() -> bool:
        if not step.holds(hands.reads):
            step.make(hands.world)
        return True

    _patiently(attempt, step, hands)


def _patiently(
    call: Callable[[], bool], step: Step[Reads, World], hands: Hands[Reads, World]
) -> bool:
    pause = FIRST_PAUSE_SECONDS
    for _ in range(ATTEMPTS - 1):
        try:
            return call()
        except (Retryable, UnknownOutcome) as error:
            hands.progress.said(f"  {step.name}: {error}; a look again in {pause:.0f} s")
            hands.clock.sleep(pause)
            pause *= 2
    return call()


def _wait(step: Step[Reads, World], title: str, hands: Hands[Reads, World]) -> None:
    """Poll until the goal holds, at most a multiple of what it slowly takes."""
    began = hands.clock.now()
    limit = max(PATIENCE * step.takes.slow, LEAST_PATIENCE_SECONDS)
    pause = min(max(POLL_SECONDS, step.takes.typical / LOOKS), LONGEST_POLL_SECONDS)
    while not _looked(step, hands):
        waited = hands.clock.now() - began
        if waited >= limit:
            raise GoalNotReached(
                f"{step.name}: after {waited:.0f} s still not so: {step.goal}. Usual are "
                f"{step.takes.typical:.0f} to {step.takes.slow:.0f} s. Look at the resource, then "
                "run the same command again: it resumes here"
            )
        hands.progress.working(f"{title} ({waited:.0f} of about {step.takes.typical:.0f} s)")
        hands.clock.sleep(pause)

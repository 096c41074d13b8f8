"""What a step found: the engine's outcome and the checks made on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.engine.pulumi import Outcome


@dataclass(frozen=True)
class Check:
    """One thing that had to hold, and what was found."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """A failover in seconds."""

    software: float
    """Of the runbook's own steps, as its report has them."""
    command: float
    """Real time of the whole command but for its waits: with starting up, and looking again."""
    rto: float
    """From the loss until service is back, by the simulated clock."""
    rto_target: float
    rpo: float
    rpo_target: float


@dataclass(frozen=True, kw_only=True)
class Return:
    """A failback in seconds."""

    software: float
    """Of the runbook's own steps, as its report has them."""
    outage: float
    """For which nobody could write, by the simulated clock."""
    outage_target: float


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What a drill of the standby measured, in seconds by the simulated clock."""

    rto: float
    rto_target: float
    rpo: float
    rpo_target: float


@dataclass(frozen=True)
class Verdict:
    """A finished step."""

    stack: str
    title: str
    outcome: Outcome | None
    """None for a step that runs no engine command."""
    checks: Sequence[Check]
    state: Mapping[str, Any] | None = None
    """`pulumi stack export` after a step that changes resources."""
    before: Mapping[str, Any] | None = None
    """The same before that step; None for the first deployment."""
    left: tuple[Sequence[str], Sequence[str]] | None = None
    """For the step that counts leftovers: what the manifest declares, and what is there."""

    recovery: Recovery | None = None
    """For the step that fails over: how long it took."""
    returned: Return | None = None
    """For the step that fails back: how long it took."""
    drilled: Drilled | None = None
    """For the step that drills the standby: what it measured."""

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def succeeded(outcome: Outcome) -> Check:
    """The command ended well; else its errors."""
    detail = f"exit code {outcome.exit_code}"
    if not outcome.succeeded:
        detail = "; ".join(outcome.tally.errors) or outcome.output.strip()[-2000:]
    return Check("the engine succeeds", outcome.succeeded, detail)


def unchanged(outcome: Outcome) -> Check:
    """No resource was created, updated, replaced or deleted."""
    return Check("nothing changes", not outcome.changed, _told(outcome.changed))


def only(outcome: Outcome, *kinds: str) -> Check:
    """At least one resource changed, and only in the given ways."""
    found = set(outcome.changed)
    name = f"some resources change, all by {' or '.join(kinds)}"
    return Check(name, bool(found) and found <= set(kinds), _told(outcome.changed))


def kept_policies(outcome: Outcome) -> Check:
    """The policy pack saw all of the stack and let it pass."""
    tally = outcome.tally
    told = f"{len(tally.advised)} advisories, {len(tally.repaired)} repairs"
    if tally.refused:
        told = "; ".join(tally.refused)
    elif not tally.judged:
        told = "no policy pack judged the stack"
    return Check("the policy pack refuses nothing", tally.judged and not tally.refused, told)


def _told(changes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(changes.items())) or "no change"

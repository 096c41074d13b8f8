"""What an alert is, and the proof that it fires when it should and stays quiet when not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["critical", "warning", "info"]
"""Critical pages at once; warnings are answered within the hour; info is looked at in daytime."""

Dashboard: TypeAlias = Literal["platform-overview", "model-serving", "cost-tracking",
                               "security-events"]  # fmt: skip
"""Unique names of the dashboards."""

Series: TypeAlias = Mapping[str, str]
"""Values by series, in the notation of promtool's rule tests (`0+10x60`), one each minute."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Series under which an alert fires at the minute `at`, and others under which it does not.

    Every `or` of the alert's condition has series of its own: those of the first part are
    `fires`, those of the others `also`, in the order of the condition.
    """

    fires: Series
    quiet: Series
    also: tuple[Series, ...] = ()
    at: int = 20
    every: int = 1
    """Minutes between two values, for proofs that run over days."""

    @property
    def cases(self) -> tuple[Series, ...]:
        """All series under which the alert fires."""
        return (self.fires, *self.also)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A condition that somebody must hear of."""

    name: str
    expression: str
    severity: Severity
    service: str
    """What it is about: the service that its notifications are grouped by."""
    summary: str
    """A sentence; may use the labels of the expression as templates."""
    action: str
    """What whoever is woken does first."""
    dashboard: Dashboard
    proof: Proof
    or_else: tuple[str, ...] = ()
    """Expressions of which each is enough beside `expression`."""
    needs: tuple[str, ...] = ()
    """Sources beside those of its metrics, without which it is about nothing."""
    hold: int = 5
    """Minutes for which the condition must last."""
    cost: bool = False
    """About money: goes to the FinOps team."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def branches(self) -> tuple[str, ...]:
        """Expressions of which each is enough."""
        return (self.expression, *self.or_else)

    @property
    def condition(self) -> str:
        """All branches as one expression."""
        return condition(self.branches)

    @property
    def anchor(self) -> str:
        """Its place on the page of runbooks."""
        return self.name.lower()

    @property
    def all_labels(self) -> dict[str, str]:
        """Labels that routing, grouping and inhibition go by."""
        kind = {"alert_type": "cost"} if self.cost else {}
        return {"severity": self.severity, "service": self.service, **kind, **self.labels}


def condition(branches: Sequence[str]) -> str:
    """One expression of several, any of which is enough."""
    return branches[0] if len(branches) == 1 else " or ".join(f"({one})" for one in branches)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A figure that is computed all the time under a name of its own."""

    name: str
    expression: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

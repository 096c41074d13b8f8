"""What a check found, and by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policies.finding import Finding, Outcome
from policies.rule import Rule
from policies.stack_settings import Exemption


@dataclass(frozen=True, kw_only=True)
class Report:
    """Findings in the order of the rules, and every exemption, used or not."""

    sources: Sequence[str]
    """What was judged: files, stacks, folders."""
    judged: int
    """Number of resources."""
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    exemptions: Sequence[Exemption] = ()

    def of(self, outcome: Outcome) -> list[Finding]:
        """Findings with the outcome."""
        return [one for one in self.findings if one.outcome == outcome]

    @property
    def passed(self) -> bool:
        """Whether nothing mandatory is broken."""
        return not self.of("violation")

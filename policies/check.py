"""Judging what is not being deployed: exported states, one or two together, or manifests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies.exemptions import exempted, expired
from policies.finding import Finding
from policies.judging import judge_pair, judge_resource, judge_stack
from policies.report import Report
from policies.rule import Rule
from policies.stack_settings import StackSettings
from policies.state import Exported
from policies.subject import STACK, Stack


@dataclass(frozen=True)
class Source:
    """A state, and what it came from."""

    name: str
    state: Exported
    settings: StackSettings


def check_states(rules: Sequence[Rule], sources: Sequence[Source], today: date) -> Report:
    """Each state by itself, and beside all the others together."""
    found: list[Finding] = []
    for one in sources:
        others = [other for other in sources if other is not one]
        found += exempted(_findings(rules, one, others), one.settings.exemptions, today)
        found += expired(one.settings.exemptions, today, _root(one))
    return Report(
        sources=[one.name for one in sources],
        judged=sum(len(one.state.resources) for one in sources),
        rules=rules,
        findings=found,
        exemptions=[each for one in sources for each in one.settings.exemptions],
    )


def _findings(rules: Sequence[Rule], one: Source, others: Sequence[Source]) -> Iterable[Finding]:
    for subject in one.state.resources:
        yield from judge_resource(rules, subject)
    yield from judge_stack(rules, one.state.stack)
    if others:
        # What links two regions may stand in a stack of its own.
        beside = [subject for other in others for subject in other.state.stack.subjects]
        yield from judge_pair(rules, one.state.stack, Stack(beside, others[0].settings))


def _root(one: Source) -> str:
    return next((subject.urn for subject in one.state.stack.of(STACK)), "")

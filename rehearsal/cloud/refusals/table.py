"""The refusals table as Markdown, and its place in `docs/simulated-cloud.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rehearsal.cloud.refusals import RULES
from rehearsal.cloud.refusals.rule import Rule

BEGIN, END = "<!-- refusals: begin -->", "<!-- refusals: end -->"


class PlaceError(ValueError):
    """The document has no place for the table."""


def markdown(rules: Iterable[Rule] = RULES) -> str:
    """One table a service, in the order in which services first appear."""
    rules = list(rules)
    order = list(dict.fromkeys(rule.service for rule in rules))
    ordered = sorted(rules, key=lambda rule: order.index(rule.service))
    parts = [f"{len(rules)} rules, {len(order)} services.\n"]
    for service, of_service in groupby(ordered, key=lambda rule: rule.service):
        parts.extend(_section(service, of_service))
    return "\n".join(parts)


def placed(document: str, rules: Iterable[Rule] = RULES) -> str:
    """`document` with the table between its two marks. Raises PlaceError without them."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PlaceError(f"the document needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{markdown(rules)}\n{END}{after}"


def _section(service: str, rules: Iterable[Rule]) -> Iterator[str]:
    yield f"### {service}\n"
    yield "| what holds | operations | code |"
    yield "|---|---|---|"
    for rule in rules:
        operations = ", ".join(rule.operations)
        yield f"| [{rule.name}]({rule.url}) | {operations} | `{rule.code}` |"
    yield ""

"""docs/refusals.md: what the simulated cloud and its clusters refuse, from the rules that do it."""

from collections.abc import Iterable
from typing import Protocol

HEAD = """\
# Refusals

What AWS refuses and an ordinary simulation accepts. Each row is a rule of
`rehearsal/cloud/refusals/`, with the page on which AWS documents it and a test that provokes it.
Beside these, every call is held to the enumerations, patterns and ranges of botocore's models.
The rows of `kubernetes` are at the end: rules of `rehearsal/providers/kubernetes/`, for objects of
the named kinds, beside their schemas. A workload whose pods are refused is kept and never ready.
This page is written by `make docs`; [how to add a row](../CONTRIBUTING.md#add-a-refusal).

| service | holds | calls | otherwise |
|---|---|---|---|
"""


class Rule(Protocol):
    """What a rule tells about itself."""

    @property
    def name(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def operations(self) -> tuple[str, ...]: ...
    @property
    def code(self) -> str: ...
    @property
    def url(self) -> str: ...


def refusals_page(rules: Iterable[Rule]) -> str:
    """The page, a row per rule in the given order."""
    return HEAD + "".join(_row(rule) for rule in rules)


def _row(rule: Rule) -> str:
    calls = ", ".join(f"`{operation}`" for operation in rule.operations)
    holds = rule.name.replace("|", "\\|")
    return f"| {rule.service} | [{holds}]({rule.url}) | {calls} | `{rule.code}` |\n"

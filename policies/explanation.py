"""Rules in words: a line for each, one in full, and the page of them all."""

from __future__ import annotations

from collections.abc import Sequence

from policies.rule import PairRule, ResourceRule, Rule, StackRule

PAGE_HEAD = """\
# Policies

What the policy pack refuses, in every preview and update, in CI and on an exported state. This
page is written by `make docs`; `mlops policy explain <rule>` shows one rule in full.

A *mandatory* rule refuses, an *advisory* one warns. A *resource* is judged by itself, at preview
and `up`; a *stack* rule sees all of it at the end; a *pair* rule needs the states of both regions:
`mlops policy check --state A --state B`. What is *repaired* is set right before it is judged.

A rule is not switched off. A resource is exempted in `policies/stacks/<stack>.yaml`, with the rule,
a reason and a last day; from then on it is refused, and so is the exemption. How the pack is
organised: [architecture](architecture.md#the-policies).

| | rule | | judged | why | how to keep it |
|---|---|---|---|---|---|
"""


def listing(rules: Sequence[Rule]) -> str:
    """A line for each rule."""
    width = max(len(rule.name) for rule in rules)
    return "".join(
        f"{rule.number:>3}  {rule.name:<{width}}  {rule.level:<9}  {rule.severity:<8}  "
        f"{scope(rule):<8}  {'repaired' if repaired(rule) else ''}".rstrip()
        + "\n"
        for rule in rules
    )


def explanation(rule: Rule) -> str:
    """One rule in full."""
    types = ", ".join(rule.types) or "every type that the rule names"
    lines = [
        f"{rule.name} (number {rule.number})",
        f"  {rule.level}, {rule.severity}, judged by {scope(rule)}"
        + (", repaired" if repaired(rule) else ""),
        f"  types: {types}",
        f"  stacks: {', '.join(sorted(rule.roles))}",
        f"  why: {rule.because}",
        f"  fix: {rule.fix}",
        f"  see: {rule.reference}",
    ]
    return "\n".join(lines) + "\n"


def policies_page(rules: Sequence[Rule]) -> str:
    """The page of all rules."""
    return PAGE_HEAD + "".join(_row(rule) for rule in rules)


def scope(rule: Rule) -> str:
    """What the rule looks at: a resource, a stack or a pair of stacks."""
    if isinstance(rule, StackRule):
        return "stack"
    return "pair" if isinstance(rule, PairRule) else "resource"


def repaired(rule: Rule) -> bool:
    """Whether the rule has a remediation."""
    return isinstance(rule, ResourceRule) and rule.repair is not None


def _row(rule: Rule) -> str:
    judged = f"{scope(rule)}{', repaired' if repaired(rule) else ''}"
    why, fix = (text.replace("|", "\\|") for text in (rule.because, rule.fix))
    name = f"[`{rule.name}`]({rule.reference})"
    return f"| {rule.number} | {name} | {rule.level} | {judged} | {why} | {fix} |\n"

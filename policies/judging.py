"""Rules held against subjects. A predicate that meets an unknown says so, one that meets a
malformed value has found a violation, one that fails refuses; none of them stops the others."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

from policies.concealment import concealed, secrets_of
from policies.finding import Broken, Finding, Outcome
from policies.properties import Malformed, Unknown
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject


def judge_resource(rules: Iterable[Rule], one: Subject) -> Iterator[Finding]:
    """What the resource rules among `rules` find."""
    for rule in _applying(rules, one):
        if isinstance(rule, ResourceRule):
            yield from _findings(rule, one, rule.broken(one), (one,))


def judge_stack(rules: Sequence[Rule], stack: Stack) -> Iterator[Finding]:
    """What the stack rules among `rules` find."""
    for one in stack.subjects:
        for rule in _applying(rules, one):
            if isinstance(rule, StackRule):
                yield from _findings(rule, one, rule.broken(one, stack), stack.subjects)


def judge_pair(rules: Sequence[Rule], stack: Stack, other: Stack) -> Iterator[Finding]:
    """What the rules that need both stacks find in `stack`."""
    for one in stack.subjects:
        for rule in _applying(rules, one):
            if isinstance(rule, PairRule):
                beside = (*stack.subjects, *other.subjects)
                yield from _findings(rule, one, rule.broken(one, stack, other), beside)


def applies(rule: Rule, one: Subject) -> bool:
    """Whether the rule judges the resource: by its type, in a stack of this role."""
    return one.settings.role in rule.roles and rule.concerns(one.type)


def repair(rule: ResourceRule, one: Subject, draft: Draft) -> str:
    """Repair `draft`; returns why that cannot be done, empty where it could or need not.

    `one` reads the very properties that `draft` changes."""
    draft.changed = False
    if rule.repair is None or not applies(rule, one):
        return ""
    try:
        rule.repair(one, draft)
    except Unknown as unknown:
        return f"{unknown.path} is not known before up"
    except Malformed as wrong:
        return str(wrong)
    except Exception as error:  # noqa: BLE001 - the predicate judges what is left as it is
        return _failure(error)
    return ""


def _applying(rules: Iterable[Rule], one: Subject) -> Iterator[Rule]:
    return (rule for rule in rules if applies(rule, one))


def _findings(
    rule: Rule, one: Subject, broken: Iterator[Broken], seen: Sequence[Subject]
) -> Iterator[Finding]:
    """Findings of a rule that could quote any of what it has `seen`, without secrets."""
    hidden = cache(lambda: frozenset(chain.from_iterable(map(secrets_of, seen))))
    for found in _broken(rule, one, broken):
        yield replace(
            found,
            found=concealed(found.found, hidden()),
            wanted=concealed(found.wanted, hidden()),
        )


def _broken(rule: Rule, one: Subject, broken: Iterator[Broken]) -> Iterator[Finding]:
    outcome: Outcome = "violation" if rule.level == "mandatory" else "advice"
    try:
        for found in broken:
            yield finding(rule, one, outcome, found)
    except Unknown as unknown:
        told = Broken(unknown.path, "[unknown before up]", "a value that can be judged at up")
        yield finding(rule, one, "unknown", told)
    except Malformed as wrong:
        yield finding(rule, one, outcome, Broken(wrong.path, wrong.found, wrong.wanted))
    except Exception as error:  # noqa: BLE001 - a rule that cannot tell must not let pass
        told = Broken("", f"not judged: {_failure(error)}", "a rule that can judge it")
        yield finding(rule, one, "violation", told)


def _failure(error: Exception) -> str:
    """What failed and where. Not the error's own words: they may quote a secret."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"the rule failed with {type(error).__name__} at {place}"


def finding(rule: Rule, one: Subject, outcome: Outcome, broken: Broken) -> Finding:
    """The finding of `rule` at `one`."""
    return Finding(
        rule=rule.name,
        outcome=outcome,
        severity=rule.severity,
        urn=one.urn,
        resource=one.name,
        type=one.type,
        path=broken.path,
        found=broken.found,
        wanted=broken.wanted,
        because=rule.because,
        fix=rule.fix,
        reference=rule.reference,
    )

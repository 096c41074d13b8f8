"""A rule that fails refuses what it could not judge, and says which rule it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from policies.finding import Broken
from policies.judging import judge_pair, judge_resource, judge_stack, repair
from policies.properties import Properties
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, StackRule
from policies.subject import Stack, Subject
from tests.policies.scene import PLAINTEXT, UNKNOWN, recorded, secret, settings_of

ONE = recorded("aws:ec2/vpc:Vpc").subject(settings_of("primary"))
STACK = Stack([ONE], ONE.settings)


def _failing(_one: Subject) -> Iterator[Broken]:
    yield Broken("a", "b", "c")
    raise KeyError(PLAINTEXT)


def _failing_in_stack(one: Subject, _stack: Stack) -> Iterator[Broken]:
    yield from _failing(one)


def _failing_beside(one: Subject, _stack: Stack, _other: Stack) -> Iterator[Broken]:
    yield from _failing(one)


def _failing_repair(_one: Subject, draft: Draft) -> None:
    draft.set("enableDnsSupport", False)
    raise KeyError(PLAINTEXT)


RESOURCE = ResourceRule(
    number=900,
    name="fails",
    because="It is broken.",
    fix="Mend it.",
    severity="low",
    reference="https://www.pulumi.com/docs/",
    types=(ONE.type,),
    level="advisory",
    broken=_failing,
    repair=_failing_repair,
)
IN_STACK = StackRule(
    number=901,
    name="fails-in-stack",
    because="It is broken.",
    fix="Mend it.",
    severity="low",
    reference="https://www.pulumi.com/docs/",
    types=(ONE.type,),
    broken=_failing_in_stack,
)
BESIDE = PairRule(
    number=902,
    name="fails-beside",
    because="It is broken.",
    fix="Mend it.",
    severity="low",
    reference="https://www.pulumi.com/docs/",
    types=(ONE.type,),
    broken=_failing_beside,
)


def test_a_rule_that_fails_refuses_even_where_it_only_advises() -> None:
    before, failed = judge_resource([RESOURCE], ONE)
    assert (before.outcome, failed.outcome) == ("advice", "violation")
    assert failed.rule == "fails"
    assert failed.found.startswith("not judged: the rule failed with KeyError at test_judging.py:")


def test_rules_about_stacks_and_pairs_refuse_likewise() -> None:
    found = [*judge_stack([IN_STACK], STACK), *judge_pair([BESIDE], STACK, STACK)]
    assert [one.rule for one in found if one.path == ""] == ["fails-in-stack", "fails-beside"]
    assert {one.outcome for one in found} == {"violation"}


def test_what_an_error_quotes_is_not_shown() -> None:
    found = [*judge_resource([RESOURCE], ONE), *judge_stack([IN_STACK], STACK)]
    assert not [one for one in found if PLAINTEXT in one.message]
    assert PLAINTEXT not in repair(RESOURCE, ONE, Draft({}))


def test_a_rule_that_fails_does_not_stop_the_others() -> None:
    found = {one.rule for one in judge_stack([IN_STACK, IN_STACK], Stack([ONE, ONE], ONE.settings))}
    assert found == {"fails-in-stack"}
    assert len(list(judge_stack([IN_STACK], Stack([ONE, ONE], ONE.settings)))) == 4


def test_a_repair_that_fails_is_told_and_left_to_the_rule() -> None:
    told = repair(RESOURCE, ONE, Draft({}))
    assert told.startswith("the rule failed with KeyError at test_judging.py:")


def _quoting(one: Subject) -> Iterator[Broken]:
    yield Broken("cidrBlock", one.properties.text("cidrBlock"), one.properties.text("cidrBlock"))


def _nested(_one: Subject) -> Iterator[Broken]:
    yield Broken("a.b", "c", "d")


def test_a_secret_that_a_rule_quotes_is_shown_neither_as_found_nor_as_wanted() -> None:
    hidden = recorded("aws:ec2/vpc:Vpc").but({"cidrBlock": secret(PLAINTEXT)})
    subject = hidden.subject(ONE.settings)
    (found,) = judge_resource([replace(RESOURCE, broken=_quoting)], subject)
    assert (found.found, found.wanted) == ("[secret]", "[secret]")


def test_a_finding_says_all_that_its_rule_and_its_resource_do() -> None:
    rule = replace(RESOURCE, broken=_nested)
    (found,) = judge_resource([rule], ONE)
    said = (found.rule, found.severity, found.because, found.fix, found.reference)
    assert said == (rule.name, rule.severity, rule.because, rule.fix, rule.reference)
    assert (found.urn, found.resource, found.type) == (ONE.urn, ONE.name, ONE.type)
    assert (found.path, found.found, found.wanted, found.outcome) == ("a.b", "c", "d", "advice")


def test_what_a_preview_cannot_know_is_named_by_its_path() -> None:
    one = recorded("aws:ec2/vpc:Vpc").but({"cidrBlock": UNKNOWN}).subject(ONE.settings)
    (found,) = judge_resource([replace(RESOURCE, broken=_quoting)], one)
    assert (found.outcome, found.path) == ("unknown", "cidrBlock")


def _supporting(one: Subject, draft: Draft) -> None:
    """A repair that reads the resource before it writes."""
    if not one.properties.flag("enableDnsSupport"):
        draft.set("enableDnsSupport", True)


def _repaired(found: Any, **changes: Any) -> tuple[str, bool]:
    """What is said of a repair where the property is `found`, and whether it changed."""
    raw = {"enableDnsSupport": found}
    draft = Draft(raw, changed=True)
    rule = replace(RESOURCE, **{"repair": _supporting, **changes})
    return repair(rule, replace(ONE, properties=Properties(raw)), draft), draft.changed


def test_a_repair_that_is_not_needed_not_meant_or_not_there_changes_nothing() -> None:
    assert _repaired(True) == ("", False)
    assert _repaired(False, types=("aws:s3/bucket:Bucket",)) == ("", False)
    assert _repaired(False, repair=None) == ("", False)


def test_a_repair_says_what_it_could_not_do() -> None:
    assert _repaired(False) == ("", True)
    assert _repaired(UNKNOWN) == ("enableDnsSupport is not known before up", False)
    said, changed = _repaired("perhaps")
    assert said.startswith('enableDnsSupport: "perhaps", expected')
    assert not changed

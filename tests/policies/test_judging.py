"""A rule that fails refuses what it could not judge, and says which rule it was."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken
from policies.judging import judge_pair, judge_resource, judge_stack, repair
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, StackRule
from policies.subject import Stack, Subject
from tests.policies.scene import PLAINTEXT, recorded, settings_of

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

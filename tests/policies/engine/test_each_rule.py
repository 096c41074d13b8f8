"""Each mandatory rule in stacks of its own under the real engine, night after night: broken by what
a preview knows, and by what only `up` knows."""

from __future__ import annotations

import pytest

from policies.rule import Rule
from rehearsal.engine.pulumi import Outcome
from tests.policies.engine.later import Later, later
from tests.policies.engine.pack import Pack, create, place_of, refusals, repaired
from tests.policies.engine.scenes import IMPLIED, JUDGED, alone, mends, scene_of

pytestmark = [pytest.mark.rehearsal, pytest.mark.nightly, pytest.mark.timeout(600)]
LATER = [(rule, found) for rule in JUDGED if (found := later(rule))]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return create(tmp_path_factory.mktemp("pack"))


def _rules(outcome: Outcome) -> frozenset[str]:
    return frozenset[str]().union(*refusals(outcome).values())


def _alone(rule: Rule) -> frozenset[str]:
    return IMPLIED.get(rule.name, frozenset()) | {rule.name}


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.name)
def test_a_stack_that_breaks_one_rule_is_refused_for_it_alone(pack: Pack, rule: Rule) -> None:
    scene = scene_of(rule)
    case = alone(scene)
    outcome = pack.stack(rule.name, case.resources, case.expected).preview()
    if mends(rule, scene):
        assert outcome.succeeded, outcome.output
        assert rule.name in {name for name, _ in repaired(outcome)}
    else:
        assert not outcome.succeeded
        assert _rules(outcome) == _alone(rule)


@pytest.mark.parametrize(("rule", "broken"), LATER, ids=[rule.name for rule, _ in LATER])
def test_what_only_up_knows_is_refused_by_up(pack: Pack, rule: Rule, broken: Later) -> None:
    stack = pack.stack(f"{rule.name}-later", broken.case.resources, broken.case.expected)
    preview = stack.preview()
    if not preview.succeeded:
        # What lacks something beside it lacks it whatever its own name will be.
        assert _rules(preview) == _alone(rule)
        return
    outcome = stack.up()
    if mends(rule, scene_of(rule)):
        assert outcome.succeeded, outcome.output
        assert (rule.name, place_of(broken.urn)) in {
            (name, place_of(urn)) for name, urn in repaired(outcome)
        }
    else:
        assert not outcome.succeeded
        assert _rules(outcome) == _alone(rule)

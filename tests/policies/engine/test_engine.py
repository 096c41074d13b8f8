"""The pack under the real engine: what it refuses, repairs, exempts, and how it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policies.judging import judge_resource
from policies.properties import SECRET, SIGNATURE
from policies.stack_settings import Exemption, StackSettings
from policies.state import exported
from policies.subject import STACK, Subject
from rehearsal.engine.pulumi import Outcome
from tests.policies.engine.pack import (
    Pack,
    create,
    inputs_of,
    place_of,
    refusals,
    repaired,
    told,
)
from tests.policies.engine.scenes import (
    IMPLIED,
    JUDGED,
    Scene,
    alone,
    foundation,
    grouped,
    mends,
    numbered,
    of_nothing,
    scene_of,
)
from tests.policies.scene import PLAINTEXT, Described, recorded, secret, settings_of

pytestmark = [
    pytest.mark.rehearsal,
    pytest.mark.xdist_group("policy pack"),
    pytest.mark.timeout(600),
]
BY_NAME = {rule.name: rule for rule in JUDGED}
BESIDE = "besideThis"
"""A property that no rule reads."""
REASON = "proven by this test, which nobody deploys"
TOMORROW, YESTERDAY = (datetime.now(UTC).date() + timedelta(days=one) for one in (2, -2))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return create(tmp_path_factory.mktemp("pack"))


def _expected(**changes: Any) -> StackSettings:
    return settings_of("primary").model_copy(update={"failover_names": (), **changes})


def _all_scenes() -> Iterator[Scene]:
    for number, rule in enumerate(JUDGED):
        whole = STACK in rule.types
        yield of_nothing(rule) if whole else numbered(scene_of(rule), number)


def test_every_mandatory_rule_refuses_or_repairs_what_breaks_it_alone(pack: Pack) -> None:
    """Many scenes in a stack: each resource that breaks a rule breaks that one, and is named."""
    for number, group in enumerate(grouped(list(_all_scenes()))):
        resources = {one.urn: one for scene in group for one in scene.case.resources}
        stack = pack.stack(f"all-{number}", resources.values(), group[0].case.expected)
        outcome = stack.preview()
        assert not outcome.succeeded
        refused = refusals(outcome)
        mended = {(rule, place_of(urn)) for rule, urn in repaired(outcome)}
        for scene in group:
            _hold_to(scene, refused, mended)


def _hold_to(scene: Scene, refused: Mapping[str, set[str]], mended: set[tuple[str, str]]) -> None:
    rule = next(one for one in JUDGED if one.name == scene.rule)
    for place in map(place_of, scene.urns):
        if mends(rule, scene):
            assert (scene.rule, place) in mended
            assert scene.rule not in refused.get(place, set())
        elif scene.about_the_root:
            assert scene.rule in refused[place]
        else:
            assert refused[place] == {scene.rule} | IMPLIED.get(scene.rule, frozenset())


def test_what_a_preview_cannot_know_is_said_and_refused_by_up(pack: Pack) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    opened = json.dumps({"Statement": [anybody]})
    queue = recorded("aws:sqs/queue:Queue").but({"policy": {"known at up": opened}})
    stack = pack.stack("unknown", [*foundation(), queue], _expected())
    preview = stack.preview()
    assert preview.succeeded, preview.output
    assert _levels(preview, queue) == {"advisory"}
    outcome = stack.up()
    assert not outcome.succeeded
    assert refusals(outcome) == {place_of(queue.urn): {"queue-encrypted-and-private"}}


def test_every_repair_is_in_the_state_and_what_was_secret_beside_it_still_is(pack: Pack) -> None:
    numbered_scenes = [numbered(scene_of(rule), number) for number, rule in enumerate(JUDGED)]
    mended = [one for one in numbered_scenes if mends(BY_NAME[one.rule], one)]
    assert len(list(grouped(mended))) == 1
    broken = {urn for scene in mended for urn in scene.urns}
    resources = {one.urn: one for scene in mended for one in scene.case.resources}
    described = [
        one.but({BESIDE: secret(PLAINTEXT)}) if urn in broken else one
        for urn, one in resources.items()
    ]
    expected = _expected()
    stack = pack.stack("repaired", [*foundation(), *described], expected)
    outcome = stack.up()
    assert outcome.succeeded, outcome.output
    state = stack.export()
    assert PLAINTEXT not in json.dumps(state)
    for one in described:
        if one.urn in broken:
            assert inputs_of(state, one)[BESIDE][SIGNATURE] == SECRET
    judged = [each for one in exported(state, expected).resources for each in _mandatory(one)]
    assert judged == []


def test_an_exemption_lets_pass_is_shown_and_ends(pack: Pack) -> None:
    scene = scene_of(BY_NAME["bucket-versioned"])
    (name,) = {urn.rpartition("::")[2] for urn in scene.urns}
    stack = pack.stack("exempted", alone(scene).resources, _exempting(name, TOMORROW))
    outcome = stack.preview()
    assert outcome.succeeded, outcome.output
    (said,) = [one for one in told(outcome) if one.rule == "bucket-versioned"]
    assert said.level == "advisory"
    assert f"exempted until {TOMORROW}: {REASON}" in said.message
    pack.expect("exempted", _exempting(name, YESTERDAY))
    outcome = stack.preview()
    assert not outcome.succeeded
    found = set[str]().union(*refusals(outcome).values())
    assert found == {"bucket-versioned", "exemption-expired"}


def test_a_stack_of_which_nothing_is_expected_is_refused_with_what_to_do(pack: Pack) -> None:
    outcome = pack.stack("surprise", [], None).preview()
    assert not outcome.succeeded
    said = "policies/stacks/surprise.yaml: not found; say there what the pack shall expect"
    assert said in _words(outcome)


def test_a_level_that_somebody_changes_is_refused(pack: Pack, tmp_path: Path) -> None:
    config = tmp_path / "levels.json"
    config.write_text(json.dumps({"bucket-versioned": "disabled"}), encoding="utf-8")
    stack = pack.stack("levels", foundation(), _expected())
    stack.policy_config = config
    outcome = stack.preview()
    assert not outcome.succeeded
    said = "policy configuration of bucket-versioned: it cannot be changed; write an exemption"
    assert said in _words(outcome)


def _mandatory(one: Subject) -> Iterator[str]:
    """What still breaks a mandatory rule."""
    found = judge_resource(JUDGED, one)
    return (each.message for each in found if each.outcome == "violation")


def _exempting(name: str, until: date) -> StackSettings:
    one = Exemption(rule="bucket-versioned", resource=name, reason=REASON, until=until)
    return _expected(exemptions=(one,))


def _levels(outcome: Outcome, one: Described) -> set[str]:
    return {each.level for each in told(outcome) if place_of(each.urn) == place_of(one.urn)}


def _words(outcome: Outcome) -> str:
    """What was printed, without line breaks."""
    return " ".join(outcome.output.split())

"""For each mandatory rule a scene that breaks it and, where that can be, nothing else: a failing
case, completed by what other rules want of the same resource."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.catalogue import RULES
from policies.judging import judge_resource, judge_stack
from policies.rule import PairRule, ResourceRule, Rule
from policies.subject import NAMED_BY, STACK
from tests.policies.cases import CASES
from tests.policies.scene import Case, Described, root

JUDGED = tuple(
    rule for rule in RULES if rule.level == "mandatory" and not isinstance(rule, PairRule)
)
"""What can refuse an update of one stack."""
IMPLIED: Mapping[str, frozenset[str]] = {
    # A port of administration is not 443, and both rules mean the same world.
    "no-admin-ports-from-world": frozenset({"world-only-to-https"}),
}
"""Rules that a resource cannot break without breaking these."""
ABOUT_PROVIDERS = "region-as-declared"
ROUNDS = 3
"""What is added for one rule may have to be completed for another."""

Broken = Mapping[str, frozenset[str]]
"""Rules by the URN of what breaks them."""


@dataclass(frozen=True)
class Scene:
    """A case of a rule, and the resources that break it."""

    rule: str
    case: Case
    urns: frozenset[str]
    beside: frozenset[str]
    """Other rules that anything in it breaks."""

    @property
    def about_the_root(self) -> bool:
        """Whether the stack itself breaks the rule, by what it does not have."""
        return any(f"::{STACK}::" in urn for urn in self.urns)


def scene_of(rule: Rule) -> Scene:
    """The first failing case that breaks nothing else, or the one that breaks least."""
    best: Scene | None = None
    for case in CASES[rule.name].failing:
        found = completed(rule, case)
        if best is None or len(found.beside) < len(best.beside):
            best = found
        if not best.beside:
            break
    assert best is not None
    return best


def mends(rule: Rule, scene: Scene) -> bool:
    """Whether the pack repairs what breaks the rule there."""
    return isinstance(rule, ResourceRule) and rule.repair is not None and scene.case.repairable


def completed(rule: Rule, case: Case) -> Scene:
    """The case with what other rules want of its resources."""
    return _scene(rule.name, _completed(rule, case))


def of_nothing(rule: Rule) -> Scene:
    """A stack with nothing in it, which breaks a rule about what must be there at all."""
    return _scene(rule.name, Case([root()]))


def numbered(scene: Scene, number: int) -> Scene:
    """The same with names of its own, but for those that are expected, so that it can stand in a
    stack beside others."""
    suffix = f"-s{number}"
    text = json.dumps([one.__dict__ for one in scene.case.resources])
    for name in sorted(_names(scene.case), key=len, reverse=True):
        text = text.replace(json.dumps(name)[:-1], f"{json.dumps(name)[:-1]}{suffix}")
    made = [Described(**one) for one in json.loads(text)]
    olds = scene.case.resources
    kept = scene.case.expected.world_facing
    named = [
        replace(one, name=old.name if old.name in kept else f"{old.name}{suffix}")
        for old, one in zip(olds, made, strict=True)
    ]
    renamed = {old.urn: new.urn for old, new in zip(made, named, strict=True)}
    joined = [replace(one, flows=_renamed(one, renamed)) for one in named]
    return _scene(scene.rule, replace(scene.case, resources=joined))


def _renamed(one: Described, names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(names.get(urn, urn) for urn in urns) for key, urns in one.flows.items()}


def violations(resources: Sequence[Described], case: Case) -> Broken:
    """Mandatory rules that each resource breaks, judged without an engine."""
    found: dict[str, set[str]] = {}
    judged = replace(case, resources=resources).stack()
    told = [*judge_stack(JUDGED, judged)]
    for one in judged.subjects:
        told += judge_resource(JUDGED, one)
    for finding in told:
        if finding.outcome == "violation":
            found.setdefault(finding.urn, set()).add(finding.rule)
    return {urn: frozenset(rules) for urn, rules in found.items()}


def alone(scene: Scene) -> Case:
    """The scene in a stack that has what every stack must have."""
    if scene.about_the_root:
        return scene.case
    given = {"failover_names": (), **scene.case.settings}
    resources = {one.urn: one for one in (*foundation(), *scene.case.resources)}
    return replace(scene.case, resources=list(resources.values()), settings=given)


def foundation() -> Iterator[Described]:
    """What keeps every rule about what a stack must have."""
    for rule in JUDGED:
        if STACK in rule.types:
            kept = CASES[rule.name].passing[0]
            yield from _tagged(_protected(_placed(kept))).resources


def _scene(rule: str, case: Case) -> Scene:
    found = violations(case.resources, case)
    urns = frozenset(urn for urn, rules in found.items() if rule in rules)
    beside = frozenset[str]().union(*found.values()) - {rule}
    return Scene(rule, case, urns, beside)


def _names(case: Case) -> frozenset[str]:
    """Names that siblings may refer to their resource by."""
    found = (one.properties.get(key) for one in case.resources for key in NAMED_BY)
    return frozenset(one for one in found if isinstance(one, str) and len(one) > 2)


def _completed(rule: Rule, case: Case) -> Case:
    # The engine has a provider of its own for what is given none, which one rule is about.
    best = case if rule.name == ABOUT_PROVIDERS else _placed(case)
    for equip in (_tagged, _protected, _without_names_to_fail_over):
        best = _better(rule, best, equip)
    for _ in range(ROUNDS):
        for wanted in sorted(_scene(rule.name, best).beside):
            for passing in CASES[wanted].passing:
                best = _better(rule, best, lambda now, add=passing: _joined(now, add))
    return best


def _better(rule: Rule, now: Case, change: Callable[[Case], Case]) -> Case:
    """The changed case where it still breaks the rule and breaks less beside it."""
    before = _scene(rule.name, now)
    if not before.beside:
        return now
    after = _scene(rule.name, change(now))
    return after.case if after.urns and len(after.beside) < len(before.beside) else now


def _each(case: Case, change: Callable[[Described], Described]) -> Case:
    return replace(case, resources=[change(one) for one in case.resources])


def _placed(case: Case) -> Case:
    region = {"region": case.expected.region}
    return _each(
        case,
        lambda one: one if one.provider else replace(one, provider_name="aws", provider=region),
    )


def _tagged(case: Case) -> Case:
    tags = {one.key: one.value for one in case.expected.tags}
    return _each(case, lambda one: one if "tags" in one.properties else one.but({"tags": tags}))


def _protected(case: Case) -> Case:
    return _each(case, lambda one: replace(one, protect=True))


def _without_names_to_fail_over(case: Case) -> Case:
    return replace(case, settings={**case.settings, "failover_names": ()})


def _joined(case: Case, passing: Case) -> Case:
    """With what keeps another rule beside a bucket of another name."""
    have = {one.urn for one in case.resources}
    buckets = {one.type: one.properties.get("bucket") for one in case.resources}
    text = json.dumps([one.__dict__ for one in _placed(passing).resources])
    for other in passing.resources:
        mine, theirs = buckets.get(other.type), other.properties.get("bucket")
        if isinstance(mine, str) and isinstance(theirs, str):
            text = text.replace(theirs, mine)
    added = [Described(**one) for one in json.loads(text)]
    return replace(case, resources=[*case.resources, *(a for a in added if a.urn not in have)])


def grouped(scenes: Sequence[Scene]) -> Iterator[list[Scene]]:
    """Scenes that can be judged in one stack: together they break what each breaks alone."""
    left = list(scenes)
    while left:
        group = [left.pop(0)]
        for scene in list(left):
            if _compatible([*group, scene]):
                group.append(scene)
                left.remove(scene)
        yield group


def _compatible(scenes: Sequence[Scene]) -> bool:
    expected = scenes[0].case.expected
    if any(one.case.expected != expected for one in scenes):
        return False
    resources = [resource for one in scenes for resource in one.case.resources]
    unique = {one.urn: one for one in resources}
    if len(unique) < len([one for one in resources if one.type != STACK]):
        return False
    found = violations(list(unique.values()), scenes[0].case)
    return all(
        scene.rule in found.get(urn, frozenset())
        and (scene.about_the_root or found[urn] == scene.beside | {scene.rule})
        for scene in scenes
        for urn in scene.urns
    )

"""Scenes whose offending value only `up` knows: what a preview must let pass and `up` refuse."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from policies.rule import Rule
from policies.subject import NAMED_BY
from tests.policies.cases import CASES
from tests.policies.engine.scenes import Scene, alone, completed
from tests.policies.scene import Case, Described

KNOWN_AT_UP = "known at up"
"""Key of a value that the program of `program/` gives only once another resource is there."""
STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Later:
    """A stack that breaks one rule by a value that is known at `up`."""

    case: Case
    urn: str
    path: str


def later(rule: Rule) -> Later | None:
    """The rule's first scene with a value where it is broken; None where it is broken by what is
    missing, which a preview always knows."""
    for case in CASES[rule.name].failing:
        scene = completed(rule, case)
        if scene.beside or scene.about_the_root:
            continue
        for one in scene.case.resources:
            if one.urn in scene.urns:
                for path, hidden in _hidden(one, scene.case.at):
                    return _put(scene, one, hidden, path)
    return None


def _put(scene: Scene, one: Described, hidden: Described, path: str) -> Later:
    made = alone(scene)
    resources = [
        hidden if each.urn == one.urn else _following(each, one) for each in made.resources
    ]
    return Later(replace(made, resources=resources), one.urn, path)


def _following(each: Described, one: Described) -> Described:
    """With the name of `one` flowing in where it stands: nobody writes down a name that is not
    known, and rules find what belongs together by either."""
    found = (one.properties.get(key) for key in NAMED_BY)
    names = {name for name in found if isinstance(name, str) and name}
    for key, value in each.properties.items():
        if isinstance(value, str) and value in names:
            each = each.flowing(key, one)
    return each


def _hidden(one: Described, at: str) -> Iterator[tuple[str, Described]]:
    """The resource with the value at the path, or the nearest one around it, known at `up`."""
    steps = STEP.findall(at)
    for length in range(len(steps), 0, -1):
        properties = copy.deepcopy(dict(one.properties))
        if _hide(properties, steps[:length]):
            yield ".".join(steps[:length]), replace(one, properties=properties)


def _hide(properties: dict[str, Any], steps: Sequence[str]) -> bool:
    here: Any = properties
    for step in steps[:-1]:
        here = _inside(here, step)
    value = _inside(here, steps[-1])
    if value is None:
        return False
    if isinstance(here, list):
        cast("list[Any]", here)[int(steps[-1])] = {KNOWN_AT_UP: value}
    else:
        here[steps[-1]] = {KNOWN_AT_UP: value}
    return True


def _inside(here: Any, step: str) -> Any:
    if isinstance(here, dict):
        return cast("dict[str, Any]", here).get(step)
    if isinstance(here, list) and step.isdigit() and int(step) < len(cast("list[Any]", here)):
        return cast("list[Any]", here)[int(step)]
    return None

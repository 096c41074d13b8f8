"""The stand-in registers what the official eks provider registers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rehearsal.engine.pulumi import Outcome
from tests.rehearsal.conftest import Program

RECORDED = Path(__file__).parents[3] / "data" / "eks_component_tree.json"
_DIGEST = re.compile(r"-[0-9a-f]{8}$")


@pytest.mark.rehearsal
def test_the_stand_in_registers_the_tree_of_the_official_provider(program: Program) -> None:
    """Types, names, parents and input keys, as recorded with pulumi-eks 4.3."""
    stack = program("eks_components")
    outcome = stack.up()
    assert outcome.succeeded, outcome.output
    filled_in = _filled_in(outcome)
    assert _without(_tree(outcome), filled_in) == _without(_recorded(), filled_in)
    assert _outputs(stack.export()) == _recorded_outputs()


def _recorded() -> dict[str, Any]:
    rows = json.loads(RECORDED.read_text())
    return {
        _named(one["type"], one["name"]): (_DIGEST.sub("", one["parent"]), one["inputs"])
        for one in rows
    }


def _recorded_outputs() -> dict[str, list[str]]:
    rows = json.loads(RECORDED.read_text())
    return {_named(one["type"], one["name"]): one["outputs"] for one in rows if one.get("outputs")}


def _outputs(state: dict[str, Any]) -> dict[str, list[str]]:
    """What each component tells the program: output keys of the components that have any."""
    made = state["deployment"]["resources"]
    components = [one for one in made if one["type"].startswith("eks:index:")]
    return {
        _named(one["type"], _name(one["urn"])): sorted(one["outputs"])
        for one in components
        if one.get("outputs")
    }


def _tree(outcome: Outcome) -> dict[str, Any]:
    """What the component packages registered: everything below an `eks:` component."""
    made = [
        event["resourcePreEvent"]["metadata"]
        for event in outcome.events
        if "resourcePreEvent" in event
    ]
    by_urn = {one["urn"]: one for one in made}
    return {
        _named(one["type"], _name(one["urn"])): (_parent(one, by_urn), _inputs(one))
        for one in made
        if "eks:index:" in one["urn"]
    }


def _filled_in(outcome: Outcome) -> dict[str, set[str]]:
    """Inputs that the resource provider, not the component, chose: names and defaults."""
    made = [e["resourcePreEvent"]["metadata"] for e in outcome.events if "resourcePreEvent" in e]
    return {
        _named(one["type"], _name(one["urn"])): set(one["new"]["inputs"].get("__defaults", ()))
        for one in made
    }


def _without(tree: dict[str, Any], filled_in: dict[str, set[str]]) -> dict[str, Any]:
    return {
        key: (parent, sorted(set(inputs) - filled_in.get(key, set())))
        for key, (parent, inputs) in tree.items()
    }


def _parent(one: dict[str, Any], by_urn: dict[str, Any]) -> str:
    parent = one["new"].get("parent", "")
    return (
        _DIGEST.sub("", _name(parent))
        if "pulumi:pulumi:Stack" not in parent.split("::")[-2]
        else ""
    )


def _inputs(one: dict[str, Any]) -> list[str]:
    """Component inputs are not part of what a component provider registers."""
    if one["type"].startswith("eks:index:"):
        return []
    return sorted(set(one["new"]["inputs"]) - {"__defaults"})


def _named(type_: str, name: str) -> str:
    return f"{type_} {_DIGEST.sub('', name)}"


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]

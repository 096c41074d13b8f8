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
    outcome = program("eks_components").up()
    assert outcome.succeeded, outcome.output
    assert _tree(outcome) == _recorded()


def _recorded() -> dict[str, Any]:
    rows = json.loads(RECORDED.read_text())
    return {
        _named(one["type"], one["name"]): (_DIGEST.sub("", one["parent"]), one["inputs"])
        for one in rows
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
    return sorted(key for key in one["new"]["inputs"] if not key.startswith("__d"))


def _named(type_: str, name: str) -> str:
    return f"{type_} {_DIGEST.sub('', name)}"


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]

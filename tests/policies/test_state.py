"""An exported state is read as the engine would send it, and refused in words where it is none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from policies.state import StateError, exported, name_of, stack_of
from policies.subject import Subject
from tests.policies.scene import settings_of

SETTINGS = settings_of("primary")
HEAD = "urn:pulumi:production::mlops-platform::"
PROVIDER: dict[str, Any] = {
    "urn": f"{HEAD}pulumi:providers:aws::aws-main",
    "type": "pulumi:providers:aws",
    "inputs": {"region": "eu-central-1"},
    "outputs": {"region": "eu-central-1", "version": "7"},
}
BUCKET: dict[str, Any] = {
    "urn": f"{HEAD}mlops:Store$aws:s3/bucket:Bucket::logs",
    "type": "aws:s3/bucket:Bucket",
    "inputs": {"bucket": "logs"},
    "outputs": {"bucket": "logs", "arn": "arn:aws:s3:::logs"},
    "parent": f"{HEAD}mlops:Store::store",
    "provider": f"{PROVIDER['urn']}::4711",
    "protect": True,
    "dependencies": [f"{HEAD}aws:kms/key:Key::data"],
    "propertyDependencies": {"key": [f"{HEAD}aws:kms/key:Key::data"], "bucket": None},
}


def _state(*entries: object) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(entries)}}


def _first(entry: dict[str, Any], *beside: dict[str, Any]) -> Subject:
    return exported(_state(entry, *beside), SETTINGS).resources[0]


def test_a_resource_is_read_with_its_options() -> None:
    one = _first(BUCKET)
    assert (one.urn, one.type, one.name) == (BUCKET["urn"], "aws:s3/bucket:Bucket", "logs")
    assert (one.protected, one.parent) == (True, BUCKET["parent"])
    assert one.dependencies == {f"{HEAD}aws:kms/key:Key::data"}
    assert one.property_dependencies == {"key": (f"{HEAD}aws:kms/key:Key::data",), "bucket": ()}
    assert one.settings is SETTINGS


def test_what_is_left_out_has_the_engines_defaults() -> None:
    one = _first({"urn": f"{HEAD}t::n", "type": "t", "dependencies": None})
    assert (one.protected, one.parent, one.provider_name) == (False, "", "")
    assert (one.dependencies, one.property_dependencies) == (frozenset(), {})
    assert (one.properties.names(), one.provider.names()) == ([], [])


def test_a_resource_has_the_inputs_of_its_provider() -> None:
    one = _first(BUCKET, PROVIDER)
    assert one.provider_name == "aws-main"
    assert one.provider.names() == ["region"]
    assert one.provider.text("region") == "eu-central-1"


def test_a_provider_that_is_not_there_or_is_none_is_not_known() -> None:
    assert _first(BUCKET).provider_name == ""
    one = _first(BUCKET, {**PROVIDER, "type": "aws:s3/bucket:Bucket"})
    assert (one.provider_name, one.provider.names()) == ("", [])


def test_resource_rules_see_inputs_and_stack_rules_outputs() -> None:
    found = exported(_state(BUCKET, PROVIDER), SETTINGS)
    assert [one.properties.names() for one in found.resources] == [["bucket"], ["region"]]
    outputs = [one.properties.names() for one in found.stack.subjects]
    assert outputs == [["bucket", "arn"], ["region", "version"]]
    assert [one.provider_name for one in found.stack.subjects] == ["aws-main", ""]
    assert found.stack.settings is SETTINGS


def test_what_waits_for_its_deletion_is_no_part_of_a_state() -> None:
    gone = {**BUCKET, "inputs": {"bucket": "old"}, "delete": True}
    found = exported(_state(gone, BUCKET), SETTINGS)
    assert [one.properties.text("bucket") for one in found.resources] == ["logs"]
    assert len(found.stack.subjects) == 1


@pytest.mark.parametrize("deployment", [{}, {"resources": None}, {"resources": []}])
def test_a_stack_that_was_destroyed_has_no_resources(deployment: dict[str, Any]) -> None:
    assert exported({"deployment": deployment}, SETTINGS).resources == []


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "deployment: Field required; expected the output of `pulumi stack export`"),
        ({"deployment": []}, "deployment: Input should be"),
        ({"deployment": {"resources": 7}}, "deployment.resources: Input should be a valid tuple"),
        (_state({"urn": HEAD}), "deployment.resources.0.type: Field required; expected"),
        (_state(BUCKET, 1), "deployment.resources.1: Input should be"),
    ],
)
def test_what_is_no_state_is_told_with_what_it_lacks(document: dict[str, Any], told: str) -> None:
    with pytest.raises(StateError, match=f"^{re.escape(told)}"):
        exported(document, SETTINGS)


def test_no_value_of_a_wrong_entry_is_told() -> None:
    with pytest.raises(StateError) as caught:
        exported(_state({**BUCKET, "inputs": "hidden-4711"}), SETTINGS)
    assert "hidden-4711" not in str(caught.value)


def test_the_stack_is_told_by_the_first_resource_with_a_name() -> None:
    assert stack_of(_state(1, {}, {"urn": "x"}, BUCKET)) == "production"


@pytest.mark.parametrize(
    "document", [{}, {"deployment": 1}, {"deployment": {"resources": 7}}, _state({"urn": "urn:x"})]
)
def test_a_state_of_no_resource_is_of_no_stack(document: dict[str, Any]) -> None:
    with pytest.raises(StateError, match="^no resource in it, so no stack's name; expected"):
        stack_of(document)


def test_a_logical_name_may_have_the_urns_separator() -> None:
    assert name_of(f"{HEAD}aws:s3/bucket:Bucket::logs::eu::main") == "logs::eu::main"

"""Reading what the engine leaves behind."""

from __future__ import annotations

import json

import pytest

from rehearsal.timeline import engine
from tests.rehearsal.timeline import recorded

METADATA = {"op": "create", "urn": "u", "type": "t", "old": None, "new": {"custom": True}}
CREATION = {"metadata": METADATA}


def line(event: str, content: object = CREATION) -> str:
    return json.dumps({event: content}) + "\n"


def test_every_step_of_a_recorded_run_is_read_with_its_end():
    steps = recorded.steps("destroy")
    assert len(steps) == 67
    assert all(step.op == "delete" and step.ended and not step.failed for step in steps)


def test_a_refresh_ends_under_another_verb():
    assert all(step.ended for step in recorded.steps("refresh"))


def test_a_failed_operation_is_told_from_one_that_the_log_never_sees_end():
    failed, lost = (
        engine.steps([line("resourcePreEvent"), line("resOpFailedEvent")])[0],
        engine.steps([line("resourcePreEvent")])[0],
    )
    assert (failed.failed, failed.ended) == (True, 1)
    assert (lost.failed, lost.ended) == (False, None)


def test_a_step_that_comes_again_is_told_from_the_first():
    again = engine.steps([line("resourcePreEvent"), line("resOutputsEvent")] * 2)
    assert [(step.turn, step.ended) for step in again] == [(0, 1), (1, 3)]


def test_a_last_line_cut_off_by_a_kill_is_left_out():
    assert len(engine.steps([line("resourcePreEvent"), '{"resOutputsEv'])) == 1


def test_a_broken_line_elsewhere_is_named():
    with pytest.raises(engine.EngineRecordError, match="line 1"):
        engine.steps(["{broken\n", line("resourcePreEvent")])


def test_a_file_that_is_no_exported_state_is_refused():
    with pytest.raises(engine.EngineRecordError, match="deployment"):
        engine.resources({"version": 3})
    with pytest.raises(engine.EngineRecordError, match="urn"):
        engine.resources({"deployment": {"resources": [{"type": "t"}]}})


def test_a_stack_without_resources_is_read():
    assert engine.resources({"deployment": {"manifest": {}}}) == ()


def test_a_resource_needs_its_provider_parent_and_every_property_dependency():
    resource = engine.Resource.model_validate(
        {
            "urn": "u",
            "type": "t",
            "parent": "p",
            "provider": "urn:provider::0-1",
            "dependencies": ["a"],
            "propertyDependencies": {"x": ["b"], "y": None},
            "deletedWith": "d",
        }
    )
    assert resource.needs() == {"a", "b", "d", "p", "urn:provider"}

"""From the engine's record to the report's parts."""

from __future__ import annotations

import pytest

from rehearsal.report import Leftover, compare, resource_records, step_record
from rehearsal.report.recording import FACTS, simulated
from rehearsal.timeline import sample, simulate
from tests.rehearsal.report import rehearsed
from tests.rehearsal.timeline import recorded


def test_operations_are_counted_as_the_engine_sums_them_up():
    edit = step_record("edit", wall_seconds=1, parallelism=4, graph=recorded.replace())
    assert edit.operations == {"replace": 2, "same": 63, "update": 1}
    up = step_record("up", wall_seconds=1, parallelism=4, graph=recorded.up())
    assert up.operations == {"create": 66}


def test_a_deployment_states_both_cases_and_its_spread():
    up = rehearsed.report().stacks[0].deployment
    assert up
    assert up.typical
    assert up.slow
    assert up.spread
    assert (up.typical.makespan_seconds, up.slow.makespan_seconds) == (882, 1213)
    assert 882 <= up.spread.median_seconds <= up.spread.p90_seconds <= 1213
    assert [one.name for one in up.typical.critical_path][1] == "database-instance"


def test_the_report_holds_only_operations_that_take_time():
    up = rehearsed.report().stacks[0].deployment
    assert up
    assert up.typical
    made = [one for one in recorded.state("up") if one.custom and ":providers:" not in one.type]
    assert {one.urn for one in up.typical.operations} == {one.urn for one in made}
    assert all(one.seconds > 0 for one in up.typical.operations)


def test_a_step_without_a_change_has_no_simulated_time():
    assert step_record("preview", wall_seconds=1, parallelism=4).typical is None


def test_a_sampled_schedule_is_no_case_of_the_report():
    with pytest.raises(ValueError, match="typical or slow expected"):
        simulated(simulate(recorded.up(), 4, sample(1)))


def test_providers_and_the_stack_itself_are_no_resources_of_the_report():
    records = resource_records(recorded.state("up"))
    assert len(records) == 63
    assert not [one for one in records if one.type.startswith("pulumi:")]


def test_the_report_keeps_no_input_that_could_be_a_secret():
    kept = {key for keys in FACTS.values() for key in keys}
    words = ("password", "secret", "token", "policy", "userdata", "values")
    assert not [key for key in kept if any(word in key.lower() for word in words)]


def test_leftovers_are_compared_by_kind_and_name():
    snapshot = Leftover(kind="snapshot", name="final", reason="")
    left = compare([rehearsed.KEY], [snapshot])
    assert (left.missing, left.unexpected) == ((rehearsed.KEY,), (snapshot,))
    same = rehearsed.KEY.model_copy(update={"reason": ""})
    assert compare([rehearsed.KEY], [same]).unexpected == ()

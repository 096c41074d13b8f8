"""The simulated clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.timeline import SLOW, TYPICAL, Graph, Operation, sample, simulate, spread
from rehearsal.timeline.durations import seconds
from tests.rehearsal.timeline import recorded


def operation(name: str, typical: float, slow: float | None = None) -> Operation:
    return Operation(
        key=f"create {name}",
        urn=f"urn::{name}",
        type="aws:x/y:Z",
        kind="create",
        parent="",
        typical=typical,
        slow=typical if slow is None else slow,
    )


def graph(durations: dict[str, float], needs: dict[str, list[str]] | None = None) -> Graph:
    return Graph(
        tuple(operation(name, each) for name, each in durations.items()),
        {
            f"create {name}": frozenset(f"create {one}" for one in each)
            for name, each in (needs or {}).items()
        },
    )


def starts(given: Graph, parallelism: int) -> dict[str, float]:
    schedule = simulate(given, parallelism, TYPICAL)
    return {timed.operation.name: timed.start for timed in schedule.operations}


def test_operations_run_side_by_side_up_to_the_parallelism():
    three = graph({"a": 10, "b": 10, "c": 10})
    assert simulate(three, 3, TYPICAL).makespan == 10
    assert simulate(three, 2, TYPICAL).makespan == 20
    assert simulate(three, 1, TYPICAL).makespan == 30


def test_an_operation_waits_for_what_it_needs():
    assert starts(graph({"a": 10, "b": 5, "c": 1}, {"c": ["a", "b"]}), 8) == {
        "a": 0,
        "b": 0,
        "c": 10,
    }


def test_what_takes_no_time_needs_no_worker():
    assert starts(graph({"a": 10, "component": 0, "child": 1}, {"child": ["component"]}), 2) == {
        "a": 0,
        "component": 0,
        "child": 0,
    }


def test_the_first_ready_is_the_first_served():
    assert starts(graph({"a": 2, "b": 9, "c": 1, "d": 1}, {"d": ["a"]}), 2) == {
        "a": 0,
        "b": 0,
        "c": 2,
        "d": 3,
    }


def test_the_critical_path_of_the_recorded_stack_leads_through_its_database():
    schedule = simulate(recorded.up(), 32, TYPICAL)
    assert [
        (each.operation.name, each.start, each.duration) for each in schedule.critical_path
    ] == [
        ("keys-data", 0, 22),
        ("database-instance", 22, 827),
        ("database-address", 849, 33),
    ]
    assert schedule.critical_seconds == schedule.makespan == 882


def test_the_slow_case_of_the_recorded_stack_leads_through_its_cluster():
    schedule = simulate(recorded.up(), 32, SLOW)
    assert schedule.critical_path[-1].operation.name == "nodes-system"
    assert schedule.makespan == 1213


def test_a_run_without_a_change_takes_no_time():
    assert simulate(Graph((), {}), 4, TYPICAL).makespan == 0
    assert simulate(Graph((), {}), 4, TYPICAL).critical_path == ()


def test_five_runs_are_identical():
    runs = [
        simulate(recorded.replace(), 7, case) for _ in range(5) for case in (TYPICAL, sample(3))
    ]
    assert runs[::2] == [runs[0]] * 5
    assert runs[1::2] == [runs[1]] * 5


def test_a_sample_lies_between_typical_and_slow_and_differs_by_seed():
    one = operation("a", 10, 40)
    drawn = {seconds(one, sample(seed)) for seed in range(50)}
    assert len(drawn) == 50
    assert all(10 <= each <= 40 for each in drawn)


def test_a_resource_more_leaves_the_samples_of_all_others_as_they_were():
    few = Graph((operation("a", 10, 40), operation("b", 5, 9)), {})
    more = Graph((operation("new", 1, 2), *few.operations), {})

    def durations(of: Graph) -> dict[str, float]:
        return {
            each.operation.name: each.duration for each in simulate(of, 9, sample(1)).operations
        }

    assert durations(few).items() <= durations(more).items()


def test_the_spread_lies_between_the_typical_and_the_slow_case():
    day = spread(recorded.up(), 32, samples=50)
    assert 882 <= day.median <= day.p90 <= day.worst <= 1213


def test_a_graph_with_a_cycle_is_refused():
    with pytest.raises(ValueError, match=r"create a: listed twice, or waits for \['create b'\]"):
        graph({"a": 1, "b": 1}, {"a": ["b"], "b": ["a"]})


def test_a_parallelism_below_one_is_refused():
    with pytest.raises(ValueError, match="1 or more expected, not 0"):
        simulate(Graph((), {}), 0, TYPICAL)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(0, 25))
    durations = {f"r{i}": float(draw(st.integers(0, 50))) / 7 for i in range(count)}
    edges = st.lists(st.integers(0, 24), max_size=4)
    needs = {f"r{i}": [f"r{j}" for j in draw(edges) if j < i] for i in range(count)}
    return graph(durations, needs)


@given(graphs(), st.integers(1, 6))
def test_the_laws_of_a_schedule_hold_for_any_graph(given: Graph, parallelism: int):
    schedule = simulate(given, parallelism, TYPICAL)
    finish = {each.operation.key: each.finish for each in schedule.operations}
    assert len(finish) == len(given.operations)
    for each in schedule.operations:
        assert all(finish[need] <= each.start for need in given.needs.get(each.operation.key, ()))
    moments = [each.start for each in schedule.operations]
    for moment in moments:
        busy = [one for one in schedule.operations if one.start <= moment < one.finish]
        assert len(busy) <= parallelism
    assert schedule.makespan >= schedule.critical_seconds
    assert schedule.critical_seconds == simulate(given, 1000, TYPICAL).makespan
    assert schedule.critical_seconds == simulate(given, 1, TYPICAL).critical_seconds

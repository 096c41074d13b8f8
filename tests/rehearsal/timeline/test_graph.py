"""From a recorded run to its operations and what they wait for."""

from __future__ import annotations

import pytest

from rehearsal.timeline.engine import EngineRecordError
from rehearsal.timeline.graph import Graph, from_engine
from rehearsal.timeline.layers import layers
from tests.rehearsal.timeline import recorded


def key(graph: Graph, kind: str, name: str, token: str = "") -> str:
    """Key of the one operation of that kind on the resource of that name."""
    found = [
        each.key
        for each in graph.operations
        if (each.kind, each.name) == (kind, name) and token in each.type
    ]
    assert len(found) == 1, found
    return found[0]


def waits_for(graph: Graph, later: str, earlier: str) -> bool:
    """Whether `later` waits for `earlier`, directly or through others."""
    pending, seen = [later], set[str]()
    while pending:
        for need in graph.needs.get(pending.pop(), frozenset()):
            if need not in seen:
                seen.add(need)
                pending.append(need)
    return earlier in seen


def test_every_operation_waits_only_for_operations_before_it():
    for graph in (recorded.up(), recorded.replace(), recorded.destroy()):
        place = {each.key: index for index, each in enumerate(graph.operations)}
        assert len(place) == len(graph.operations)
        for later, needs in graph.needs.items():
            assert all(place[need] < place[later] for need in needs)


def test_a_resource_waits_for_what_its_inputs_come_from_and_for_its_parent():
    graph = recorded.up()
    nat = key(graph, "create", "network-nat-us-east-1a")
    assert key(graph, "create", "network-public-us-east-1a") in graph.needs[nat]
    assert key(graph, "create", "network") in graph.needs[nat]
    assert not waits_for(graph, nat, key(graph, "create", "network-private-us-east-1a"))


def test_what_uses_a_component_of_a_provider_waits_for_everything_in_it():
    graph = recorded.up()
    nodes = key(graph, "create", "nodes-system")
    assert key(graph, "create", "cluster-vpc-cni", "addon") in graph.needs[nodes]
    assert key(graph, "create", "cluster-kube-proxy") in graph.needs[nodes]


def test_components_providers_and_unchanged_resources_take_no_time():
    created, replaced = recorded.up().operations, recorded.replace().operations
    timeless = [each for each in created if ":components:" in each.type]
    timeless += [each for each in created if each.type.startswith("pulumi:providers")]
    timeless += [each for each in replaced if each.kind == "same"]
    assert len(timeless) > 60
    assert not any(each.slow for each in timeless)


def test_a_replacement_that_needs_room_waits_for_the_deletion():
    graph = recorded.replace()
    created = key(graph, "create-replacement", "database-subnets")
    assert key(graph, "delete-replaced", "database-subnets") in graph.needs[created]


def test_a_replaced_resource_goes_when_everything_else_is_done():
    graph = recorded.replace()
    deleted = key(graph, "delete-replaced", "nodes-system")
    assert waits_for(graph, deleted, key(graph, "create-replacement", "nodes-system"))
    assert waits_for(graph, deleted, key(graph, "update", "database-instance"))


def test_a_destroy_runs_in_reverse():
    graph = recorded.destroy()
    vpc = key(graph, "delete", "network-vpc")
    assert waits_for(graph, vpc, key(graph, "delete", "network-private-us-east-1a"))
    assert waits_for(graph, vpc, key(graph, "delete", "database-instance"))
    subnet = key(graph, "delete", "network-private-us-east-1a")
    assert waits_for(graph, subnet, key(graph, "delete", "nodes-system"))


def test_the_layers_of_a_destroy_are_those_that_the_engine_took():
    steps = sorted(recorded.steps("destroy"), key=lambda step: step.began)
    expected = layers(recorded.state("replace"), [step.urn for step in steps])
    depth = {urn: index for index, layer in enumerate(expected) for urn in layer}
    order = [depth[step.urn] for step in steps]
    assert order == sorted(order)
    assert len(expected) > 5


def test_deletions_without_the_state_before_are_refused():
    with pytest.raises(EngineRecordError, match="export the state before the run"):
        from_engine((), recorded.steps("destroy"))


def test_a_refresh_reads_everything_at_once():
    graph = from_engine(recorded.state("up"), recorded.steps("refresh"))
    assert len(graph.operations) == 68
    assert not graph.needs

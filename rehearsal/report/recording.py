"""Builds the parts of a report from what the engine recorded and the clock computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rehearsal.report.model import (
    Check,
    DrillRecord,
    FailbackRecord,
    Leftover,
    Leftovers,
    RecoveryRecord,
    ResourceRecord,
    Simulated,
    Spread,
    StepRecord,
    TimedOperation,
)
from rehearsal.timeline import SLOW, TYPICAL, Graph, Schedule, Timed, simulate, spread
from rehearsal.timeline.engine import Resource
from rehearsal.timeline.graph import BARRIER

FACTS: Mapping[str, Sequence[str]] = {
    "aws:acm/certificate:Certificate": ("domainName",),
    "aws:ec2/natGateway:NatGateway": ("subnetId",),
    "aws:ec2/subnet:Subnet": ("cidrBlock", "availabilityZone", "vpcId", "tags"),
    "aws:ec2/vpc:Vpc": ("cidrBlock",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "vpcEndpointType", "vpcId"),
    "aws:efs/mountTarget:MountTarget": ("subnetId",),
    "aws:eks/cluster:Cluster": ("name", "version", "vpcConfig"),
    "aws:eks/nodeGroup:NodeGroup": (
        "clusterName",
        "instanceTypes",
        "scalingConfig",
        "subnetIds",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "engine",
        "nodeType",
        "numCacheClusters",
        "subnetGroupName",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": ("name", "subnetIds"),
    "aws:lb/loadBalancer:LoadBalancer": ("internal", "loadBalancerType", "subnets"),
    "aws:rds/instance:Instance": (
        "dbSubnetGroupName",
        "engine",
        "engineVersion",
        "instanceClass",
        "multiAz",
        "replicateSourceDb",
    ),
    "aws:rds/subnetGroup:SubnetGroup": ("name", "subnetIds"),
    "aws:route53/zone:Zone": ("name",),
    "kubernetes:helm.sh/v3:Release": ("chart", "version"),
}
"""By type: the inputs that a report keeps. No secret is among them."""

_SUMMED = {"create-replacement": "replace", "import-replacement": "replace"}
_SPREAD_SAMPLES = 100


def resource_records(state: Sequence[Resource]) -> tuple[ResourceRecord, ...]:
    """The resources of a state, without providers and the stack itself."""
    return tuple(
        ResourceRecord(
            urn=each.urn,
            type=each.type,
            name=each.name,
            parent=each.parent,
            custom=each.custom,
            id=each.id,
            facts=_facts(each),
        )
        for each in state
        if not each.type.startswith("pulumi:") and not each.delete
    )


def step_record(
    name: str,
    *,
    wall_seconds: float,
    parallelism: int,
    graph: Graph | None = None,
    operations: Mapping[str, int] | None = None,
    checks: Iterable[Check] = (),
    peak_memory_mib: float | None = None,
    recovery: RecoveryRecord | None = None,
    failback: FailbackRecord | None = None,
    drill: DrillRecord | None = None,
) -> StepRecord:
    """One step. With a `graph` it is put on the simulated clock and its operations are
    counted; `operations` counts them where there is no graph (a preview)."""
    changes = graph is not None and any(each.slow for each in graph.operations)
    return StepRecord(
        name=name,
        wall_seconds=round(wall_seconds, 3),
        peak_memory_mib=peak_memory_mib,
        operations=dict(operations or (_counted(graph) if graph else {})),
        typical=simulated(simulate(graph, parallelism, TYPICAL)) if graph and changes else None,
        slow=simulated(simulate(graph, parallelism, SLOW)) if graph and changes else None,
        spread=_spread(graph, parallelism) if graph and changes else None,
        checks=tuple(checks),
        recovery=recovery,
        failback=failback,
        drill=drill,
    )


def simulated(schedule: Schedule) -> Simulated:
    """A schedule as the report keeps it; raises ValueError for a sampled one."""
    if schedule.case not in (TYPICAL, SLOW):
        raise ValueError(f"case: typical or slow expected, not {schedule.case}")
    typical = schedule.case == TYPICAL
    return Simulated(
        case="typical" if typical else "slow",
        parallelism=schedule.parallelism,
        makespan_seconds=round(schedule.makespan, 3),
        critical_seconds=round(schedule.critical_seconds, 3),
        critical_path=tuple(map(_timed, schedule.critical_path)),
        operations=tuple(_timed(one) for one in schedule.operations if typical and one.duration),
    )


def compare(expected: Iterable[Leftover], found: Iterable[Leftover]) -> Leftovers:
    """What a destroy left against what it was declared to leave, by kind and name."""
    declared = {(one.kind, one.name): one for one in expected}
    left = {(one.kind, one.name): one for one in found}
    return Leftovers(
        expected=tuple(declared.values()),
        found=tuple(left.values()),
        missing=tuple(one for key, one in declared.items() if key not in left),
        unexpected=tuple(one for key, one in left.items() if key not in declared),
    )


def _facts(resource: Resource) -> dict[str, Any]:
    keys = FACTS.get(resource.type, ())
    return {key: resource.inputs[key] for key in keys if key in resource.inputs}


def _timed(one: Timed) -> TimedOperation:
    return TimedOperation(
        urn=one.operation.urn,
        name=one.operation.name,
        type=one.operation.type,
        kind=one.operation.kind,
        parent=one.operation.parent,
        start=round(one.start, 3),
        seconds=round(one.duration, 3),
        critical=one.critical,
    )


def _counted(graph: Graph) -> dict[str, int]:
    """Resources by verb as the engine sums them up: without its default providers, and a
    replacement as one."""
    kinds = (
        _SUMMED.get(each.kind, each.kind)
        for each in graph.operations
        if each.kind not in (BARRIER, "delete-replaced")
        and not (each.type.startswith("pulumi:providers:") and each.name.startswith("default"))
    )
    return dict(sorted(Counter(kinds).items()))


def _spread(graph: Graph, parallelism: int) -> Spread:
    found = spread(graph, parallelism, _SPREAD_SAMPLES)
    return Spread(
        samples=found.samples,
        median_seconds=round(found.median, 1),
        p90_seconds=round(found.p90, 1),
        worst_seconds=round(found.worst, 1),
    )

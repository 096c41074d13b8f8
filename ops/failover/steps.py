"""The steps of a failover, in the order that brings inference back first.

What takes long is set in motion before it is waited for: nodes start while the database is
promoted, and the public names turn meanwhile. Traffic moves as soon as the models answer here:
the lost region serves nobody, and what is not here yet answers as soon as it comes.
"""

from __future__ import annotations

from dataclasses import replace

from catalog.timings import seconds
from ops.failover.departure import Departure, files_arrived, last_write
from ops.failover.target import MLFLOW, Failover
from ops.step import Step
from ops.world.cluster import Workload
from ops.world.database import AVAILABLE
from ops.world.site import SiteReads, SiteWorld

FailoverStep = Step[SiteReads, SiteWorld]
RDS = "aws:rds/instance:Instance"


def failover_steps(wanted: Failover, *, installed: bool) -> list[FailoverStep]:
    """All steps; where the standby has not all services `installed`, they are tried once they are
    deployed."""
    moved = [_epoch(wanted), nodes_asked(wanted), models(wanted), traffic()]
    taken_over = [lease(), promoted(wanted), files(wanted), nodes(wanted), services(wanted)]
    return [*moved, *taken_over, *_answering([], installed=installed)]


def departure_steps(wanted: Failover, left: Departure, *, installed: bool) -> list[FailoverStep]:
    """The same for a region that lives and is left on purpose: it serves until everything is ready
    here, and what it wrote is waited for."""
    prepared = [nodes_asked(wanted), nodes(wanted), models(wanted)]
    moved = [replace(_epoch(wanted), interrupts=True), traffic(), lease()]
    taken_over = [last_write(wanted, left), promoted(wanted), services(wanted)]
    opened = [files_arrived(wanted), replace(files(wanted), restores=False)]
    return [*prepared, *moved, *taken_over, *_answering(opened, installed=installed)]


def _answering(before: list[FailoverStep], *, installed: bool) -> list[FailoverStep]:
    """From services that run to a stack that is deployed, `before` what the deployment needs."""
    declared = [*before, _declared(), _refreshed(), _deployed(restores=not installed)]
    return [probed(), arrived(), *declared] if installed else [arrived(), *declared, probed()]


def only_waits(world: object) -> None:
    """Nothing makes it sooner."""
    del world


def _epoch(wanted: Failover) -> FailoverStep:
    def holds(reads: SiteReads) -> bool:
        fence = reads.fence.current()
        return fence is not None and fence.holder == wanted.target.holder

    return Step(
        name="epoch",
        goal=f"{wanted.target.holder} holds the fence, in a new epoch",
        holds=holds,
        make=lambda world: world.fence.take(wanted.target.holder, world.fence.current()),
        takes=seconds("runbook", "take", "fence"),
    )


def nodes_asked(wanted: Failover) -> FailoverStep:
    """Nodes, before they are waited for."""

    def short(reads: SiteReads) -> list[str]:
        groups = {name: reads.cluster.node_group(name) for name in wanted.pools}
        return [
            name for name, group in groups.items() if group and group.desired < wanted.pools[name]
        ]

    def make(world: SiteWorld) -> None:
        for name, desired in wanted.pools.items():
            group = world.cluster.node_group(name)
            if group is not None and group.desired < desired:
                world.cluster.resize(name, desired)

    return Step(
        name="nodes asked for",
        goal="the node groups are asked for the primary's nodes",
        holds=lambda reads: not short(reads),
        make=make,
        takes=seconds("runbook", "ask", "nodes"),
    )


def models(wanted: Failover) -> FailoverStep:
    """Models, asked through this region's own balancer."""
    return Step(
        name="models",
        goal=f"the models answer here: {', '.join(wanted.models) or 'there are none'} "
        "(leave a broken one out with --without)",
        holds=lambda reads: not reads.probe.unready_models(wanted.models),
        make=only_waits,
        takes=seconds("runbook", "wait", "models"),
        kind="wait",
        began_by="nodes asked for",
    )


def traffic() -> FailoverStep:
    """The metric that moves traffic to this region, and what keeps it published."""
    return Step(
        name="traffic",
        goal="the metric that moves traffic here is published, and goes on being published",
        holds=lambda reads: reads.traffic.moved() and reads.traffic.kept_moved(),
        make=lambda world: world.traffic.move(),
        takes=seconds("runbook", "publish", "traffic"),
    )


def lease() -> FailoverStep:
    """The side before is closed: it said so, or its lease is over."""

    def holds(reads: SiteReads) -> bool:
        fence = reads.fence.current()
        return fence is not None and reads.clock.now() >= fence.opens_at

    return Step(
        name="lease",
        goal="the lost side's lease is over, and so are its writes",
        holds=holds,
        make=only_waits,
        takes=seconds("runbook", "wait", "lease"),
        kind="wait",
        began_by="epoch",
    )


def promoted(wanted: Failover) -> FailoverStep:
    """The replica, made to take writes."""

    def holds(reads: SiteReads) -> bool:
        found = reads.database.instance(wanted.database)
        return found is not None and found.writable

    def make(world: SiteWorld) -> None:
        found = world.database.instance(wanted.database)
        if found is not None and found.follows is not None and found.status == AVAILABLE:
            world.database.promote(wanted.database, wanted.backup_days)

    return Step(
        name="database",
        goal=f"{wanted.database} takes writes",
        holds=holds,
        make=make,
        takes=seconds(RDS, "promote"),
        kind="wait",
        irreversible=wanted.database,
    )


def files(wanted: Failover) -> FailoverStep:
    """The shared file system, made to take writes."""
    return Step(
        name="files",
        goal=f"{wanted.file_system} takes writes",
        holds=lambda reads: reads.files.replicates(wanted.file_system) is None,
        make=lambda world: world.files.detach(wanted.file_system),
        takes=seconds("aws:efs/replicationConfiguration:ReplicationConfiguration", "delete"),
        kind="wait",
    )


def nodes(wanted: Failover) -> FailoverStep:
    """Nodes that were asked for."""
    return Step(
        name="nodes",
        goal="these nodes take pods",
        holds=lambda reads: all(
            reads.cluster.ready_nodes(name) >= desired for name, desired in wanted.pools.items()
        ),
        make=only_waits,
        takes=seconds("aws:eks/nodeGroup:NodeGroup", "update-scale"),
        kind="wait",
        began_by="nodes asked for",
    )


def services(wanted: Failover) -> FailoverStep:
    """MLflow with the primary's pods."""

    def short(reads: SiteReads) -> dict[Workload, int]:
        found = {workload: reads.cluster.replicas(workload) for workload in wanted.workloads}
        return {
            workload: wanted.workloads[workload]
            for workload, replicas in found.items()
            if replicas and min(replicas.wanted, replicas.ready) < wanted.workloads[workload]
        }

    def make(world: SiteWorld) -> None:
        for workload, least in wanted.workloads.items():
            replicas = world.cluster.replicas(workload)
            if replicas is not None and replicas.wanted < least:
                world.cluster.scale(workload, least)

    return Step(
        name="services",
        goal=f"{', '.join(str(workload) for workload in wanted.workloads)} run as in the primary",
        holds=lambda reads: not short(reads),
        make=make,
        takes=seconds("kubernetes:apps/v1:Deployment", "update"),
        kind="wait",
    )


def probed() -> FailoverStep:
    """MLflow, tried as its users do."""

    def holds(reads: SiteReads) -> bool:
        fence = reads.fence.current()
        return fence is not None and reads.probe.passed(fence.epoch)

    def make(world: SiteWorld) -> None:
        fence = world.fence.current()
        if fence is not None:
            world.probe.log_run(fence.epoch)

    return Step(
        name="probe",
        goal=f"a run was logged in {MLFLOW} here, and its artifact read again",
        holds=holds,
        make=make,
        takes=seconds("runbook", "probe", "services"),
    )


def arrived() -> FailoverStep:
    """Public names, once the switch has turned."""
    return Step(
        name="names",
        goal="the public names lead here",
        holds=lambda reads: reads.traffic.arrived(),
        make=only_waits,
        takes=seconds("runbook", "wait", "traffic"),
        kind="wait",
        began_by="traffic",
    )


def _declared() -> FailoverStep:
    return Step(
        name="role",
        goal="the stack file declares the role primary",
        holds=lambda reads: reads.declaration.declared_role() == "primary",
        make=lambda world: world.declaration.declare_primary(),
        takes=seconds("runbook", "write", "declaration"),
        restores=False,
    )


def _refreshed() -> FailoverStep:
    return Step(
        name="refresh",
        goal="the state knows that the database follows nobody",
        holds=lambda reads: reads.declaration.known_source() is None,
        make=lambda world: world.declaration.refresh(),
        takes=seconds("runbook", "refresh", "declaration"),
        kind="wait",
        restores=False,
    )


def _deployed(*, restores: bool) -> FailoverStep:
    return Step(
        name="deployment",
        goal="the stack is deployed as a primary",
        holds=lambda reads: reads.declaration.deployed_role() == "primary",
        make=lambda world: world.declaration.deploy(),
        takes=seconds("runbook", "deploy", "declaration"),
        kind="wait",
        restores=restores,
    )

"""The order of a whole rehearsal: two regions come up, change, and are torn down again."""

from __future__ import annotations

from collections.abc import Sequence

from rehearsal.engine.workspace import Settings
from rehearsal.scenario import (
    failback,
    lost_region,
    operator,
    served,
    services,
    standby_drill,
    steps,
    together,
)
from rehearsal.scenario.lineup import Lineup
from rehearsal.scenario.steps import Step

REPLACING = ("replace", "create-replacement", "delete-replaced", "update")
"""A replaced resource also updates those that refer to it."""


def bring_up(stack: str) -> list[Step]:
    """The newcomer's four steps."""
    return [
        Step(stack, "preview", steps.preview),
        Step(stack, "up", steps.deploy),
        Step(stack, "up again", steps.deploy_again()),
        Step(stack, "refresh", steps.refresh),
    ]


SERVED = (served.applications, served.models, served.names)
"""What is looked at whenever services were changed."""


def serve(stack: str) -> list[Step]:
    """Everything that a first deployment does without, and models whose canaries move."""
    on = steps.edit(
        "everything on",
        services.everything,
        "create",
        *REPLACING,
        first=(operator.push_images, operator.provide_secrets),
        looks=(steps.ordered, *SERVED),
    )
    decided = steps.edit("canaries decided", services.canaries_decided, "update", looks=SERVED)
    done = steps.edit("canaries done", services.canaries_done, "update", "delete", looks=SERVED)
    return [
        Step(stack, "everything on", on),
        Step(stack, "up again, everything on", steps.deploy_again("up again, everything on")),
        Step(stack, "canaries decided", decided),
        Step(stack, "canaries done", done),
    ]


def change(stack: str) -> list[Step]:
    """One edit that AWS takes in place, one that it only takes as a new resource."""
    update = steps.edit("edit that updates", grow_compute_and_retention, "update")
    replace = steps.edit("edit that replaces", new_compute_generation, *REPLACING)
    return [Step(stack, "edit that updates", update), Step(stack, "edit that replaces", replace)]


def tear_down(stack: str) -> list[Step]:
    """Refused first, by the engine and by the policy pack; then unprotected without being judged,
    destroyed, counted."""
    lift = steps.edit(
        "lift the protection",
        lift_protection,
        "update",
        judged=False,
        first=(operator.empty_repositories,),
    )
    return [
        Step(stack, "destroy, protected", steps.refused_destroy),
        Step(stack, "lift the protection, judged", steps.refused_lifting(lift_protection)),
        Step(stack, "lift the protection", lift),
        Step(stack, "destroy", steps.destroy),
        Step(stack, "leftovers", steps.leftovers),
    ]


def unlink(stack: str) -> list[Step]:
    """Of a link only the vaults are protected, and nothing stays of those that are empty."""
    lift = steps.edit("lift the protection", lift_protection, judged=False)
    return [
        Step(stack, "destroy, protected", steps.refused_destroy),
        Step(stack, "lift the protection", lift),
        Step(stack, "destroy", steps.destroy),
        Step(stack, "nothing left", steps.nothing_left),
    ]


def stand_together(stacks: Lineup) -> list[Step]:
    """What is judged on the states of several stacks: a standby is like its primary, and what
    only both regions can show together."""
    alike = [
        Step(standby, "parity", together.parity(primary))
        for standby, primary in stacks.standbys.items()
    ]
    judged = [Step(link, "policies together", together.policies) for link in stacks.links]
    return [*alike, *judged]


def lose_region(stacks: Lineup) -> list[Step]:
    """For each standby that is rehearsed with its primary: a drill, then it takes over, and the
    other region returns and stays closed; with the link, whose copies a failback needs, the
    platform returns there."""
    pairs = [
        (standby, primary)
        for standby, primary in stacks.standbys.items()
        if {standby, primary} <= set(stacks.asked)
    ]
    return [
        step
        for standby, primary in pairs
        for step in (
            Step(standby, "drill", standby_drill.drilled(primary)),
            Step(primary, "region lost", lost_region.lose(standby)),
            Step(standby, "failover, planned", lost_region.plan_failover),
            Step(standby, "failover", lost_region.fail_over),
            Step(standby, "up again, region lost", lost_region.declared),
            Step(primary, "region returned", lost_region.come_back),
            *([Step(standby, "failback, too early", failback.refused)] if returns(stacks) else []),
            Step(primary, "up, region returned", lost_region.stay_closed),
            *(return_home(standby, (primary, standby, *stacks.links)) if returns(stacks) else ()),
        )
    ]


def returns(stacks: Lineup) -> bool:
    """Whether the platform comes home after a loss: a failback needs the link's copies."""
    return bool(set(stacks.links) & set(stacks.asked))


def return_home(standby: str, stacks: Sequence[str]) -> list[Step]:
    """The failback, and all stacks as they were before the loss."""
    return [
        Step(standby, "failback", failback.fail_back),
        *(Step(stack, "up, returned", failback.settled) for stack in stacks),
        Step(standby, "what was kept", failback.cleared),
    ]


def rise_again(stack: str, *, with_peer: bool = True) -> list[Step]:
    """A new generation of the data deploys beside what the first one left behind; `with_peer`
    where the other region's data begin anew as well."""
    change = next_generation if with_peer else next_generation_alone
    title = "up after a teardown"
    return [Step(stack, title, steps.edit(title, change, "create"))]


def link_again(stack: str) -> list[Step]:
    """The same for what spans the regions, once both are there."""
    title = "up after a teardown"
    return [Step(stack, title, steps.edit(title, next_generations_linked, "create"))]


def come_up(stacks: Lineup) -> list[Step]:
    """What is only read comes up as it is; what was asked for, in the newcomer's four steps."""
    return [
        step
        for stack in stacks.stacks
        for step in (
            [Step(stack, "up", steps.deploy)] if stack in stacks.implied else bring_up(stack)
        )
    ]


def lifecycle(stacks: Lineup) -> list[Step]:
    """Everything: up in the given order, torn down in reverse, since a replica's source must
    be there first and go last."""
    serving = [step for stack in stacks.primaries for step in serve(stack)]
    regions = [stack for stack in stacks.asked if stack not in stacks.links]
    links = [stack for stack in stacks.asked if stack in stacks.links]
    changing = [step for stack in regions for step in change(stack)]
    going = [step for stack in links for step in unlink(stack)]
    going += [step for stack in reversed(regions) for step in tear_down(stack)]
    beside_what_stays = stacks.implied.values()
    rising = [
        step
        for stack in regions
        for step in rise_again(stack, with_peer=stack not in beside_what_stays)
    ]
    rising += [step for stack in links for step in link_again(stack)]
    return [
        *come_up(stacks), *stand_together(stacks), *serving, *changing, *going, *rising,
        *lose_region(stacks),
    ]  # fmt: skip


def grow_compute_and_retention(settings: Settings) -> None:
    """Two more compute nodes at most, and the primary's backups kept for another week: those
    that are replicated beside a replica take another retention only as new ones."""
    settings["cluster"]["node_groups"]["compute"]["max"] += 2
    if settings["role"] != "standby":
        settings["database"]["backup_retention_days"] += 7


def new_compute_generation(settings: Settings) -> None:
    """Larger compute nodes: an EKS node group cannot change its instance type."""
    settings["cluster"]["node_groups"]["compute"]["instance_type"] = "m5.4xlarge"


def lift_protection(settings: Settings) -> None:
    """What an operator edits before tearing a stack down."""
    settings["protect_data"] = False


def next_generation(settings: Settings) -> None:
    """What an operator edits before building anew where both stacks were torn down."""
    next_generation_alone(settings)
    if settings.get("peer"):
        settings["peer"]["data_generation"] += 1


def next_generations_linked(settings: Settings) -> None:
    """Both ends of a link with their new data."""
    settings["protect_data"] = True
    for end in ("primary", "standby"):
        settings[end]["data_generation"] += 1


def next_generation_alone(settings: Settings) -> None:
    """The same where the other region's stack stands as it was."""
    services.as_at_first(settings)
    settings["protect_data"] = True
    settings["data_generation"] += 1

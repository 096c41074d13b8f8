"""`mlops backfill`, as an operator types it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ops.backfill.runbook import Direction, backfill
from ops.clock import SystemClock
from ops.errors import Refused
from ops.executor import Hands
from ops.progress import progress
from ops.run import Options, perform
from ops.step import Target
from ops.world.backfill import BackfillReads, BackfillVerbs

LINK = "link"


def run(stack: str, options: Options) -> int:
    """Plan or copy; the exit status."""
    from ops.live.aws import Aws
    from ops.live.batch_jobs import BatchJobs
    from ops.live.engine import Engine

    outputs = Engine(stack, options.project).plain_outputs()
    target = target_of_link(stack, outputs)
    jobs = BatchJobs(Aws, Aws(target.region).account())
    hands: Hands[BackfillReads, BackfillVerbs] = Hands(
        reads=jobs,
        world=jobs,
        clock=SystemClock(),
        progress=progress(),
        confirm=options.confirm,
    )
    return perform(backfill(target, directions(outputs), outputs["images"]), hands, options)


def directions(outputs: Mapping[str, Any]) -> list[Direction]:
    """Both, as the link tells them."""
    return [Direction(name=name, **told) for name, told in sorted(outputs["backfill"].items())]


def target_of_link(stack: str, outputs: Mapping[str, Any]) -> Target:
    """The journal's address of runbooks on a link. Raises Refused where the stack is none."""
    if outputs.get("role") != LINK:
        raise Refused(
            f"--stack {stack}: its role is {outputs.get('role')}, expected a link: the stack that "
            "copies between the regions, such as --stack link"
        )
    return Target(
        stack=stack,
        account_id=outputs["account_id"],
        region=outputs["region"],
        platform=outputs["platform"],
        holder=outputs["region"],
    )

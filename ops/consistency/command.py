"""`mlops consistency`, as an operator types it."""

from __future__ import annotations

from pathlib import Path

from catalog.artifacts import ROOT
from ops.consistency.runbook import consistency
from ops.executor import Hands
from ops.progress import progress
from ops.regions import region
from ops.run import Options, perform
from ops.world.experiments import ExperimentReads, ExperimentVerbs


def run(stack: str, hours: float, outputs: Path | None, options: Options) -> int:
    """List or mark the runs of the last hours whose models did not come over; the exit status."""
    from ops.live.experiments import Experiments

    here = region(stack, options.project, outputs)
    found = Experiments(
        here.parts.mlflow,
        here.parts.objects,
        account=here.parts.aws.account(),
        bucket=here.outputs.buckets["artifacts"].name,
        root=ROOT,
        since=here.parts.clock.now() - hours * 3600,
    )
    hands: Hands[ExperimentReads, ExperimentVerbs] = Hands(
        reads=found,
        world=found,
        clock=here.parts.clock,
        progress=progress(),
        confirm=options.confirm,
    )
    return perform(consistency(here.target), hands, options)

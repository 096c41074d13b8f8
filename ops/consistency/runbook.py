"""`mlops consistency`: runs whose artifacts are not in this region, found and marked.

The database of a promoted replica is as far as its replication was, the artifacts as far as
their bucket's. A model that MLflow's database has as logged to its end has a file `MLmodel`;
where that is missing, the model did not come over. Other files of a run are in no database, so
that of them only runs without any artifact can be told, which is no fault by itself.
Source: MLflow 3, logged models; MLmodel format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from catalog.timings import seconds
from ops.account import account_check
from ops.step import Check, Finding, Runbook, Step, Target
from ops.world.experiments import ExperimentReads, ExperimentVerbs, Run

TAG = "mlops.artifacts"
LOST = "not-replicated"
MANIFEST = "MLmodel"
NO_RUN = "of no run"

ConsistencyRunbook = Runbook[ExperimentReads, ExperimentVerbs]


def consistency(target: Target) -> ConsistencyRunbook:
    """The runbook: lists in its plan, marks when applied."""
    return Runbook(
        name="consistency",
        target=target,
        checks=[account_check(target), Check(name="runs", judge=_told)],
        steps=[_marked()],
    )


def lost_models(reads: ExperimentReads) -> Mapping[str, Sequence[str]]:
    """Names of models that did not come over, by the run that logged them."""
    lost: dict[str, list[str]] = defaultdict(list)
    for model in reads.logged_models():
        if f"{model.folder}/{MANIFEST}" not in reads.stored(model.folder):
            lost[model.run_id].append(model.name)
    return lost


def bare_runs(reads: ExperimentReads) -> Sequence[Run]:
    """Runs without any artifact in this region."""
    return [run for run in reads.runs() if not reads.stored(run.folder)]


def _unmarked(reads: ExperimentReads) -> Sequence[str]:
    """Of the runs that are looked at: a model may be of an older one, or of none, which is told
    and cannot be seen as marked."""
    lost = lost_models(reads)
    return sorted(run.id for run in reads.runs() if run.id in lost and run.tags.get(TAG) != LOST)


def _marked() -> Step[ExperimentReads, ExperimentVerbs]:
    def make(world: ExperimentVerbs) -> None:
        for run_id in _unmarked(world):
            world.mark(run_id, TAG, LOST)

    return Step(
        name="marked",
        goal=f"runs whose models did not come over carry {TAG}={LOST}",
        holds=lambda reads: not _unmarked(reads),
        make=make,
        takes=seconds("runbook", "services", "probe"),
    )


def _told(reads: ExperimentReads) -> Finding:
    runs = reads.runs()
    names = {run.id: f"{run.experiment}/{run.name}" for run in runs}
    lost = lost_models(reads)
    lines = [f"{len(runs)} runs, {len(lost)} with models that did not come over"]
    lines += [
        f"    {names.get(id_, id_ or NO_RUN)}: {', '.join(models)}" for id_, models in lost.items()
    ]
    bare = [f"{names[run.id]}" for run in bare_runs(reads) if run.id not in lost]
    if bare:
        lines.append(f"    without any artifact, which may be so: {', '.join(bare)}")
    return Finding(check="runs", says="\n".join(lines))

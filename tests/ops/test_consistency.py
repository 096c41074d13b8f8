"""Runs whose artifacts did not come over with the database: told, and marked."""

from __future__ import annotations

from pathlib import Path

from ops.consistency.runbook import LOST, TAG, bare_runs, consistency, lost_models
from ops.step import findings
from tests.ops.memory.region import Region
from tests.ops.runbooks import CASES, TARGET

(CASE,) = [case for case in CASES if case.name == "consistency"]


def test_a_model_without_its_manifest_is_lost_and_its_run_is_marked(tmp_path: Path) -> None:
    region = CASE.region()
    assert lost_models(region.experiments) == {"late": ["spam", "churn"], "half": ["fraud"]}
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    marked = {id_ for id_, run in region.experiments.known.items() if run.tags.get(TAG) == LOST}
    assert marked == {"late", "half"}


def test_a_model_of_which_only_some_files_came_is_lost() -> None:
    region = Region()
    region.experiments.log("half", "fraud")
    region.experiments.there.remove("1/models/m-fraud/artifacts/MLmodel")
    assert lost_models(region.experiments) == {"half": ["fraud"]}


def test_the_plan_names_runs_and_models_and_runs_that_have_nothing_at_all() -> None:
    region = CASE.region()
    region.experiments.log("plain")
    assert [run.id for run in bare_runs(region.experiments)] == ["late", "plain"]
    (_, told) = findings(consistency(TARGET).checks, region.experiments)
    assert not told.refuses
    assert told.says.splitlines() == [
        "4 runs, 2 with models that did not come over",
        "    churn/late-name: spam, churn",
        "    churn/half-name: fraud",
        "    without any artifact, which may be so: churn/plain-name",
    ]


def test_a_model_of_an_older_run_or_of_none_is_told_and_marks_nothing(tmp_path: Path) -> None:
    region = CASE.region()
    for run_id in ("older", ""):
        region.experiments.log(run_id, f"model-{run_id}", came=False)
        del region.experiments.known[run_id]
    (_, told) = findings(consistency(TARGET).checks, region.experiments)
    assert "    older: model-older" in told.says.splitlines()
    assert "    of no run: model-" in told.says.splitlines()
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    assert CASE.left(region) == []
    assert set(region.experiments.known) == {"whole", "late", "half"}

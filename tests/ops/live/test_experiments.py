"""Runs and models as MLflow tells them, page by page, and what is stored of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ops.errors import Refused, Retryable
from ops.live.experiments import Experiments
from ops.live.front_door import Door, Reply
from ops.live.mlflow_api import Login, MlflowApi
from tests.ops.memory.parts import MemoryObjects

MODEL = {
    "model_id": "m-1",
    "name": "churn",
    "source_run_id": "r1",
    "status": "LOGGED_MODEL_READY",
    "artifact_uri": "mlflow-artifacts:/1/models/m-1/artifacts",
}


@dataclass(frozen=True)
class Mlflow(Door):
    """Answers a search with one thing a page; notes what it was asked."""

    found: Mapping[str, list[Any]] = field(default_factory=dict[str, "list[Any]"])
    asked: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    status: int = 200

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        call = path.removeprefix("/api/2.0/mlflow/")
        given = json.loads(body or b"{}")
        self.asked.append((call, given))
        member = {"experiments/search": "experiments", "runs/search": "runs"}.get(call, "models")
        found, place = self.found.get(call, []), int(given.get("page_token", 0))
        more = {"next_page_token": str(place + 1)} if place + 1 < len(found) else {}
        document = {member: found[place : place + 1], **more}
        return Reply(status=self.status, body=json.dumps(document).encode())


def _run(number: int) -> dict[str, Any]:
    info = {
        "run_id": f"r{number}",
        "run_name": f"run-{number}",
        "experiment_id": "1",
        "artifact_uri": f"mlflow-artifacts:/1/r{number}/artifacts",
    }
    return {"info": info, "data": {"tags": [{"key": "team", "value": "a"}]}}


def _experiments(door: Mlflow, objects: MemoryObjects | None = None) -> Experiments:
    return Experiments(
        MlflowApi(door, "mlflow.example.com", lambda: Login(user="admin", password="s")),
        objects or MemoryObjects(),
        account="123456789012",
        bucket="artifacts",
        root="mlflow",
        since=1_000.0,
    )


FOUND = {
    "experiments/search": [{"experiment_id": "1", "name": "churn"}],
    "runs/search": [_run(1), _run(2)],
    "logged-models/search": [
        {"info": MODEL},
        {"info": {**MODEL, "model_id": "m-2", "status": "LOGGED_MODEL_PENDING"}},
    ],
}


def _mlflow(status: int = 200) -> Mlflow:
    return Mlflow(addresses={}, found=FOUND, status=status)


def test_every_page_of_runs_since_is_read_with_the_experiments_names() -> None:
    door = _mlflow()
    runs = _experiments(door).runs()
    assert [(run.id, run.experiment, run.folder) for run in runs] == [
        ("r1", "churn", "1/r1/artifacts"),
        ("r2", "churn", "1/r2/artifacts"),
    ]
    assert runs[0].tags == {"team": "a"}
    searches = [given for call, given in door.asked if call == "runs/search"]
    assert {one["filter"] for one in searches} == {"attributes.start_time >= 1000000"}
    assert [one.get("page_token") for one in searches] == [None, "1"]


def test_a_model_that_was_not_logged_to_its_end_does_not_count() -> None:
    (model,) = _experiments(_mlflow()).logged_models()
    assert (model.id, model.run_id, model.folder) == ("m-1", "r1", "1/models/m-1/artifacts")


def test_what_is_stored_is_told_without_the_root() -> None:
    objects = MemoryObjects()
    objects.put("artifacts", "mlflow/1/models/m-1/artifacts/MLmodel", b"")
    objects.put("artifacts", "mlflow/1/models/m-10/artifacts/MLmodel", b"")
    stored = _experiments(_mlflow(), objects).stored("1/models/m-1/artifacts")
    assert stored == ["1/models/m-1/artifacts/MLmodel"]


def test_a_run_is_marked_by_a_tag() -> None:
    door = _mlflow()
    _experiments(door).mark("r1", "mlops.artifacts", "not-replicated")
    mark = {"run_id": "r1", "key": "mlops.artifacts", "value": "not-replicated"}
    assert door.asked == [("runs/set-tag", mark)]


@pytest.mark.parametrize(("status", "error"), [(503, Retryable), (403, Refused)])
def test_what_mlflow_refuses_is_no_empty_list(status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=str(status)):
        _experiments(_mlflow(status=status)).runs()

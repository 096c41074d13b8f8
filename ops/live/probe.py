"""Tries MLflow and the models of this region as their users do, before names lead here.

The evidence stays where users would look: a run of the experiment `platform-probe`, tagged with
the fence's epoch. Source: MLflow REST API; KServe, Open Inference Protocol and V1 protocol.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import quote

from ops.errors import Refused, Retryable
from ops.live.front_door import Door
from ops.live.mlflow_api import Login, MlflowApi, accepted, answer
from ops.world.objects import ObjectReads

EXPERIMENT = "platform-probe"
EPOCH, OUTCOME, PASSED = "mlops.epoch", "mlops.outcome", "passed"
ARTIFACT = "probe.txt"
SCHEME = "mlflow-artifacts:/"
REQUEST = "probe.json"
"""Object beside a model: a request that it must answer. Models without one are asked whether
they are ready."""
V1, V2 = "/v1/models/{model}", "/v2/models/{model}/ready"


@dataclass(frozen=True, kw_only=True)
class Places:
    """Public names, and where the models lie, as `s3://bucket/key` by model."""

    mlflow: str
    models: str
    stored: Mapping[str, str]

    def model(self, name: str) -> str:
        """Public name of a model of the platform's own namespace."""
        return f"{name}-models.{self.models}"


class Probe:
    """This region's services, asked through its balancers."""

    def __init__(
        self, door: Door, places: Places, login: Callable[[], Login], objects: ObjectReads
    ) -> None:
        self._door, self._places, self._objects = door, places, objects
        self._mlflow = MlflowApi(door, places.mlflow, login)

    def unready_models(self, names: Sequence[str]) -> Sequence[str]:
        """Models that do not predict, or, without a stored request, are not ready."""
        return [name for name in names if not self._answers(name)]

    def passed(self, epoch: int) -> bool:
        """Whether a run of this epoch is marked as passed. False while MLflow is not up."""
        try:
            return bool(self._runs(epoch))
        except Retryable:
            return False

    def log_run(self, epoch: int) -> None:
        """Log a run, store an artifact, read it again, compare, and mark the run."""
        given = {
            "experiment_id": self._experiment() or self._new_experiment(),
            "run_name": f"epoch-{epoch}",
            "tags": [{"key": EPOCH, "value": str(epoch)}],
        }
        run = self._mlflow.call("POST", "runs/create", given)["run"]
        self._artifact(run["info"]["artifact_uri"], f"epoch {epoch}".encode())
        run_id = run["info"]["run_id"]
        mark = {"run_id": run_id, "key": OUTCOME, "value": PASSED}
        self._mlflow.call("POST", "runs/set-tag", mark)
        self._mlflow.call("POST", "runs/update", {"run_id": run_id, "status": "FINISHED"})

    def _answers(self, model: str) -> bool:
        host, request = self._places.model(model), self._request(model)
        try:
            if request is None:
                paths = [path.format(model=model) for path in (V1, V2)]
                return any(self._door.ask(host, "GET", path).status == 200 for path in paths)
            path = (
                f"/v2/models/{model}/infer"
                if "inputs" in request
                else (f"{V1.format(model=model)}:predict")
            )
            body = json.dumps(request).encode()
            header = {"Content-Type": "application/json"}
            return self._door.ask(host, "POST", path, body, header).status == 200
        except (OSError, HTTPException):
            return False

    def _request(self, model: str) -> dict[str, Any] | None:
        bucket, _, folder = self._places.stored[model].removeprefix("s3://").partition("/")
        try:
            text = self._objects.text(bucket, f"{folder.rstrip('/')}/{REQUEST}")
        except Refused:
            return None
        return cast("dict[str, Any]", json.loads(text))

    def _runs(self, epoch: int) -> list[object]:
        experiment = self._experiment()
        if experiment is None:
            return []
        wanted = f"tags.`{EPOCH}` = '{epoch}' and tags.`{OUTCOME}` = '{PASSED}'"
        query = {"experiment_ids": [experiment], "filter": wanted, "max_results": 1}
        return self._mlflow.call("POST", "runs/search", query).get("runs", [])

    def _experiment(self) -> str | None:
        path = f"experiments/get-by-name?experiment_name={EXPERIMENT}"
        reply = self._mlflow.reply("GET", f"/api/2.0/mlflow/{path}", None)
        if reply.status == 404:
            return None
        return str(answer(reply, path)["experiment"]["experiment_id"])

    def _new_experiment(self) -> str:
        made = self._mlflow.call("POST", "experiments/create", {"name": EXPERIMENT})
        return str(made["experiment_id"])

    def _artifact(self, uri: str, content: bytes) -> None:
        if not uri.startswith(SCHEME):
            raise Refused(f"MLflow's artifacts are at {uri}, expected {SCHEME}…: served by MLflow")
        folder = quote(uri.removeprefix(SCHEME).strip("/"))
        path = f"/api/2.0/mlflow-artifacts/artifacts/{folder}/{ARTIFACT}"
        accepted(self._mlflow.reply("PUT", path, content), "storing an artifact")
        found = accepted(self._mlflow.reply("GET", path, None), "reading an artifact").body
        if found != content:
            raise Refused(f"MLflow: {ARTIFACT}: {found!r} was read, {content!r} was stored")

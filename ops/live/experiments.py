"""Runs and logged models as MLflow knows them, and their artifacts in this region's bucket.

Source: MLflow REST API (experiments/search, runs/search, logged-models/search).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ops.live.mlflow_api import MlflowApi
from ops.world.experiments import LoggedModel, Run
from ops.world.objects import ObjectReads

SCHEME = "mlflow-artifacts:/"
READY = "LOGGED_MODEL_READY"
AT_ONCE = 100
"""Experiments that one search names."""


class Experiments:
    """What began since `since`, in seconds since 1970; `bucket` and `root` are where MLflow
    keeps its artifacts."""

    def __init__(
        self,
        api: MlflowApi,
        objects: ObjectReads,
        *,
        account: str,
        bucket: str,
        root: str,
        since: float,
    ) -> None:
        self._api, self._objects, self.account = api, objects, account
        self._bucket, self._root, self._since = bucket, root.strip("/"), int(since * 1000)

    def runs(self) -> Sequence[Run]:
        """Runs that began since."""
        query = {"filter": f"attributes.start_time >= {self._since}", "run_view_type": "ALL"}
        return [self._run(each) for each in self._found("runs/search", "runs", query)]

    def logged_models(self) -> Sequence[LoggedModel]:
        """Models that were logged to their end since."""
        query = {"filter": f"creation_timestamp_ms >= {self._since}"}
        found = self._found("logged-models/search", "models", query)
        return [_model(each["info"]) for each in found if each["info"].get("status") == READY]

    def stored(self, folder: str) -> Sequence[str]:
        """Keys below the folder."""
        start = f"{self._root}/{folder}/"
        return [
            key.removeprefix(f"{self._root}/") for key in self._objects.keys(self._bucket, start)
        ]

    def mark(self, run_id: str, tag: str, value: str) -> None:
        """Set a tag."""
        self._api.call("POST", "runs/set-tag", {"run_id": run_id, "key": tag, "value": value})

    @cached_property
    def _names(self) -> dict[str, str]:
        pages = self._api.pages("experiments/search", "experiments", {"view_type": "ALL"})
        return {str(each["experiment_id"]): str(each["name"]) for each in pages}

    def _found(self, path: str, member: str, query: Mapping[str, object]) -> Iterator[Any]:
        ids = sorted(self._names)
        for start in range(0, len(ids), AT_ONCE):
            some = {"experiment_ids": ids[start : start + AT_ONCE]}
            yield from self._api.pages(path, member, {**some, **query})

    def _run(self, found: dict[str, Any]) -> Run:
        info = found["info"]
        tags = found.get("data", {}).get("tags", [])
        return Run(
            id=info["run_id"],
            name=info.get("run_name") or info["run_id"],
            experiment=self._names[str(info["experiment_id"])],
            folder=_folder(info["artifact_uri"]),
            tags={tag["key"]: tag["value"] for tag in tags},
        )


def _model(info: dict[str, Any]) -> LoggedModel:
    return LoggedModel(
        id=info["model_id"],
        name=info["name"],
        run_id=info.get("source_run_id") or "",
        folder=_folder(info["artifact_uri"]),
    )


def _folder(uri: str) -> str:
    return uri.removeprefix(SCHEME).strip("/")

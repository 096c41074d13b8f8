"""What answers behind the balancers of a region: MLflow with its database, models, consoles.

A region that is lost is silent. MLflow takes a run only where the agents let it into its database,
and keeps artifacts in its region's bucket.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rehearsal.site.agents import Agents, Side
from rehearsal.site.cluster import ClusterApi
from rehearsal.site.names import Client

Answer: TypeAlias = tuple[int, bytes]
REGION = re.compile(r"\.(?P<region>[a-z]{2}-[a-z]+-\d)\.elb\.amazonaws\.com$")
MLFLOW = ("mlops-platform", "mlflow")
ARTIFACTS = "/mlflow-artifacts/artifacts/"
OK, NOT_FOUND, DENIED, BROKEN, NOBODY = 200, 404, 401, 500, 503


class Silent(Exception):
    """Nobody answers at the address."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request, and the balancer that it came to."""

    address: str
    host: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Mlflow:
    """What one region's MLflow keeps."""

    experiment: bool = False
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


class Front:
    """All regions. `platform` is the prefix of the production stack."""

    def __init__(
        self,
        client: Client,
        clusters: ClusterApi,
        agents: Agents,
        lost: Callable[[], Sequence[str]],
        platform: str,
        sides: Sequence[Side],
    ) -> None:
        self._client, self._clusters, self._lost = client, clusters, lost
        self._agents, self._platform = agents, platform
        self._buckets = {side.region: side.artifacts for side in sides}
        self._kept: dict[str, _Mlflow] = {}

    def answer(self, asked: Asked) -> Answer:
        """Status and body. Raises Silent."""
        found = REGION.search(asked.address)
        if found is None or found["region"] in self._lost():
            raise Silent(asked.address)
        region = found["region"]
        if not self._pods(region):
            return NOBODY, b""
        if asked.path == "/" or not asked.host.startswith("mlflow."):
            return OK, b""
        if asked.headers.get("Authorization") != self._login(region):
            return DENIED, b""
        return self._mlflow(region, asked)

    def _pods(self, region: str) -> int:
        """Pods of MLflow in the region's cluster."""
        for cluster in self._client("eks", region).list_clusters()["clusters"]:
            shown = self._clusters.deployment(region, cluster, *MLFLOW)
            if shown:
                return int(shown["status"]["readyReplicas"])
        return 0

    def _login(self, region: str) -> str:
        vault = self._client("secretsmanager", region)
        text = vault.get_secret_value(SecretId=f"{self._platform}-mlflow-admin")["SecretString"]
        known = json.loads(text)
        pair = f"{known['username']}:{known['password']}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def _mlflow(self, region: str, asked: Asked) -> Answer:
        kept = self._kept.setdefault(region, _Mlflow())
        if ARTIFACTS in asked.path:
            return OK, self._artifact(region, asked)
        call = asked.path.removeprefix("/api/2.0/mlflow/").partition("?")[0]
        if call == "experiments/get-by-name" and not kept.experiment:
            return NOT_FOUND, b"{}"
        if call in WRITES and not self.takes_writes(region):
            return BROKEN, b"cannot execute INSERT in a read-only transaction"
        given = json.loads(asked.body or b"{}")
        return OK, json.dumps(_called(kept, call, given)).encode()

    def _artifact(self, region: str, asked: Asked) -> bytes:
        """Stored, or read again."""
        place = {"Bucket": self._buckets[region], "Key": asked.path.partition(ARTIFACTS)[2]}
        store = self._client("s3", region)
        if asked.method == "PUT":
            store.put_object(**place, Body=asked.body)
        return store.get_object(**place)["Body"].read()

    def takes_writes(self, region: str) -> bool:
        """Whether the region's agents let MLflow write."""
        self._agents.look()
        return self._agents.admit(region)


WRITES = frozenset({"experiments/create", "runs/create", "runs/set-tag", "runs/update"})


def _called(kept: _Mlflow, call: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """MLflow's REST API, as far as a probe of the platform asks it."""
    if call == "experiments/create":
        kept.experiment = True
        return {"experiment_id": "1"}
    if call == "experiments/get-by-name":
        return {"experiment": {"experiment_id": "1"}}
    if call == "runs/create":
        run_id = f"run-{len(kept.runs) + 1}"
        tags = {tag["key"]: tag["value"] for tag in given["tags"]}
        kept.runs.append({"id": run_id, "tags": tags})
        uri = f"mlflow-artifacts:/1/{run_id}/artifacts"
        return {"run": {"info": {"run_id": run_id, "artifact_uri": uri}}}
    if call == "runs/set-tag":
        (run,) = [each for each in kept.runs if each["id"] == given["run_id"]]
        run["tags"][given["key"]] = given["value"]
    if call == "runs/search":
        return {"runs": [each for each in kept.runs if _matches(each["tags"], given["filter"])]}
    return {}


def _matches(tags: Mapping[str, str], wanted: str) -> bool:
    """Whether tags are as a filter of equalities joined by `and` says."""
    pairs = re.findall(r"tags\.`(?P<key>[^`]+)` = '(?P<value>[^']*)'", wanted)
    return all(tags.get(key) == value for key, value in pairs)

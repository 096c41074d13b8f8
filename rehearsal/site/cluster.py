"""The API of the simulated clusters, as far as runbooks ask it: nodes, Deployments and their scale.

Nodes come some time after their node group was asked for them, pods after their Deployment was.
What a chart brings is not rendered: its Deployments are known by the release whose name begins
theirs, and their replicas by its values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.timings import Timing, seconds
from rehearsal.providers.kubernetes.objects import Key, Objects
from rehearsal.providers.kubernetes.place import stored_as
from rehearsal.providers.kubernetes.releases import API_VERSION as HELM
from rehearsal.providers.kubernetes.releases import KIND as RELEASE
from rehearsal.providers.wire import as_object
from rehearsal.site.names import Client

NODES = seconds("aws:eks/nodeGroup:NodeGroup", "update-scale")
PODS = seconds("kubernetes:apps/v1:Deployment", "update")


@dataclass(frozen=True)
class _Scale:
    """So many are asked for since then; before, there were so many."""

    wanted: int
    before: int
    since: float

    def ready(self, now: float, takes: Timing) -> int:
        slow = now - self.since < takes.typical
        return min(self.wanted, self.before) if slow else self.wanted


class ClusterApi:
    """All clusters of the account. `now`: seconds since 1970."""

    def __init__(self, client: Client, objects: Objects, now: Callable[[], float]) -> None:
        self._client, self._objects, self._now = client, objects, now
        self._nodes: dict[tuple[str, str, str], _Scale] = {}
        self._pods: dict[Key, _Scale] = {}

    def see(self, region: str, cluster: str) -> None:
        """Take note of how many nodes the groups have."""
        for group in self._client("eks", region).list_nodegroups(clusterName=cluster)["nodegroups"]:
            self.ready_nodes(region, cluster, group)

    def ready_nodes(self, region: str, cluster: str, group: str) -> int:
        """Nodes of a group that take pods."""
        eks = self._client("eks", region)
        found = eks.describe_nodegroup(clusterName=cluster, nodegroupName=group)["nodegroup"]
        wanted, now = int(found["scalingConfig"]["desiredSize"]), self._now()
        asked_at = found["modifiedAt"].timestamp()
        key = (region, cluster, group)
        known = self._nodes.get(key) or _Scale(wanted, wanted, now - NODES.slow)
        if known.wanted != wanted:
            known = _Scale(wanted, known.ready(asked_at, NODES), asked_at)
        self._nodes[key] = known
        return known.ready(now, NODES)

    def deployment(self, region: str, cluster: str, namespace: str, name: str) -> Any | None:
        """Wanted and ready pods as Kubernetes shows a Deployment; None where there is none."""
        declared = self._declared(region, cluster, namespace, name)
        if declared is None:
            return None
        key, replicas = declared
        scale = self._pods.get(key) or _Scale(replicas, replicas, self._now() - PODS.slow)
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"replicas": scale.wanted, "selector": {}, "template": {}},
            "status": {"readyReplicas": scale.ready(self._now(), PODS)},
        }

    def scale(self, region: str, cluster: str, namespace: str, name: str, wanted: int) -> bool:
        """Ask for that many pods; False where there is no such Deployment."""
        declared = self._declared(region, cluster, namespace, name)
        if declared is None:
            return False
        key, replicas = declared
        before = self._pods.get(key) or _Scale(replicas, replicas, self._now() - PODS.slow)
        ready = before.ready(self._now(), PODS)
        self._pods[key] = _Scale(wanted, ready, self._now())
        return True

    def _declared(
        self, region: str, cluster: str, namespace: str, name: str
    ) -> tuple[Key, int] | None:
        """Where a Deployment stands, and its replicas when it was made."""
        stored = self.stored(region, cluster)
        own = Key(stored, "apps/v1", "Deployment", namespace, name)
        body = self._objects.get(own)
        if body is not None:
            return own, int(body.get("spec", {}).get("replicas") or 0)
        for body in self._objects.of_kind(stored, RELEASE):
            release = body["metadata"]
            part = name.removeprefix(release["name"])
            if release["namespace"] == namespace and (not part or part != name):
                replicas = _replicas(body.get("values") or {}, part.strip("-"))
                return Key(stored, HELM, RELEASE, namespace, name), replicas
        return None

    def stored(self, region: str, cluster: str) -> str:
        """What the objects of the cluster are stored by."""
        found = self._client("eks", region).describe_cluster(name=cluster)["cluster"]
        return stored_as(cluster, str(found["createdAt"]))


def _replicas(values: Mapping[str, Any], part: str) -> int:
    """Of a chart's only Deployment, or of the component that is a part of the Deployment's name."""
    if not part:
        return int(values.get("replicaCount", 1))
    for component, below in values.items():
        if part.endswith(component) and "replicas" in as_object(below):
            return int(below["replicas"])
    return 1

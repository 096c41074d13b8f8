"""The Deployments that write, scaled to zero while the region is closed, and back.

Through the scale subresource alone, so that the agent may change nothing else of them. The
replicas that they had are kept in the data of one ConfigMap, the only other thing it may change:
an annotation on the Deployments would need the right to rewrite their pods. An autoscaler (HPA)
leaves what has no replicas alone; one that starts from zero (KEDA) must not scale a writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class ClusterError(Exception):
    """The cluster did not do what was asked; the database is fenced all the same."""


@dataclass(frozen=True, kw_only=True, order=True)
class Deployment:
    """One that writes."""

    namespace: str
    name: str

    @property
    def key(self) -> str:
        """Of its replicas in the ConfigMap; namespaces have no dots."""
        return f"{self.namespace}.{self.name}"


class Cluster(Protocol):
    """What the fence does in one cluster. Each raises ClusterError."""

    def replicas(self, deployment: Deployment) -> int | None:
        """That it shall have; None when there is no such deployment."""
        ...

    def scale(self, deployment: Deployment, replicas: int) -> None:
        """Set them."""
        ...

    def remembered(self) -> dict[str, int]:
        """Replicas by `Deployment.key`."""
        ...

    def remember(self, changes: dict[str, int | None]) -> None:
        """Merge these in; None removes a key."""
        ...


class Writers:
    """All of them together; every call is safe to repeat, and to interrupt anywhere."""

    def __init__(self, cluster: Cluster, deployments: tuple[Deployment, ...]) -> None:
        self._cluster = cluster
        self._deployments = deployments

    def stop(self) -> None:
        """Scale to zero what is not, having kept how many there were. Raises ClusterError."""
        for one in self._deployments:
            replicas = self._cluster.replicas(one)
            if replicas:
                self._cluster.remember({one.key: replicas})
                self._cluster.scale(one, 0)

    def start(self) -> None:
        """Scale back what `stop` stopped. One that somebody scaled up meanwhile, or had scaled to
        zero before, stays as it is. Raises ClusterError."""
        if not self._deployments:
            return
        remembered = self._cluster.remembered()
        for one in self._deployments:
            before = remembered.get(one.key)
            if before is None:
                continue
            if self._cluster.replicas(one) == 0:
                self._cluster.scale(one, before)
            self._cluster.remember({one.key: None})

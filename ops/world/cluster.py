"""The cluster as runbooks see it: node groups, workloads, quotas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from catalog.writers import Writer


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """A managed node group."""

    name: str
    desired: int
    largest: int
    """Most nodes that it may have."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A Deployment, or what scales it."""

    namespace: str
    name: str

    @classmethod
    def of(cls, writer: Writer) -> Workload:
        """A Deployment that writes."""
        return cls(namespace=writer.namespace, name=writer.name)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Replicas:
    """Pods of a workload."""

    wanted: int
    ready: int


Outcome = Literal["running", "succeeded", "failed"]
"""How something that runs once stands."""


class ClusterReads(Protocol):
    """Looking at the cluster."""

    def node_group(self, name: str) -> NodeGroup | None:
        """The node group, or None."""
        ...

    def ready_nodes(self, group: str) -> int:
        """Nodes of the group that take pods."""
        ...

    def replicas(self, workload: Workload) -> Replicas | None:
        """Pods of the workload; None where it is not installed."""
        ...

    def quota_vcpus(self, code: str) -> float:
        """The account's quota in this region, in vCPUs."""
        ...

    def job(self, job: Workload) -> Outcome | None:
        """How a job stands; None where there is none of the name."""
        ...

    def backup(self, name: str) -> Outcome | None:
        """How a backup of the cluster stands; None where there is none of the name."""
        ...


class ClusterVerbs(ClusterReads, Protocol):
    """Changing the cluster."""

    def resize(self, group: str, desired: int) -> None:
        """Ask for that many nodes; the group's largest size grows with it."""
        ...

    def scale(self, workload: Workload, replicas: int) -> None:
        """Ask for that many pods, of its autoscaler at least."""
        ...

    def start_job(self, cron_job: Workload, name: str) -> None:
        """Begin a job from a CronJob's template, in its namespace."""
        ...

    def start_backup(self, schedule: str, name: str) -> None:
        """Begin a backup of the cluster from a schedule's template."""
        ...

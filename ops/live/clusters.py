"""EKS node groups, the workloads in the cluster, and quotas."""

from __future__ import annotations

from typing import Protocol

from ops.live.aws import Aws, NotFound
from ops.world.cluster import NodeGroup, Outcome, Replicas, Workload


class InCluster(Protocol):
    """What the cluster's own API tells and does."""

    def ready_nodes(self, group: str) -> int:
        """Nodes of a node group that take pods."""
        ...

    def replicas(self, workload: Workload) -> Replicas | None:
        """Pods of a Deployment, or None."""
        ...

    def scale(self, workload: Workload, replicas: int) -> None:
        """Ask for that many pods."""
        ...

    def job(self, job: Workload) -> Outcome | None:
        """How a job stands, or None."""
        ...

    def start_job(self, cron_job: Workload, name: str) -> None:
        """Begin a job from a CronJob's template."""
        ...

    def backup(self, name: str) -> Outcome | None:
        """How a backup of the cluster stands, or None."""
        ...

    def start_backup(self, schedule: str, name: str) -> None:
        """Begin a backup from a schedule's template."""
        ...


class Clusters:
    """One cluster: its node groups by EKS, what runs on them by its API server."""

    def __init__(self, aws: Aws, cluster: str, api: InCluster) -> None:
        self._aws, self._cluster, self._api = aws, cluster, api

    def node_group(self, name: str) -> NodeGroup | None:
        """The node group, or None."""
        try:
            found = self._aws.read(
                "eks", "describe_nodegroup", clusterName=self._cluster, nodegroupName=name
            )
        except NotFound:
            return None
        sizes = found["nodegroup"]["scalingConfig"]
        return NodeGroup(name=name, desired=sizes["desiredSize"], largest=sizes["maxSize"])

    def ready_nodes(self, group: str) -> int:
        """Nodes of the group that take pods."""
        return self._api.ready_nodes(group)

    def replicas(self, workload: Workload) -> Replicas | None:
        """Pods of the workload; None where it is not installed."""
        return self._api.replicas(workload)

    def quota_vcpus(self, code: str) -> float:
        """The account's quota in this region."""
        found = self._aws.read(
            "service-quotas", "get_service_quota", ServiceCode="ec2", QuotaCode=code
        )
        return float(found["Quota"]["Value"])

    def resize(self, group: str, desired: int) -> None:
        """UpdateNodegroupConfig: EKS refuses more than the largest size, so that grows too."""
        found = self.node_group(group)
        largest = max(desired, found.largest if found else desired)
        self._aws.write(
            "eks",
            "update_nodegroup_config",
            clusterName=self._cluster,
            nodegroupName=group,
            scalingConfig={"desiredSize": desired, "maxSize": largest},
        )

    def scale(self, workload: Workload, replicas: int) -> None:
        """Ask for that many pods."""
        self._api.scale(workload, replicas)

    def job(self, job: Workload) -> Outcome | None:
        """How a job stands."""
        return self._api.job(job)

    def backup(self, name: str) -> Outcome | None:
        """How a backup of the cluster stands."""
        return self._api.backup(name)

    def start_job(self, cron_job: Workload, name: str) -> None:
        """A job from a CronJob's template."""
        self._api.start_job(cron_job, name)

    def start_backup(self, schedule: str, name: str) -> None:
        """A backup from a schedule's template."""
        self._api.start_backup(schedule, name)

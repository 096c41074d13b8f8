"""Karpenter: nodes for pods that the fixed node groups have no room for.

It runs on the managed `system` group, never on nodes of its own. Nodes take an instance profile
that is there already, so that it may make none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.node_images import Family, disks
from components.services.flows import Flow, Pods, scraped, to_api
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import resources

CHART = CHARTS["karpenter"]
DEFINITIONS = CHARTS["karpenter-crd"]
METRICS_PORT = 8080
POOL = "mlops/pool"


@dataclass(frozen=True, kw_only=True)
class NodeImage:
    """What the nodes of a pool boot, and the disk that it has for images and pods' files."""

    family: Family
    release: str
    """`v20260903` of AL2023, `v1.63.0` of Bottlerocket. On a GPU instance Karpenter takes the
    family's image with NVIDIA's driver."""
    disk_gib: int
    user_data: str | None = None
    """Settings in the family's own format; Karpenter adds what a node needs to join."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A kind of node that it may make, and how many."""

    name: str
    requirements: Mapping[str, Sequence[str]]
    """Well-known label → values that are allowed."""
    labels: Mapping[str, str]
    limits: Mapping[str, str]
    """The most of each resource that all nodes of the pool have together."""
    image: NodeImage
    taints: Sequence[Mapping[str, str]] = ()
    weight: int = 10
    consolidate_after: str = "5m"


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    """Where nodes are made and what they look like."""

    cluster_name: Input[str]
    queue_name: Input[str]
    instance_profile: Input[str]
    subnet_ids: Sequence[Input[str]]
    security_group_id: Input[str]
    volume_key_arn: Input[str]
    tags: Mapping[str, str]
    pools: Sequence[Pool]


def karpenter(args: KarpenterArgs) -> ServicePlan:
    """Definitions, controller, and its pools, each with a class of its own."""
    return ServicePlan(
        name="karpenter",
        parts=[
            Release(name="definitions", chart=DEFINITIONS, values={}),
            _controller(args),
            *(part for pool in args.pools for part in _pool(args, pool)),
        ],
        provides={"karpenter.sh": "definitions", "karpenter.k8s.aws": "definitions"},
        flows=_flows(),
    )


def _controller(args: KarpenterArgs) -> Release:
    return Release(
        name="controller",
        chart=CHART,
        values={
            "replicas": 2,
            "serviceAccount": {"create": True, "name": CHART.service_accounts[0]},
            "settings": {
                "clusterName": args.cluster_name,
                "interruptionQueue": args.queue_name,
                "reservedENIs": 0,
            },
            "controller": {"resources": resources("500m", "1Gi", memory_limit="1Gi")},
            "nodeSelector": {"kubernetes.io/os": "linux", POOL: "system"},
            "serviceMonitor": {"enabled": True},
        },
        uses=("monitoring.coreos.com", "karpenter.sh"),
        after=("@identity/karpenter", "@queue"),
    )


def _pool(args: KarpenterArgs, pool: Pool) -> list[Object]:
    name = f"class-{pool.name}"
    return [
        Object(name=name, manifest=_node_class(args, pool), after=("controller",)),
        Object(name=f"pool-{pool.name}", manifest=_node_pool(pool), after=(name,)),
    ]


def _node_class(args: KarpenterArgs, pool: Pool) -> dict[str, Any]:
    image = pool.image
    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": pool.name},
        "spec": {
            "amiSelectorTerms": [{"alias": f"{image.family}@{image.release}"}],
            **({"userData": image.user_data} if image.user_data else {}),
            "instanceProfile": args.instance_profile,
            "subnetSelectorTerms": [{"id": one} for one in args.subnet_ids],
            "securityGroupSelectorTerms": [{"id": args.security_group_id}],
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                # Pods have identities of their own, and no business with the node's.
                "httpPutResponseHopLimit": 1,
            },
            "blockDeviceMappings": [
                _disk(device, gib, args.volume_key_arn)
                for device, gib in disks(image.family, image.disk_gib).items()
            ],
            "tags": dict(args.tags),
        },
    }


def _disk(device: str, gib: int, key_arn: Input[str]) -> dict[str, Any]:
    return {
        "deviceName": device,
        "ebs": {
            "volumeSize": f"{gib}Gi",
            "volumeType": "gp3",
            "encrypted": True,
            "kmsKeyID": key_arn,
            "deleteOnTermination": True,
        },
    }


def _node_pool(pool: Pool) -> dict[str, Any]:
    template: dict[str, Any] = {
        "requirements": [
            {"key": key, "operator": "In", "values": list(values)}
            for key, values in pool.requirements.items()
        ],
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": pool.name},
        "expireAfter": "720h",
        "terminationGracePeriod": "1h",
    }
    if pool.taints:
        template["taints"] = [dict(taint) for taint in pool.taints]
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": pool.name},
        "spec": {
            "weight": pool.weight,
            "template": {"metadata": {"labels": dict(pool.labels)}, "spec": template},
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": pool.consolidate_after,
                "budgets": [{"nodes": "10%"}],
            },
            "limits": dict(pool.limits),
        },
    }


def _flows() -> list[Flow]:
    pods = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/name": CHART.name})
    return [to_api("karpenter", pods), scraped("karpenter", pods, METRICS_PORT)]

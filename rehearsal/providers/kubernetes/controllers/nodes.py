"""Karpenter: an instance for each node pool that takes ordinary pods.

What load there would be nobody knows; that it is more than the node groups carry is taken for
granted, so that a teardown meets a node. Tainted pools start where a model asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.cluster import Cluster
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import as_list, as_object

FAMILY = "karpenter.k8s.aws/instance-family"
TYPE = "node.kubernetes.io/instance-type"
MODELS = "InferenceService"
IMAGE = "ami-0123456789abcdef0"
"""Stands for the newest one of an alias: the simulated account lists no images."""
FINALIZERS: Mapping[str, str] = {
    "NodePool": "karpenter.sh/termination",
    "NodeClaim": "karpenter.sh/termination",
    "EC2NodeClass": "karpenter.k8s.aws/termination",
}


class Nodes:
    """Instances by NodeClaim."""

    name = "karpenter"
    is_addon = False
    of_releases = False
    watches = frozenset({"NodePool", "EC2NodeClass", MODELS})

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """Nodes are drained before their pool or class goes."""
        return FINALIZERS.get(str(body.get("kind")))

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """A node per pool that is asked for; a pool's nodes go with it."""
        ec2 = aws.get("ec2")
        pools = {one["metadata"]["name"]: one for one in cluster.of_kind("NodePool")}
        classes = {one["metadata"]["name"]: one for one in cluster.of_kind("EC2NodeClass")}
        nodes = {_pool_of(one): one for one in cluster.of_kind("NodeClaim")}
        for name in sorted(nodes.keys() - pools.keys()):
            ec2.terminate_instances(InstanceIds=[nodes[name]["status"]["providerID"]])
            cluster.drop(nodes[name])
        for name in sorted(pools.keys() - nodes.keys()):
            wanted = pools[name]["spec"]["template"]["spec"]
            node_class = classes.get(wanted["nodeClassRef"]["name"])
            if node_class is not None and _asked_for(cluster, wanted):
                cluster.put(_launched(cluster, ec2, name, wanted, node_class))


def _asked_for(cluster: Cluster, wanted: Mapping[str, Any]) -> bool:
    taints = {taint["key"] for taint in as_list(wanted.get("taints"))}
    if not taints:
        return True
    tolerated = {
        one.get("key")
        for model in cluster.of_kind(MODELS)
        for one in as_list(model["spec"]["predictor"].get("tolerations"))
    }
    return taints <= tolerated


def _launched(
    cluster: Cluster, ec2: Any, pool: str, wanted: Mapping[str, Any], node_class: Object
) -> Object:
    spec = node_class["spec"]
    tags = {
        **as_object(spec.get("tags")),
        "Name": f"{cluster.name}-{pool}",
        "karpenter.sh/nodepool": pool,
        "eks:eks-cluster-name": cluster.name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
    }
    made = ec2.run_instances(
        ImageId=IMAGE,
        InstanceType=_instance_type(pool, wanted),
        MinCount=1,
        MaxCount=1,
        SubnetId=spec["subnetSelectorTerms"][0]["id"],
        SecurityGroupIds=[one["id"] for one in spec["securityGroupSelectorTerms"]],
        IamInstanceProfile={"Name": spec["instanceProfile"]},
        BlockDeviceMappings=[_disk(one) for one in as_list(spec.get("blockDeviceMappings"))],
        TagSpecifications=[
            {
                "ResourceType": "instance",
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            }
        ],
    )
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodeClaim",
        "metadata": {"name": f"{pool}-00001", "labels": {"karpenter.sh/nodepool": pool}},
        "status": {"providerID": made["Instances"][0]["InstanceId"]},
    }


def _disk(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """As EC2 takes it."""
    ebs = mapping["ebs"]
    key = {"KmsKeyId": ebs["kmsKeyID"]} if ebs.get("kmsKeyID") else {}
    return {
        "DeviceName": mapping["deviceName"],
        "Ebs": {
            "VolumeSize": int(str(ebs["volumeSize"]).removesuffix("Gi")),
            "VolumeType": ebs["volumeType"],
            "Encrypted": bool(ebs.get("encrypted")),
            "DeleteOnTermination": bool(ebs.get("deleteOnTermination", True)),
            **key,
        },
    }


def _instance_type(pool: str, wanted: Mapping[str, Any]) -> str:
    """The first type that the requirements allow."""
    allowed = {one["key"]: as_list(one.get("values")) for one in wanted["requirements"]}
    if allowed.get(TYPE):
        return str(allowed[TYPE][0])
    if allowed.get(FAMILY):
        return f"{allowed[FAMILY][0]}.xlarge"
    raise PluginError(f"NodePool {pool}: requirements: expected {TYPE} or {FAMILY} among them")


def _pool_of(claim: Object) -> str:
    return str(claim["metadata"]["labels"]["karpenter.sh/nodepool"])

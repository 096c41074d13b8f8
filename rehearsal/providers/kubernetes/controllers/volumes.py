"""The EBS CSI driver: a volume for each claim of one of its storage classes.

A volume is made as soon as it is claimed: that a pod mounts it is taken for granted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.cluster import Cluster, private_subnets
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import as_object

PROVISIONER = "ebs.csi.aws.com"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


class Volumes:
    """Volumes by claim; the object PersistentVolume tells which are there."""

    name = "aws-ebs-csi-driver"
    is_addon = True
    of_releases = True
    watches = frozenset({"PersistentVolumeClaim", "StorageClass"})

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """None: a claim can always be deleted; without the driver its disk just stays."""
        del body
        return None

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """A disk per claim, and none without, unless its class retains it."""
        ec2 = aws.get("ec2")
        claims = {_volume(claim): claim for claim in cluster.of_kind("PersistentVolumeClaim")}
        bound = {one["metadata"]["name"]: one for one in cluster.of_kind("PersistentVolume")}
        for name in sorted(claims.keys() - bound.keys()):
            storage = _class(cluster, claims[name])
            if storage is not None:
                cluster.put(_provisioned(cluster, ec2, name, claims[name], storage))
        for name in sorted(bound.keys() - claims.keys()):
            if bound[name]["spec"]["persistentVolumeReclaimPolicy"] == "Delete":
                ec2.delete_volume(VolumeId=bound[name]["spec"]["csi"]["volumeHandle"])
                cluster.drop(bound[name])


def _volume(claim: Object) -> str:
    """Name of the claim's volume; the driver takes the claim's UID."""
    metadata = claim["metadata"]
    digest = hashlib.sha256(f"{metadata['namespace']}/{metadata['name']}".encode()).hexdigest()
    return f"pvc-{digest[:32]}"


def _class(cluster: Cluster, claim: Object) -> Object | None:
    """The claim's storage class, if it is this driver's."""
    wanted = claim["spec"].get("storageClassName")
    for one in cluster.of_kind("StorageClass"):
        notes = as_object(one["metadata"].get("annotations"))
        chosen = one["metadata"]["name"] == wanted
        fallen_back = wanted is None and notes.get(DEFAULT_CLASS) == "true"
        if (chosen or fallen_back) and one["provisioner"] == PROVISIONER:
            return one
    return None


def _provisioned(cluster: Cluster, ec2: Any, name: str, claim: Object, storage: Object) -> Object:
    parameters = as_object(storage.get("parameters"))
    (subnet,) = ec2.describe_subnets(SubnetIds=private_subnets(cluster, ec2)[:1])["Subnets"]
    key = parameters.get("kmsKeyId")
    volume = ec2.create_volume(
        AvailabilityZone=subnet["AvailabilityZone"],
        Size=_gibibytes(claim["spec"]["resources"]["requests"]["storage"]),
        VolumeType=parameters.get("type", "gp3"),
        Encrypted=parameters.get("encrypted") == "true",
        **({"KmsKeyId": key} if key else {}),
        TagSpecifications=[{"ResourceType": "volume", "Tags": _tags(cluster, name, claim)}],
    )
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "csi": {"driver": PROVISIONER, "volumeHandle": volume["VolumeId"]},
            "persistentVolumeReclaimPolicy": str(storage.get("reclaimPolicy") or "Delete"),
        },
    }


def _tags(cluster: Cluster, name: str, claim: Object) -> list[dict[str, str]]:
    """As the driver tags. Source: aws-ebs-csi-driver, docs/tagging."""
    tags = {
        "ebs.csi.aws.com/cluster": "true",
        "CSIVolumeName": name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
        "kubernetes.io/created-for/pvc/name": claim["metadata"]["name"],
        "kubernetes.io/created-for/pvc/namespace": claim["metadata"]["namespace"],
    }
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _gibibytes(quantity: str) -> int:
    return (
        int(quantity.removesuffix("Ti")) * 1024
        if quantity.endswith("Ti")
        else int(quantity.removesuffix("Gi"))
    )

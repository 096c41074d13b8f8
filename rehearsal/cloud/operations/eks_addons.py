"""EKS add-ons, in the versions that the catalogue knows to fit each Kubernetes version."""

from __future__ import annotations

from typing import Any

from catalog.kubernetes import RELEASES
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.operations import eks_pod_identity, eks_updates
from rehearsal.cloud.operations.eks_records import (
    ADDONS,
    arn,
    cluster,
    identifier,
    key,
    not_found,
    of_cluster,
    present,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

TYPES = {
    "vpc-cni": "networking",
    "coredns": "networking",
    "kube-proxy": "networking",
    "aws-ebs-csi-driver": "storage",
    "aws-efs-csi-driver": "storage",
    "snapshot-controller": "storage",
    "eks-pod-identity-agent": "security",
    "metrics-server": "observability",
}
NAMESPACE = "kube-system"
"""Every add-on of the catalogue runs there."""
NEED_PERMISSIONS = frozenset({"vpc-cni", "aws-ebs-csi-driver", "aws-efs-csi-driver"})


def known() -> dict[str, dict[str, list[str]]]:
    """By add-on, then by add-on version: the Kubernetes versions that it fits."""
    found: dict[str, dict[str, list[str]]] = {}
    for release in reversed(RELEASES.values()):
        for name, version in release.addons.items():
            found.setdefault(name, {}).setdefault(version, []).append(release.version)
    return found


def create_addon(call: Call) -> Answer:
    """CreateAddon: active at once. Without a version, the one that fits the cluster."""
    record = cluster(call)
    name = call.params["addonName"]
    version = call.params.get("addonVersion") or RELEASES[record["version"]].addons[name]
    owner = arn(call, f"addon/{record['name']}/{name}/{identifier(call, name)}")
    addon = present(
        {
            "addonName": name,
            "clusterName": record["name"],
            "status": "ACTIVE",
            "addonVersion": version,
            "health": {"issues": []},
            "addonArn": owner,
            "createdAt": now(),
            "modifiedAt": now(),
            "serviceAccountRoleArn": call.params.get("serviceAccountRoleArn"),
            "tags": call.params.get("tags") or {},
            "publisher": "eks",
            "owner": "aws",
            "configurationValues": call.params.get("configurationValues"),
            "podIdentityAssociations": _associations(call, record["name"], owner) or None,
        }
    )
    call.here.table(ADDONS)[key(record["name"], name)] = addon
    return {"addon": addon}


def describe_addon(call: Call) -> Answer:
    """DescribeAddon."""
    return {"addon": _find(call)}


def list_addons(call: Call) -> Answer:
    """ListAddons of a cluster."""
    record = cluster(call)
    addons = of_cluster(call.here, ADDONS, record["name"]).values()
    return page(call, "addons", [addon["addonName"] for addon in addons])


def update_addon(call: Call) -> Answer:
    """UpdateAddon: version, configuration and roles."""
    addon = _find(call)
    changed: dict[str, Any] = {}
    for setting in ("addonVersion", "serviceAccountRoleArn", "configurationValues"):
        if call.params.get(setting) is not None:
            changed[setting] = call.params[setting]
    if call.params.get("podIdentityAssociations") is not None:
        eks_pod_identity.remove_owned(call, addon["addonArn"])
        made = _associations(call, addon["clusterName"], addon["addonArn"])
        changed["podIdentityAssociations"] = made
    addon.update(changed, modifiedAt=now())
    params = {name[0].upper() + name[1:]: value for name, value in changed.items()}
    return eks_updates.begin(
        call, addon["clusterName"], "AddonUpdate", params, part=addon["addonName"]
    )


def delete_addon(call: Call) -> Answer:
    """DeleteAddon: the Pod Identity associations that it made go with it."""
    addon = _find(call)
    eks_pod_identity.remove_owned(call, addon["addonArn"])
    del call.here.table(ADDONS)[key(addon["clusterName"], addon["addonName"])]
    return {"addon": {**addon, "status": "DELETING"}}


def describe_addon_versions(call: Call) -> Answer:
    """DescribeAddonVersions, for all or one add-on and Kubernetes version."""
    only, wanted = call.params.get("kubernetesVersion"), call.params.get("addonName")
    addons = [
        {
            "addonName": name,
            "type": TYPES.get(name, "other"),
            "publisher": "eks",
            "owner": "aws",
            "addonVersions": [
                _version(name, version, fits)
                for version, fits in versions.items()
                if not only or only in fits
            ],
        }
        for name, versions in known().items()
        if not wanted or name == wanted
    ]
    return page(call, "addons", [addon for addon in addons if addon["addonVersions"]])


def describe_addon_configuration(call: Call) -> Answer:
    """DescribeAddonConfiguration: any JSON object is accepted."""
    return {
        "addonName": call.params["addonName"],
        "addonVersion": call.params["addonVersion"],
        "configurationSchema": '{"type": "object"}',
        "podIdentityConfiguration": [],
    }


def _version(name: str, version: str, fits: list[str]) -> dict[str, Any]:
    return {
        "addonVersion": version,
        "architecture": ["amd64", "arm64"],
        "computeTypes": ["ec2", "hybrid"],
        "compatibilities": [
            {"clusterVersion": each, "platformVersions": ["*"], "defaultVersion": True}
            for each in fits
        ],
        "requiresConfiguration": False,
        "requiresIamPermissions": name in NEED_PERMISSIONS,
    }


def _associations(call: Call, cluster_name: str, owner: str) -> list[str]:
    """Make the Pod Identity associations that the call asks for; their ARNs."""
    return [
        eks_pod_identity.associate(
            call,
            cluster_name,
            NAMESPACE,
            each["serviceAccount"],
            role_arn=each["roleArn"],
            owner=owner,
        )["associationArn"]
        for each in call.listed("podIdentityAssociations")
    ]


def _find(call: Call) -> Record:
    record = cluster(call)
    name = call.params["addonName"]
    addon = call.here.table(ADDONS).get(key(record["name"], name))
    if addon is None:
        raise not_found(f"No addon: {name} found in cluster: {record['name']}")
    return addon


OPERATIONS = {
    "CreateAddon": create_addon,
    "DeleteAddon": delete_addon,
    "DescribeAddon": describe_addon,
    "DescribeAddonConfiguration": describe_addon_configuration,
    "DescribeAddonVersions": describe_addon_versions,
    "ListAddons": list_addons,
    "UpdateAddon": update_addon,
}

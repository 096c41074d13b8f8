"""EKS clusters: their own security group and interfaces, versions and configuration."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from typing import Any

from catalog.kubernetes import DEFAULT_VERSION, RELEASES
from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations import eks_access, eks_updates
from rehearsal.cloud.operations.eks_records import (
    ADDONS,
    ASSOCIATIONS,
    CLUSTERS,
    ENTRIES,
    POLICIES,
    UPDATES,
    arn,
    cluster,
    identifier,
    in_use,
    of_cluster,
    present,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.state import Record

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
PLATFORM_VERSION = "eks.8"
SETTINGS = {
    "accessConfig": "AccessConfigUpdate",
    "computeConfig": "AutoModeUpdate",
    "controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "logging": "LoggingUpdate",
    "resourcesVpcConfig": "VpcConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
}
"""What UpdateClusterConfig changes, and the type of update that it is."""


def create_cluster(call: Call) -> Answer:
    """CreateCluster: active at once, with its security group and interfaces."""
    name = call.params["name"]
    if name in call.here.table(CLUSTERS):
        raise in_use(f"Cluster already exists with name: {name}")
    record = _record(call, name)
    call.here.table(CLUSTERS)[name] = record
    _join_vpc(call, record)
    if record["accessConfig"]["bootstrapClusterCreatorAdminPermissions"]:
        eks_access.admit_creator(call, name)
    return {"cluster": record}


def describe_cluster(call: Call) -> Answer:
    """DescribeCluster."""
    return {"cluster": cluster(call, "name")}


def list_clusters(call: Call) -> Answer:
    """ListClusters."""
    return page(call, "clusters", list(call.here.table(CLUSTERS)))


def delete_cluster(call: Call) -> Answer:
    """DeleteCluster: add-ons, entries and associations go with it, and so do its security
    group and interfaces."""
    record = cluster(call, "name")
    for kind in (ADDONS, ENTRIES, POLICIES, ASSOCIATIONS, UPDATES):
        for key in of_cluster(call.here, kind, record["name"]):
            del call.here.table(kind)[key]
    interfaces.release(call.here, record["arn"])
    ec2 = call.here.moto("ec2")
    group_id = record["resourcesVpcConfig"]["clusterSecurityGroupId"]
    ec2.groups[record["resourcesVpcConfig"]["vpcId"]].pop(group_id, None)
    del call.here.table(CLUSTERS)[record["name"]]
    return {"cluster": {**record, "status": "DELETING"}}


def update_cluster_version(call: Call) -> Answer:
    """UpdateClusterVersion: the control plane; nodes and add-ons stay as they are."""
    record = cluster(call, "name")
    record["version"] = call.params["version"]
    params = {"Version": call.params["version"], "PlatformVersion": PLATFORM_VERSION}
    return eks_updates.begin(call, record["name"], "VersionUpdate", params)


def update_cluster_config(call: Call) -> Answer:
    """UpdateClusterConfig: one kind of setting a call, as EKS demands."""
    record = cluster(call, "name")
    given = [setting for setting in SETTINGS if call.params.get(setting) is not None]
    if len(given) != 1:
        raise ApiError(
            "InvalidParameterException",
            "Only one type of update can be allowed."
            if given
            else "The type for cluster update was not provided.",
        )
    setting, value = given[0], call.params[given[0]]
    _change(call, record, setting, value)
    return eks_updates.begin(call, record["name"], SETTINGS[setting], {setting: value})


def associate_encryption_config(call: Call) -> Answer:
    """AssociateEncryptionConfig: encrypt secrets of a cluster that exists."""
    record = cluster(call)
    if record.get("encryptionConfig"):
        raise in_use(f"Cluster already has encryption enabled: {record['name']}")
    record["encryptionConfig"] = call.params["encryptionConfig"]
    params = {"EncryptionConfig": call.params["encryptionConfig"]}
    return eks_updates.begin(call, record["name"], "AssociateEncryptionConfig", params)


def describe_cluster_versions(call: Call) -> Answer:
    """DescribeClusterVersions: those of the catalogue, newest first."""
    wanted = call.params.get("clusterVersions")
    versions = [
        {
            "clusterVersion": release.version,
            "clusterType": "eks",
            "defaultPlatformVersion": PLATFORM_VERSION,
            "defaultVersion": release.version == DEFAULT_VERSION,
            "endOfStandardSupportDate": _midnight(release.standard_support_ends),
            "endOfExtendedSupportDate": _midnight(release.extended_support_ends),
            "versionStatus": _support(release.standard_support_ends),
        }
        for release in reversed(RELEASES.values())
        if not wanted or release.version in wanted
    ]
    if call.params.get("defaultOnly"):
        versions = [version for version in versions if version["defaultVersion"]]
    return page(call, "clusterVersions", versions)


def _record(call: Call, name: str) -> Record:
    digits = hashlib.sha256(identifier(call, name).encode()).hexdigest().upper()[:32]
    host = f"{digits}.gr7.{call.region}.eks.amazonaws.com"
    given = call.params
    return present(
        {
            "name": name,
            "arn": arn(call, f"cluster/{name}"),
            "createdAt": now(),
            "version": given.get("version") or DEFAULT_VERSION,
            "endpoint": f"https://{host}",
            "roleArn": given["roleArn"],
            "resourcesVpcConfig": _vpc_config(given["resourcesVpcConfig"]),
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": "172.20.0.0/16",
                "ipFamily": "ipv4",
                "elasticLoadBalancing": {"enabled": False},
                **(given.get("kubernetesNetworkConfig") or {}),
            },
            "logging": _logging(given.get("logging")),
            "identity": {
                "oidc": {"issuer": f"https://oidc.eks.{call.region}.amazonaws.com/id/{digits}"}
            },
            "status": "ACTIVE",
            "certificateAuthority": {"data": base64.b64encode(f"CA {digits}".encode()).decode()},
            "platformVersion": PLATFORM_VERSION,
            "tags": given.get("tags") or {},
            "encryptionConfig": given.get("encryptionConfig"),
            "health": {"issues": []},
            "accessConfig": {
                "authenticationMode": "CONFIG_MAP",
                "bootstrapClusterCreatorAdminPermissions": True,
                **(given.get("accessConfig") or {}),
            },
            "upgradePolicy": given.get("upgradePolicy") or {"supportType": "EXTENDED"},
            "zonalShiftConfig": given.get("zonalShiftConfig"),
            "computeConfig": given.get("computeConfig"),
            "storageConfig": given.get("storageConfig"),
            "deletionProtection": bool(given.get("deletionProtection")),
        }
    )


def _vpc_config(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "securityGroupIds": [],
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["0.0.0.0/0"] if given.get("endpointPublicAccess", True) else [],
        **given,
    }


def _logging(given: dict[str, Any] | None) -> dict[str, Any]:
    """Every log type once: those that are on, then those that are off."""
    setups = listing(mapping(given).get("clusterLogging"))
    on = [kind for setup in setups if setup.get("enabled") for kind in listing(setup.get("types"))]
    off = [kind for kind in LOG_TYPES if kind not in on]
    both = ((on, True), (off, False))
    return {"clusterLogging": [{"types": t, "enabled": e} for t, e in both if t]}


def _join_vpc(call: Call, record: Record) -> None:
    """The cluster security group, and an interface in two of the subnets, as EKS makes."""
    config, ec2 = record["resourcesVpcConfig"], call.here.moto("ec2")
    subnets = [ec2.get_subnet(subnet_id) for subnet_id in config["subnetIds"]]
    config["vpcId"] = subnets[0].vpc_id
    name = record["name"]
    group = ec2.create_security_group(
        f"eks-cluster-sg-{name}-{call.cloud.number()}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane"
        " master nodes, as well as any managed workloads.",
        vpc_id=config["vpcId"],
        tags={
            "Name": f"eks-cluster-sg-{name}",
            f"kubernetes.io/cluster/{name}": "owned",
            "aws:eks:cluster-name": name,
        },
    )
    config["clusterSecurityGroupId"] = group.id
    by_zone: dict[str, str] = {}
    for subnet in subnets:
        by_zone.setdefault(subnet.availability_zone, subnet.id)
    owner = interfaces.Owner(
        arn=record["arn"], description=f"Amazon EKS {name}", service="amazon-eks"
    )
    groups = [group.id, *config["securityGroupIds"]]
    interfaces.attach(call.here, owner, list(by_zone.values())[:2], groups)


def _change(call: Call, record: Record, setting: str, value: Any) -> None:
    if setting == "deletionProtection":
        record[setting] = value
        return
    before = mapping(record.get(setting))
    after = {**before, **value}
    if setting == "logging":
        after = _logging(_merged_logging(before, value))
    if after == before:
        raise ApiError("InvalidParameterException", f"No changes needed for the {setting} provided")
    record[setting] = after
    if setting == "accessConfig" and before["authenticationMode"] == "CONFIG_MAP":
        eks_access.admit_creator(call, record["name"])


def _merged_logging(before: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """EKS changes only the log types that a call names."""
    state = {t: s["enabled"] for s in before["clusterLogging"] for t in s["types"]}
    for setup in listing(value.get("clusterLogging")):
        state.update(dict.fromkeys(listing(setup.get("types")), setup.get("enabled", False)))
    return {"clusterLogging": [{"types": [t], "enabled": on} for t, on in state.items()]}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _support(standard_support_ends: date) -> str:
    ended = now().date() > standard_support_ends
    return "EXTENDED_SUPPORT" if ended else "STANDARD_SUPPORT"


OPERATIONS = {
    "AssociateEncryptionConfig": associate_encryption_config,
    "CreateCluster": create_cluster,
    "DeleteCluster": delete_cluster,
    "DescribeCluster": describe_cluster,
    "DescribeClusterVersions": describe_cluster_versions,
    "ListClusters": list_clusters,
    "UpdateClusterConfig": update_cluster_config,
    "UpdateClusterVersion": update_cluster_version,
}

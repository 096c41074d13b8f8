"""EKS managed node groups, each with its Auto Scaling group."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.operations import eks_access, eks_scaling, eks_updates
from rehearsal.cloud.operations.eks_records import (
    NODEGROUPS,
    arn,
    cluster,
    identifier,
    in_use,
    key,
    not_found,
    of_cluster,
    present,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.state import Record

DEFAULT_SCALING = {"minSize": 1, "maxSize": 2, "desiredSize": 2}
AMI_RELEASE_DATE = "20261102"
"""Date of the EKS-optimised AMI that the simulated region offers."""


def create_nodegroup(call: Call) -> Answer:
    """CreateNodegroup: active at once."""
    record = cluster(call)
    name = call.params["nodegroupName"]
    if key(record["name"], name) in call.here.table(NODEGROUPS):
        raise in_use(f"NodeGroup already exists with name {name} and cluster name {record['name']}")
    group = _record(call, record, name)
    call.here.table(NODEGROUPS)[key(record["name"], name)] = group
    eks_scaling.create(call, group)
    eks_access.admit_nodes(call, record, group["nodeRole"])
    return {"nodegroup": group}


def describe_nodegroup(call: Call) -> Answer:
    """DescribeNodegroup."""
    return {"nodegroup": _find(call)}


def list_nodegroups(call: Call) -> Answer:
    """ListNodegroups of a cluster."""
    record = cluster(call)
    groups = of_cluster(call.here, NODEGROUPS, record["name"]).values()
    return page(call, "nodegroups", [group["nodegroupName"] for group in groups])


def update_nodegroup_config(call: Call) -> Answer:
    """UpdateNodegroupConfig: labels, taints, sizes and how updates and repairs go."""
    group = _find(call)
    _update_labels(group, call.params.get("labels") or {})
    _update_taints(group, call.params.get("taints") or {})
    changed: dict[str, Any] = {}
    for setting in ("scalingConfig", "updateConfig", "nodeRepairConfig"):
        if call.params.get(setting):
            group[setting] = changed[setting] = _merged(setting, group, call.params[setting])
    if "scalingConfig" in changed:
        eks_scaling.resize(call, group)
    group["modifiedAt"] = now()
    params = {name[0].upper() + name[1:]: value for name, value in changed.items()}
    return eks_updates.begin(
        call, group["clusterName"], "ConfigUpdate", params, part=group["nodegroupName"]
    )


def update_nodegroup_version(call: Call) -> Answer:
    """UpdateNodegroupVersion: Kubernetes and AMI version, or launch template version."""
    group = _find(call)
    record = cluster(call)
    version = call.params.get("version") or (
        group["version"] if call.params.get("launchTemplate") else record["version"]
    )
    group["version"] = version
    group["releaseVersion"] = call.params.get("releaseVersion") or _release(version)
    if call.params.get("launchTemplate"):
        group["launchTemplate"] = _launch_template(call)
    group["modifiedAt"] = now()
    params = {"Version": version, "ReleaseVersion": group["releaseVersion"]}
    return eks_updates.begin(
        call, group["clusterName"], "VersionUpdate", params, part=group["nodegroupName"]
    )


def delete_nodegroup(call: Call) -> Answer:
    """DeleteNodegroup: the access entry of its role goes when no other group uses it."""
    group = _find(call)
    del call.here.table(NODEGROUPS)[key(group["clusterName"], group["nodegroupName"])]
    eks_scaling.delete(call, group)
    others = of_cluster(call.here, NODEGROUPS, group["clusterName"]).values()
    if group["nodeRole"] not in {other["nodeRole"] for other in others}:
        eks_access.forget_nodes(call, group["clusterName"], group["nodeRole"])
    return {"nodegroup": {**group, "status": "DELETING"}}


def _record(call: Call, record: Record, name: str) -> Record:
    given = call.params
    version = given.get("version") or record["version"]
    unique = identifier(call, record["name"], name)
    template = _launch_template(call)
    return present(
        {
            "nodegroupName": name,
            "nodegroupArn": arn(call, f"nodegroup/{record['name']}/{name}/{unique}"),
            "clusterName": record["name"],
            "version": version,
            "releaseVersion": given.get("releaseVersion") or _release(version),
            "createdAt": now(),
            "modifiedAt": now(),
            "status": "ACTIVE",
            "capacityType": given.get("capacityType") or "ON_DEMAND",
            "scalingConfig": {**DEFAULT_SCALING, **(given.get("scalingConfig") or {})},
            "instanceTypes": given.get("instanceTypes") or (None if template else ["t3.medium"]),
            "subnets": given["subnets"],
            "remoteAccess": given.get("remoteAccess"),
            "amiType": given.get("amiType") or "AL2023_x86_64_STANDARD",
            "nodeRole": given["nodeRole"],
            "labels": given.get("labels") or {},
            "taints": given.get("taints") or [],
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{unique}"}]},
            "diskSize": given.get("diskSize") or (None if template else 20),
            "health": {"issues": []},
            "updateConfig": given.get("updateConfig") or {"maxUnavailable": 1},
            "nodeRepairConfig": given.get("nodeRepairConfig"),
            "launchTemplate": template,
            "tags": given.get("tags") or {},
        }
    )


def _launch_template(call: Call) -> dict[str, str] | None:
    """Name, identifier and version of the template: AWS fills in what was not given."""
    given = call.params.get("launchTemplate")
    if not given:
        return None
    for template in call.here.moto("ec2").launch_templates.values():
        if given.get("id") == template.id or given.get("name") == template.name:
            version = given.get("version") or str(template.default_version_number)
            return {"name": template.name, "id": template.id, "version": version}
    return dict(given)


def _release(version: str) -> str:
    return f"{version}.0-{AMI_RELEASE_DATE}"


def _merged(setting: str, group: Record, value: dict[str, Any]) -> dict[str, Any]:
    """Sizes change one by one; the other settings are replaced."""
    return {**group[setting], **value} if setting == "scalingConfig" else value


def _update_labels(group: Record, change: dict[str, Any]) -> None:
    group["labels"].update(mapping(change.get("addOrUpdateLabels")))
    for name in listing(change.get("removeLabels")):
        group["labels"].pop(name, None)


def _update_taints(group: Record, change: dict[str, Any]) -> None:
    def identity(taint: dict[str, str]) -> tuple[str | None, str | None]:
        return taint.get("key"), taint.get("effect")

    taints = {identity(taint): taint for taint in group["taints"]}
    for taint in listing(change.get("removeTaints")):
        taints.pop(identity(taint), None)
    for taint in listing(change.get("addOrUpdateTaints")):
        taints[identity(taint)] = taint
    group["taints"] = list(taints.values())


def _find(call: Call) -> Record:
    record = cluster(call)
    name = call.params["nodegroupName"]
    group = call.here.table(NODEGROUPS).get(key(record["name"], name))
    if group is None:
        raise not_found(f"No node group found for name: {name}.")
    return group


OPERATIONS = {
    "CreateNodegroup": create_nodegroup,
    "DeleteNodegroup": delete_nodegroup,
    "DescribeNodegroup": describe_nodegroup,
    "ListNodegroups": list_nodegroups,
    "UpdateNodegroupConfig": update_nodegroup_config,
    "UpdateNodegroupVersion": update_nodegroup_version,
}

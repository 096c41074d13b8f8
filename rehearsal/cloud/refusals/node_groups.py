"""EKS managed node groups: versions, sizes, machines and where they run."""

from __future__ import annotations

from typing import Any

from catalog.kubernetes import RELEASES, within_skew
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import (
    absent_role,
    absent_subnet,
    architecture,
    instance_types,
    subnets,
    trusts,
)
from rehearsal.cloud.operations.eks_records import CLUSTERS, NODEGROUPS, key
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.refusals.rule import Rule
from rehearsal.cloud.state import Record

DOCS = "https://docs.aws.amazon.com/eks/latest/userguide"
API = "https://docs.aws.amazon.com/eks/latest/APIReference"


def _cluster(call: Call) -> Record | None:
    return call.here.table(CLUSTERS).get(call.params["clusterName"])


def _group(call: Call) -> Record:
    names = key(call.params["clusterName"], call.params["nodegroupName"])
    return call.here.table(NODEGROUPS).get(names, {})


def _skew(call: Call) -> str | None:
    record, version = _cluster(call), call.params.get("version")
    if record is None or version not in RELEASES or within_skew(record["version"], version):
        return None
    return (
        f"Requested Nodegroup version {version} is not allowed with the cluster's version"
        f" {record['version']}: at most three minor versions older, never newer"
    )


def _sizes(call: Call) -> str | None:
    before = {
        "minSize": 1,
        "maxSize": 2,
        "desiredSize": 2,
        **mapping(_group(call).get("scalingConfig")),
    }
    given = call.mapped("scalingConfig")
    if not given:
        return None
    size: dict[str, Any] = {**before, **given}
    if size["minSize"] > size["desiredSize"]:
        return f"Minimum capacity {size['minSize']} is above desired size {size['desiredSize']}"
    if size["desiredSize"] > size["maxSize"]:
        return f"Desired capacity {size['desiredSize']} is above max size {size['maxSize']}"
    return None


def _machines(call: Call) -> str | None:
    for name in call.listed("instanceTypes"):
        if name not in instance_types():
            return f"The following supplied instance types do not exist: [{name}]"
    return None


def _template(call: Call) -> dict[str, Any] | None:
    """The data of the launch template version that the call names, if it exists."""
    given = call.mapped("launchTemplate")
    for template in call.here.moto("ec2").launch_templates.values():
        if given.get("id") == template.id or given.get("name") == template.name:
            number = given.get("version") or template.default_version_number
            for version in template.versions:
                if str(version.number) == str(number):
                    return mapping(version.data)
    return None


def _template_exists(call: Call) -> str | None:
    given = call.mapped("launchTemplate")
    if given and _template(call) is None:
        return (
            f"Launch template {given.get('id') or given.get('name')} does not exist in that version"
        )
    return None


def _architecture(call: Call) -> str | None:
    ami = call.params.get("amiType") or "AL2023_x86_64_STANDARD"
    names = call.listed("instanceTypes") or listing([(_template(call) or {}).get("InstanceType")])
    wanted = "arm64" if "ARM_64" in ami.upper() else "x86_64"
    if ami == "CUSTOM":
        return None
    for name in names:
        if name and architecture(name) != wanted:
            return f"[{name}] is not a valid instance type for the AMI type {ami}"
    return None


def _said_twice(call: Call) -> str | None:
    data = _template(call) or {}
    if call.params.get("launchTemplate") and call.params.get("diskSize"):
        return "Disk size must be specified within the launch template."
    if call.params.get("launchTemplate") and call.params.get("remoteAccess"):
        return "Remote access configuration cannot be specified with a launch template."
    if data.get("InstanceType") and call.params.get("instanceTypes"):
        return "Instance types must be in the launch template or in the request, not in both"
    return None


def _role(call: Call) -> str | None:
    arn = call.params["nodeRole"]
    if absent_role(call, arn):
        return f"The role with name {arn.rpartition('/')[2]} cannot be found."
    if not trusts(call, arn, "ec2.amazonaws.com"):
        return (
            "Following required service principals [ec2.amazonaws.com] were not found in the"
            f" trust relationships of nodeRole {arn}"
        )
    return None


def _subnets(call: Call) -> str | None:
    record = _cluster(call)
    missing = absent_subnet(call, call.params["subnets"])
    if missing:
        return f"The subnet ID '{missing}' does not exist"
    if record is None:
        return None
    for each in call.params["subnets"]:
        if subnets(call.here)[each].vpc_id != record["resourcesVpcConfig"]["vpcId"]:
            return f"Subnet {each} is not in the cluster's VPC"
    return None


def _update_config(call: Call) -> str | None:
    given = call.mapped("updateConfig")
    if given.get("maxUnavailable") and given.get("maxUnavailablePercentage"):
        return "maxUnavailable and maxUnavailablePercentage cannot both be set"
    return None


RULES = (
    Rule(
        name="nodes are not newer than the control plane, and at most three minors older",
        service="eks",
        operations=("CreateNodegroup", "UpdateNodegroupVersion"),
        code="InvalidParameterException",
        url="https://kubernetes.io/releases/version-skew-policy/",
        broken=_skew,
    ),
    Rule(
        name="a node group's sizes are in order",
        service="eks",
        operations=("CreateNodegroup", "UpdateNodegroupConfig"),
        code="InvalidParameterException",
        url=f"{API}/API_NodegroupScalingConfig.html",
        broken=_sizes,
    ),
    Rule(
        name="a node group's instance types exist",
        service="eks",
        operations=("CreateNodegroup",),
        code="InvalidParameterException",
        url=f"{DOCS}/choosing-instance-type.html",
        broken=_machines,
    ),
    Rule(
        name="a node group's launch template exists",
        service="eks",
        operations=("CreateNodegroup", "UpdateNodegroupVersion"),
        code="InvalidRequestException",
        url=f"{DOCS}/launch-templates.html",
        broken=_template_exists,
    ),
    Rule(
        name="a node group's machines run its AMI",
        service="eks",
        operations=("CreateNodegroup",),
        code="InvalidParameterException",
        url=f"{API}/API_Nodegroup.html",
        broken=_architecture,
    ),
    Rule(
        name="what a launch template says is not said again",
        service="eks",
        operations=("CreateNodegroup",),
        code="InvalidParameterException",
        url=f"{DOCS}/launch-templates.html",
        broken=_said_twice,
    ),
    Rule(
        name="a node group's role exists and trusts EC2",
        service="eks",
        operations=("CreateNodegroup",),
        code="InvalidParameterException",
        url=f"{DOCS}/create-node-role.html",
        broken=_role,
    ),
    Rule(
        name="a node group's subnets are of the cluster's VPC",
        service="eks",
        operations=("CreateNodegroup",),
        code="InvalidParameterException",
        url=f"{API}/API_CreateNodegroup.html",
        broken=_subnets,
    ),
    Rule(
        name="a node group's update limit is a number or a percentage",
        service="eks",
        operations=("CreateNodegroup", "UpdateNodegroupConfig"),
        code="InvalidParameterException",
        url=f"{API}/API_NodegroupUpdateConfig.html",
        broken=_update_config,
    ),
)

"""The Auto Scaling group of a managed node group: its name, sizes and tags are EKS's. No
instance runs in it."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.state import Record


def create(call: Call, group: Record) -> None:
    """Make the group, from the node group's launch template or one that EKS makes."""
    name = name_of(group)
    template = group.get("launchTemplate")
    if template is None:
        data = {"InstanceType": group["instanceTypes"][0]}
        made = {"LaunchTemplateName": name, "LaunchTemplateData": data}
        call.ask("ec2", "CreateLaunchTemplate", made)
        template = {"name": name, "version": "1"}
    used = {"LaunchTemplateName": template["name"], "Version": template["version"]}
    asked: dict[str, Any] = {
        "AutoScalingGroupName": name,
        "MinSize": 0,
        "MaxSize": group["scalingConfig"]["maxSize"],
        "LaunchTemplate": used,
        "VPCZoneIdentifier": ",".join(group["subnets"]),
        "Tags": _tags(name, group),
    }
    call.ask("autoscaling", "CreateAutoScalingGroup", asked)
    resize(call, group)


def resize(call: Call, group: Record) -> None:
    """Give the group the node group's sizes."""
    found = call.here.moto("autoscaling").autoscaling_groups.get(name_of(group))
    sizes = group["scalingConfig"]
    # Through moto's API it would start instances, which nobody here looks at.
    found.min_size, found.max_size = sizes["minSize"], sizes["maxSize"]
    found.desired_capacity = sizes["desiredSize"]


def delete(call: Call, group: Record) -> None:
    """Delete the group, and the launch template if it is EKS's."""
    name = name_of(group)
    call.here.moto("autoscaling").autoscaling_groups.pop(name, None)
    if "launchTemplate" not in group:
        call.ask("ec2", "DeleteLaunchTemplate", {"LaunchTemplateName": name})


def name_of(group: Record) -> str:
    """Name of a node group's Auto Scaling group."""
    return group["resources"]["autoScalingGroups"][0]["name"]


def _tags(name: str, group: Record) -> list[dict[str, Any]]:
    cluster = group["clusterName"]
    tags = {
        "eks:cluster-name": cluster,
        "eks:nodegroup-name": group["nodegroupName"],
        "k8s.io/cluster-autoscaler/enabled": "true",
        f"k8s.io/cluster-autoscaler/{cluster}": "owned",
        f"kubernetes.io/cluster/{cluster}": "owned",
    }
    holder = {"ResourceId": name, "ResourceType": "auto-scaling-group"}
    return [
        {**holder, "Key": key, "Value": value, "PropagateAtLaunch": True}
        for key, value in tags.items()
    ]

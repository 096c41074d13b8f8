"""EKS managed node groups: sizes, labels and taints change by one call, versions and the
launch template by another that rolls the nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import Words, reported, request
from rehearsal.providers.wire import Props, as_list, as_object


class NodeGroup(Resource):
    """The ID is `cluster:group`."""

    token: ClassVar[str] = "aws:eks/nodeGroup:NodeGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "forceUpdateVersion",
            "instanceTypes",
            "labels",
            "launchTemplate",
            "nodeGroupName",
            "nodeRepairConfig",
            "nodeRoleArn",
            "releaseVersion",
            "remoteAccess",
            "scalingConfig",
            "subnetIds",
            "tags",
            "taints",
            "updateConfig",
            "version",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset(
        {"clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"amiType", "capacityType", "clusterName", "diskSize", "instanceTypes"}
        | {"nodeGroupName", "nodeRoleArn", "remoteAccess", "subnetIds"}
    )
    autoname: ClassVar[str | None] = "nodeGroupName"
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "launchTemplate": frozenset({"id", "name"})
    }

    def forces(self, old: Props, new: Props) -> frozenset[str]:
        """Another launch template needs another group; another version of it does not."""
        before, after = as_object(old.get("launchTemplate")), as_object(new.get("launchTemplate"))
        kept = all(before.get(key) == after.get(key) for key in ("id", "name"))
        return self.replaces if kept else self.replaces | {"launchTemplate"}

    def create(self, aws: Aws, props: Props) -> str:
        plain = {k: v for k, v in props.items() if k not in _ELSEWHERE}
        asked = request("eks", "CreateNodegroup", plain, rename=_MEMBERS)
        marks = tagging.given(aws, "eks", "CreateNodegroup", props)
        aws.client("eks").create_nodegroup(**asked, **marks)
        return f"{props['clusterName']}:{props['nodeGroupName']}"

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_)

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group = aws.client("eks").describe_nodegroup(**_key(id_))["nodegroup"]
        shown = {
            **group,
            "labels": Words(as_object(group.get("labels"))),
            "taints": as_list(group.get("taints")),
            "tags": tags.own_map(aws, group.get("tags")),
        }
        found = reported(props, shown, _SHOWN, rename=_MEMBERS)
        return {**found, **_template(group), **_outputs(group)}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        config = _config_changes(old, new)
        if config:
            aws.client("eks").update_nodegroup_config(**_key(id_), **config)
            _settle(aws, id_)
        rolled = {k: new[k] for k in _ROLLING if new.get(k) and new[k] != old.get(k)}
        if rolled:
            asked = request("eks", "UpdateNodegroupVersion", rolled)
            force = {"force": True} if new.get("forceUpdateVersion") else {}
            aws.client("eks").update_nodegroup_version(**_key(id_), **asked, **force)
            _settle(aws, id_)
        cluster, name = id_.split(":")
        if old.get("tags") != new.get("tags"):
            group = aws.client("eks").describe_nodegroup(clusterName=cluster, nodegroupName=name)
            tagging.retag(aws, "eks", group["nodegroup"]["nodegroupArn"], old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        eks = aws.client("eks")
        eks.delete_nodegroup(**_key(id_))
        eks.get_waiter("nodegroup_deleted").wait(**_key(id_), WaiterConfig=_POLL)


_ELSEWHERE = frozenset({"tags", "forceUpdateVersion"})
_MEMBERS = {
    "nodeRoleArn": "nodeRole",
    "subnetIds": "subnets",
    "remoteAccess.sourceSecurityGroupIds": "sourceSecurityGroups",
}
_ROLLING = ("version", "releaseVersion", "launchTemplate")
_SHOWN = (
    *("clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "amiType", "capacityType"),
    *("instanceTypes", "diskSize", "version", "releaseVersion", "scalingConfig", "updateConfig"),
    *("labels", "taints", "launchTemplate", "tags"),
)
_POLL = {"Delay": 1, "MaxAttempts": 60}


def _key(id_: str) -> dict[str, str]:
    cluster, _, name = id_.partition(":")
    return {"clusterName": cluster, "nodegroupName": name}


def _settle(aws: Aws, id_: str) -> None:
    waiter = aws.client("eks").get_waiter("nodegroup_active")
    waiter.wait(**_key(id_), WaiterConfig=_POLL)


def _config_changes(old: Props, new: Props) -> dict[str, Any]:
    changed = {
        key: new[key]
        for key in ("scalingConfig", "updateConfig", "nodeRepairConfig")
        if key in new and new[key] != old.get(key)
    }
    asked = request("eks", "UpdateNodegroupConfig", changed)
    if old.get("labels") != new.get("labels"):
        asked["labels"] = _label_changes(as_object(old.get("labels")), as_object(new.get("labels")))
    if old.get("taints") != new.get("taints"):
        asked["taints"] = _taint_changes(as_list(old.get("taints")), as_list(new.get("taints")))
    return asked


def _label_changes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Any]:
    put = {key: text for key, text in new.items() if old.get(key) != text}
    gone = sorted(old.keys() - new.keys())
    changes = {"addOrUpdateLabels": put, "removeLabels": gone}
    return {key: value for key, value in changes.items() if value}


def _taint_changes(old: list[Props], new: list[Props]) -> dict[str, Any]:
    """A taint is known by key and effect; one with another value is put again."""
    kept = {(taint["key"], taint["effect"]) for taint in new}
    put = [taint for taint in new if taint not in old]
    gone = [taint for taint in old if (taint["key"], taint["effect"]) not in kept]
    changes = {"addOrUpdateTaints": put, "removeTaints": gone}
    return {key: value for key, value in changes.items() if value}


def _template(group: Mapping[str, Any]) -> Props:
    """EKS tells both the ID and the name of the template; the program gives one of them."""
    now = group.get("launchTemplate")
    return {"launchTemplate": {**now, "version": str(now["version"])}} if now else {}


def _outputs(group: Mapping[str, Any]) -> Props:
    resources = as_object(group.get("resources"))
    groups = [{"name": one["name"]} for one in as_list(resources.get("autoScalingGroups"))]
    shown: Props = {"autoscalingGroups": groups}
    if resources.get("remoteAccessSecurityGroup"):
        shown["remoteAccessSecurityGroupId"] = resources["remoteAccessSecurityGroup"]
    return {"arn": group["nodegroupArn"], "status": group["status"], "resources": [shown]}


RESOURCES: tuple[Resource, ...] = (NodeGroup(),)

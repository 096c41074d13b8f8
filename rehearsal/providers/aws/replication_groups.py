"""ElastiCache: a replication group, with one shard. Its ID is its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list

_GROUP = {
    "description": "ReplicationGroupDescription",
    "nodeType": "CacheNodeType",
    "parameterGroupName": "CacheParameterGroupName",
    "subnetGroupName": "CacheSubnetGroupName",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "multiAzEnabled": "MultiAZEnabled",
}
_CREATED = ("replicationGroupId", "description", "nodeType", "engine", "engineVersion",
            "numCacheClusters", "automaticFailoverEnabled", "multiAzEnabled",
            "parameterGroupName", "subnetGroupName", "securityGroupIds", "port",
            "transitEncryptionMode",
            "atRestEncryptionEnabled", "transitEncryptionEnabled", "kmsKeyId", "userGroupIds",
            "snapshotRetentionLimit", "snapshotWindow", "maintenanceWindow",
            "autoMinorVersionUpgrade")  # fmt: skip
_CHANGED = ("description", "nodeType", "engineVersion", "parameterGroupName",
            "automaticFailoverEnabled", "multiAzEnabled", "securityGroupIds",
            "transitEncryptionEnabled", "transitEncryptionMode",
            "snapshotRetentionLimit", "snapshotWindow", "maintenanceWindow",
            "autoMinorVersionUpgrade")  # fmt: skip


class ReplicationGroup(Resource):
    """A primary and its replicas."""

    token: ClassVar[str] = "aws:elasticache/replicationGroup:ReplicationGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {*_CREATED, "finalSnapshotIdentifier", "applyImmediately", "tags"}
        | {"logDeliveryConfigurations"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"description"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"replicationGroupId", "engine", "subnetGroupName", "kmsKeyId", "port",
         "atRestEncryptionEnabled"}
    )  # fmt: skip
    autoname: ClassVar[str | None] = "replicationGroupId"

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "elasticache", "CreateReplicationGroup", props)
        given = {key: props[key] for key in _CREATED if props.get(key) is not None}
        asked = request("elasticache", "CreateReplicationGroup", given, rename=_GROUP)
        logs = {"LogDeliveryConfigurations": [_log(one) for one in _logs(props)]}
        aws.client("elasticache").create_replication_group(**asked, **logs, **marks)
        return props["replicationGroupId"]

    @gone_is_none("ReplicationGroupNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("elasticache").describe_replication_groups(ReplicationGroupId=id_)
        group = found["ReplicationGroups"][0]
        shard = group["NodeGroups"][0]
        shown = {
            **_member(aws, group),
            **group,
            "ReplicationGroupDescription": group["Description"],
            "AutomaticFailoverEnabled": group["AutomaticFailover"] == "enabled",
            "MultiAZEnabled": group["MultiAZ"] == "enabled",
            "NumCacheClusters": len(group["MemberClusters"]),
            "Tags": tagging.own(aws, "elasticache", group["ARN"]),
        }
        delivered = [_delivery(one) for one in group["LogDeliveryConfigurations"]]
        return {
            **reported(props, shown, ("replicationGroupId", "description"), rename=_GROUP),
            "logDeliveryConfigurations": aligned(
                props.get("logDeliveryConfigurations"), delivered, "logType"
            ),
            "arn": group["ARN"],
            "primaryEndpointAddress": shard["PrimaryEndpoint"]["Address"],
            "readerEndpointAddress": shard["ReaderEndpoint"]["Address"],
            "memberClusters": group["MemberClusters"],
            "clusterEnabled": group["ClusterEnabled"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _resize(aws, id_, old, new)
        changed = {key: new.get(key) for key in _CHANGED if old.get(key) != new.get(key)}
        asked = request("elasticache", "ModifyReplicationGroup", changed, rename=_GROUP)
        asked |= _members(old, new) | _delivered(old, new)
        if asked:
            at_once = bool(new.get("applyImmediately"))
            aws.client("elasticache").modify_replication_group(
                ReplicationGroupId=id_, ApplyImmediately=at_once, **asked
            )
        arn = aws.arn("elasticache", f"replicationgroup:{id_}")
        tagging.retag(aws, "elasticache", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        final = props.get("finalSnapshotIdentifier")
        kept = {"FinalSnapshotIdentifier": final} if final else {}
        aws.client("elasticache").delete_replication_group(ReplicationGroupId=id_, **kept)


def _member(aws: Aws, group: Mapping[str, Any]) -> dict[str, Any]:
    """What only a member tells of its group."""
    found = aws.client("elasticache").describe_cache_clusters(
        CacheClusterId=group["MemberClusters"][0]
    )
    member = found["CacheClusters"][0]
    parameters = member.get("CacheParameterGroup", {})
    groups = [one["SecurityGroupId"] for one in member.get("SecurityGroups", [])]
    return {**member, **parameters, "SecurityGroupIds": groups}


def _resize(aws: Aws, id_: str, old: Props, new: Props) -> None:
    """More or fewer replicas: the official provider always has this done at once."""
    before, after = int(old.get("numCacheClusters") or 1), int(new.get("numCacheClusters") or 1)
    client = aws.client("elasticache")
    asked: dict[str, Any] = {"ReplicationGroupId": id_, "ApplyImmediately": True}
    if after > before:
        client.increase_replica_count(NewReplicaCount=after - 1, **asked)
    elif after < before:
        client.decrease_replica_count(NewReplicaCount=after - 1, **asked)


def _members(old: Props, new: Props) -> dict[str, Any]:
    """User groups that join and leave."""
    before, after = set(as_list(old.get("userGroupIds"))), set(as_list(new.get("userGroupIds")))
    changes = {"UserGroupIdsToAdd": sorted(after - before),
               "UserGroupIdsToRemove": sorted(before - after)}  # fmt: skip
    return {key: value for key, value in changes.items() if value}


def _delivered(old: Props, new: Props) -> dict[str, Any]:
    """Logs whose delivery changes; one that is no longer given is switched off."""
    before, after = _logs(old), _logs(new)
    kept = {one["logType"] for one in after}
    changed = [_log(one) for one in after if one not in before]
    ended = [
        {"LogType": one["logType"], "Enabled": False}
        for one in before
        if one["logType"] not in kept
    ]
    return {"LogDeliveryConfigurations": [*changed, *ended]} if changed or ended else {}


def _logs(props: Props) -> list[Any]:
    return as_list(props.get("logDeliveryConfigurations"))


_DESTINATIONS = {
    "cloudwatch-logs": ("CloudWatchLogsDetails", "LogGroup"),
    "kinesis-firehose": ("KinesisFirehoseDetails", "DeliveryStream"),
}


def _log(one: Mapping[str, Any]) -> dict[str, Any]:
    """As ElastiCache takes it."""
    details, key = _DESTINATIONS[one["destinationType"]]
    return {
        "LogType": one["logType"],
        "DestinationType": one["destinationType"],
        "DestinationDetails": {details: {key: one["destination"]}},
        "LogFormat": one["logFormat"],
        "Enabled": True,
    }


def _delivery(one: Mapping[str, Any]) -> dict[str, Any]:
    """As Pulumi has it."""
    details, key = _DESTINATIONS[one["DestinationType"]]
    return {
        "logType": one["LogType"],
        "destinationType": one["DestinationType"],
        "destination": one["DestinationDetails"][details][key],
        "logFormat": one["LogFormat"],
    }


RESOURCES: Sequence[Resource] = (ReplicationGroup(),)

"""DynamoDB tables, in one region or replicated to others, with strong consistency if asked.

Indexes are not offered: the platform's tables are looked up by key alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported
from rehearsal.providers.wire import Props, as_list, as_object


class Table(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:dynamodb/table:Table"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "attributes",
            "billingMode",
            "deletionProtectionEnabled",
            "globalTableWitness",
            "hashKey",
            "name",
            "pointInTimeRecovery",
            "rangeKey",
            "readCapacity",
            "replicas",
            "serverSideEncryption",
            "streamEnabled",
            "streamViewType",
            "tableClass",
            "tags",
            "ttl",
            "writeCapacity",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"attributes", "hashKey"})
    replaces: ClassVar[frozenset[str]] = frozenset({"hashKey", "name", "rangeKey"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"billingMode": "PROVISIONED"}
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "replicas": frozenset({"arn", "streamArn", "streamLabel"})
    }

    def create(self, aws: Aws, props: Props) -> str:
        keys = [{"AttributeName": props["hashKey"], "KeyType": "HASH"}]
        if props.get("rangeKey"):
            keys.append({"AttributeName": props["rangeKey"], "KeyType": "RANGE"})
        asked = {**_settings(props), **_stream(props), **_class(props)}
        marks = tagging.given(aws, "dynamodb", "CreateTable", props)
        made = aws.client("dynamodb").create_table(
            TableName=props["name"],
            KeySchema=keys,
            AttributeDefinitions=_attributes(props),
            **asked,
            **marks,
        )
        return made["TableDescription"]["TableName"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_)
        _recover(aws, id_, {}, props)
        _expire(aws, id_, {}, props)
        _replicate(aws, id_, [], props)

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        dynamodb = aws.client("dynamodb")
        table = dynamodb.describe_table(TableName=id_)["Table"]
        shown = {
            **_described(props, table),
            "tags": tagging.own(aws, "dynamodb", table["TableArn"]),
        }
        if "pointInTimeRecovery" in props:
            shown["pointInTimeRecovery"] = _recovery(dynamodb, id_)
        if "ttl" in props:
            shown["ttl"] = _expiry(dynamodb, id_)
        always = ("name", "attributes", "billingMode", "hashKey", "tags")
        return {
            **reported(props, shown, always),
            "arn": table["TableArn"],
            "streamArn": table.get("LatestStreamArn"),
            "streamLabel": table.get("LatestStreamLabel"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        """DynamoDB takes one kind of change in a call."""
        for part in (_settings, _stream, _class):
            if part(old) != part(new):
                aws.client("dynamodb").update_table(TableName=id_, **part(new))
                _settle(aws, id_)
        _recover(aws, id_, old, new)
        _expire(aws, id_, old, new)
        _replicate(aws, id_, as_list(old.get("replicas")), new)
        tagging.retag(aws, "dynamodb", aws.arn("dynamodb", f"table/{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        _replicate(aws, id_, as_list(props.get("replicas")), {})
        dynamodb = aws.client("dynamodb")
        dynamodb.delete_table(TableName=id_)
        dynamodb.get_waiter("table_not_exists").wait(TableName=id_, WaiterConfig=_POLL)


_POLL = {"Delay": 1, "MaxAttempts": 60}


def _attributes(props: Props) -> list[dict[str, str]]:
    return [
        {"AttributeName": one["name"], "AttributeType": one["type"]} for one in props["attributes"]
    ]


def _settings(props: Props) -> dict[str, Any]:
    made: dict[str, Any] = {"BillingMode": props["billingMode"]}
    if props["billingMode"] == "PROVISIONED":
        made["ProvisionedThroughput"] = {
            "ReadCapacityUnits": int(props.get("readCapacity", 0)),
            "WriteCapacityUnits": int(props.get("writeCapacity", 0)),
        }
    made["DeletionProtectionEnabled"] = bool(props.get("deletionProtectionEnabled"))
    encryption = props.get("serverSideEncryption")
    if encryption:
        key = {"KMSMasterKeyId": encryption["kmsKeyArn"]} if "kmsKeyArn" in encryption else {}
        made["SSESpecification"] = {"Enabled": encryption["enabled"]} | (
            {"SSEType": "KMS", **key} if encryption["enabled"] else {}
        )
    return made


def _stream(props: Props) -> dict[str, Any]:
    if not props.get("streamEnabled"):
        return {}
    view = props.get("streamViewType", "NEW_AND_OLD_IMAGES")
    return {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view}}


def _class(props: Props) -> dict[str, Any]:
    return {"TableClass": props["tableClass"]} if props.get("tableClass") else {}


def _described(props: Props, table: Mapping[str, Any]) -> Props:
    keys = {one["KeyType"]: one["AttributeName"] for one in table["KeySchema"]}
    billing = as_object(table.get("BillingModeSummary")).get("BillingMode", "PROVISIONED")
    through = as_object(table.get("ProvisionedThroughput"))
    stream = as_object(table.get("StreamSpecification"))
    attributes = [
        {"name": one["AttributeName"], "type": one["AttributeType"]}
        for one in table["AttributeDefinitions"]
    ]
    shown: Props = {
        "name": table["TableName"],
        "attributes": aligned(props.get("attributes"), attributes, "name"),
        "billingMode": billing,
        "hashKey": keys["HASH"],
        "rangeKey": keys.get("RANGE"),
        "deletionProtectionEnabled": bool(table.get("DeletionProtectionEnabled")),
        "streamEnabled": bool(stream.get("StreamEnabled")),
        "streamViewType": stream.get("StreamViewType"),
        "serverSideEncryption": _encryption(table),
        "replicas": aligned(props.get("replicas"), _replicas(table), "regionName"),
    }
    if billing == "PROVISIONED":
        shown["readCapacity"] = through.get("ReadCapacityUnits")
        shown["writeCapacity"] = through.get("WriteCapacityUnits")
    if table.get("TableClassSummary"):
        shown["tableClass"] = table["TableClassSummary"]["TableClass"]
    if table.get("GlobalTableWitnesses"):
        region = table["GlobalTableWitnesses"][0]["RegionName"]
        shown["globalTableWitness"] = {"regionName": region}
    return shown


def _encryption(table: Mapping[str, Any]) -> Props:
    now = as_object(table.get("SSEDescription"))
    enabled = now.get("Status") in {"ENABLED", "ENABLING", "UPDATING"}
    key = now.get("KMSMasterKeyArn")
    return {"enabled": enabled, **({"kmsKeyArn": key} if enabled and key else {})}


def _replicas(table: Mapping[str, Any]) -> list[Props]:
    own = table["TableArn"].split(":")[3]
    mode = {"consistencyMode": table["MultiRegionConsistency"]} if _strong(table) else {}
    return [
        {"regionName": one["RegionName"], "kmsKeyArn": one.get("KMSMasterKeyId"), **mode}
        for one in as_list(table.get("Replicas"))
        if one["RegionName"] != own
    ]


def _strong(table: Mapping[str, Any]) -> bool:
    return "MultiRegionConsistency" in table


def _recovery(dynamodb: Any, name: str) -> Props:
    found = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    now = as_object(found.get("PointInTimeRecoveryDescription"))
    days = now.get("RecoveryPeriodInDays")
    enabled = now.get("PointInTimeRecoveryStatus") == "ENABLED"
    return {"enabled": enabled, **({"recoveryPeriodInDays": days} if days else {})}


def _expiry(dynamodb: Any, name: str) -> Props:
    now = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    enabled = now.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}
    return {"enabled": enabled, "attributeName": now.get("AttributeName", "")}


def _recover(aws: Aws, name: str, old: Props, new: Props) -> None:
    wanted = new.get("pointInTimeRecovery") or {"enabled": False}
    if wanted == (old.get("pointInTimeRecovery") or {"enabled": False}):
        return
    days = wanted.get("recoveryPeriodInDays")
    aws.client("dynamodb").update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={
            "PointInTimeRecoveryEnabled": wanted["enabled"],
            **({"RecoveryPeriodInDays": days} if days else {}),
        },
    )


def _expire(aws: Aws, name: str, old: Props, new: Props) -> None:
    before, after = as_object(old.get("ttl")), as_object(new.get("ttl"))
    if before == after:
        return
    attribute = after.get("attributeName") or before["attributeName"]
    enabled = bool(after.get("enabled", bool(after)))
    aws.client("dynamodb").update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute},
    )


def _replicate(aws: Aws, name: str, old: list[Props], new: Props) -> None:
    """Add and remove replicas. Strong consistency is chosen with the first ones, which
    come in one call with their witness."""
    before = {one["regionName"]: one for one in old}
    after = {one["regionName"]: one for one in as_list(new.get("replicas"))}
    gone = [{"Delete": {"RegionName": region}} for region in sorted(before.keys() - after.keys())]
    fresh = [{"Create": _replica(one)} for region, one in after.items() if region not in before]
    if fresh and any(one.get("consistencyMode") == "STRONG" for one in after.values()):
        witness = as_object(new.get("globalTableWitness")).get("regionName")
        third = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]}
        _update(aws, name, fresh, MultiRegionConsistency="STRONG", **(third if witness else {}))
        fresh = []
    for change in (*fresh, *gone):
        _update(aws, name, [change])


def _update(aws: Aws, name: str, changes: list[dict[str, Any]], **more: Any) -> None:
    aws.client("dynamodb").update_table(TableName=name, ReplicaUpdates=changes, **more)
    _settle(aws, name)


def _replica(given: Props) -> dict[str, Any]:
    key = {"KMSMasterKeyId": given["kmsKeyArn"]} if given.get("kmsKeyArn") else {}
    return {"RegionName": given["regionName"], **key}


def _settle(aws: Aws, name: str) -> None:
    aws.client("dynamodb").get_waiter("table_exists").wait(TableName=name, WaiterConfig=_POLL)


RESOURCES: tuple[Resource, ...] = (Table(),)

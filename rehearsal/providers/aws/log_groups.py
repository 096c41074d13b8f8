"""CloudWatch log groups and the policies that let services write to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class LogGroup(Resource):
    """Its ID is its name; a retention of 0 days keeps events for ever."""

    token: ClassVar[str] = "aws:cloudwatch/logGroup:LogGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "kmsKeyId", "retentionInDays", "logGroupClass", "skipDestroy", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "logGroupClass"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"retentionInDays": 0, "skipDestroy": False}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "logs",
            "CreateLogGroup",
            props,
            only=("name", "kmsKeyId", "logGroupClass"),
            rename={"name": "logGroupName"},
        )
        marks = tagging.given(aws, "logs", "CreateLogGroup", props)
        aws.client("logs").create_log_group(**asked, **marks)
        return props["name"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props["retentionInDays"]:
            _retain(aws, id_, props)

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group = _group(aws, id_)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        described = {
            **group,
            "name": id_,
            "kmsKeyId": group.get("kmsKeyId"),
            "retentionInDays": group.get("retentionInDays", 0),
            "tags": tagging.own(aws, "logs", arn),
        }
        shown = ("name", "kmsKeyId", "retentionInDays", "logGroupClass", "tags")
        return {**reported(props, described, shown), "arn": arn}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("retentionInDays") != new.get("retentionInDays"):
            _retain(aws, id_, new)
        if old.get("kmsKeyId") != new.get("kmsKeyId"):
            _encrypt(aws, id_, new.get("kmsKeyId"))
        tagging.retag(aws, "logs", aws.arn("logs", f"log-group:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if not props.get("skipDestroy"):
            aws.client("logs").delete_log_group(logGroupName=id_)


class LogResourcePolicy(Resource):
    """Lets services write logs of this account and region; its ID is its name."""

    token: ClassVar[str] = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"policyName", "policyDocument"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"policyName"})

    def create(self, aws: Aws, props: Props) -> str:
        self._put(aws, props)
        return props["policyName"]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("logs").describe_resource_policies()["resourcePolicies"]
        for policy in found:
            if policy["policyName"] == id_:
                return reported(props, policy, ("policyName", "policyDocument"))
        return None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("logs").delete_resource_policy(policyName=id_)

    def _put(self, aws: Aws, props: Props) -> None:
        aws.client("logs").put_resource_policy(
            policyName=props["policyName"], policyDocument=props["policyDocument"]
        )


def _group(aws: Aws, name: str) -> dict[str, Any] | None:
    """AWS finds groups by the beginning of their names only."""
    pages = aws.client("logs").get_paginator("describe_log_groups")
    for page in pages.paginate(logGroupNamePrefix=name):
        for group in page["logGroups"]:
            if group["logGroupName"] == name:
                return group
    return None


def _retain(aws: Aws, name: str, props: Props) -> None:
    logs, days = aws.client("logs"), int(props["retentionInDays"])
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)


def _encrypt(aws: Aws, name: str, key: str | None) -> None:
    logs = aws.client("logs")
    if key:
        logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
    else:
        logs.disassociate_kms_key(logGroupName=name)


RESOURCES: Sequence[Resource] = (LogGroup(), LogResourcePolicy())

"""What a database instance belongs to: subnet group, parameter group, event subscription."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list


class SubnetGroup(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:rds/subnetGroup:SubnetGroup"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "description", "subnetIds", "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"subnetIds"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"description": "Managed by Pulumi"}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "rds",
            "CreateDBSubnetGroup",
            props,
            only=("name", "description", "subnetIds"),
            rename=_SUBNET_GROUP,
        )
        marks = tagging.given(aws, "rds", "CreateDBSubnetGroup", props)
        made = aws.client("rds").create_db_subnet_group(**asked, **marks)
        return made["DBSubnetGroup"]["DBSubnetGroupName"]

    @gone_is_none("DBSubnetGroupNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group = aws.client("rds").describe_db_subnet_groups(DBSubnetGroupName=id_)[
            "DBSubnetGroups"
        ][0]
        shown = {
            "name": group["DBSubnetGroupName"],
            "description": group["DBSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "tags": tagging.own(aws, "rds", group["DBSubnetGroupArn"]),
        }
        return {
            **reported(props, shown, self.inputs),
            "arn": group["DBSubnetGroupArn"],
            "vpcId": group["VpcId"],
            "supportedNetworkTypes": group.get("SupportedNetworkTypes") or ["IPV4"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if any(old.get(key) != new.get(key) for key in ("description", "subnetIds")):
            asked = request(
                "rds",
                "ModifyDBSubnetGroup",
                new,
                only=("name", "description", "subnetIds"),
                rename=_SUBNET_GROUP,
            )
            aws.client("rds").modify_db_subnet_group(**asked)
        tagging.retag(aws, "rds", aws.arn("rds", f"subgrp:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("rds").delete_db_subnet_group(DBSubnetGroupName=id_)


class ParameterGroup(Resource):
    """The ID is the name. A parameter that is no longer given gets its default again."""

    token: ClassVar[str] = "aws:rds/parameterGroup:ParameterGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "description", "family", "parameters", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"family"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "description", "family"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"description": "Managed by Pulumi"}

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "rds", "CreateDBParameterGroup", props)
        aws.client("rds").create_db_parameter_group(
            DBParameterGroupName=props["name"],
            DBParameterGroupFamily=props["family"],
            Description=props["description"],
            **marks,
        )
        return props["name"].lower()

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _set_parameters(aws, id_, as_list(props.get("parameters")))

    @gone_is_none("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        rds = aws.client("rds")
        found = rds.describe_db_parameter_groups(DBParameterGroupName=id_)["DBParameterGroups"]
        if not found:
            return None
        group = found[0]
        shown = {
            "name": group["DBParameterGroupName"],
            "description": group["Description"],
            "family": group["DBParameterGroupFamily"],
            "parameters": aligned(props.get("parameters"), _parameters(rds, id_), "name"),
            "tags": tagging.own(aws, "rds", group["DBParameterGroupArn"]),
        }
        return {**reported(props, shown, self.inputs), "arn": group["DBParameterGroupArn"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        before, after = as_list(old.get("parameters")), as_list(new.get("parameters"))
        _set_parameters(aws, id_, [one for one in after if one not in before])
        kept = {one["name"] for one in after}
        for some in _in_twenties([one for one in before if one["name"] not in kept]):
            aws.client("rds").reset_db_parameter_group(
                DBParameterGroupName=id_, Parameters=[_parameter(one, ()) for one in some]
            )
        tagging.retag(aws, "rds", aws.arn("rds", f"pg:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("rds").delete_db_parameter_group(DBParameterGroupName=id_)


class EventSubscription(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:rds/eventSubscription:EventSubscription"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "enabled", "eventCategories", "snsTopic", "sourceIds", "sourceType", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"snsTopic"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"enabled": True}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "rds",
            "CreateEventSubscription",
            props,
            only=self.inputs - {"tags"},
            rename=_SUBSCRIPTION,
        )
        marks = tagging.given(aws, "rds", "CreateEventSubscription", props)
        aws.client("rds").create_event_subscription(**asked, **marks)
        return props["name"]

    @gone_is_none("SubscriptionNotFound", "SubscriptionNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("rds").describe_event_subscriptions(SubscriptionName=id_)[
            "EventSubscriptionsList"
        ]
        if not found:
            return None
        arn = found[0]["EventSubscriptionArn"]
        shown = {
            "name": found[0]["CustSubscriptionId"],
            "snsTopic": found[0]["SnsTopicArn"],
            "enabled": str(found[0]["Enabled"]).lower() == "true",
            "eventCategories": as_list(found[0].get("EventCategoriesList")),
            "sourceIds": as_list(found[0].get("SourceIdsList")),
            "sourceType": found[0].get("SourceType"),
            "tags": tagging.own(aws, "rds", arn),
        }
        return {
            **reported(props, shown, ("name", "snsTopic", "enabled")),
            "arn": arn,
            "customerAwsId": found[0].get("CustomerAwsId", aws.account_id),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = ("snsTopic", "enabled", "eventCategories", "sourceType")
        rds = aws.client("rds")
        if any(old.get(key) != new.get(key) for key in settings):
            cleared: Props = {"eventCategories": [], **new}
            asked = request(
                "rds", "ModifyEventSubscription", cleared, only=settings, rename=_SUBSCRIPTION
            )
            rds.modify_event_subscription(SubscriptionName=id_, **asked)
        before, after = set(as_list(old.get("sourceIds"))), set(as_list(new.get("sourceIds")))
        for source in sorted(after - before):
            rds.add_source_identifier_to_subscription(SubscriptionName=id_, SourceIdentifier=source)
        for source in sorted(before - after):
            rds.remove_source_identifier_from_subscription(
                SubscriptionName=id_, SourceIdentifier=source
            )
        tagging.retag(aws, "rds", aws.arn("rds", f"es:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("rds").delete_event_subscription(SubscriptionName=id_)


_SUBNET_GROUP = {"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"}
_SUBSCRIPTION = {"name": "SubscriptionName", "snsTopic": "SnsTopicArn"}
_AT_ONCE = 20
"""Parameters that RDS takes in one call."""


def _set_parameters(aws: Aws, name: str, parameters: Sequence[Props]) -> None:
    for some in _in_twenties(parameters):
        aws.client("rds").modify_db_parameter_group(
            DBParameterGroupName=name, Parameters=[_parameter(one, ("value",)) for one in some]
        )


def _parameter(given: Props, extra: Sequence[str]) -> dict[str, Any]:
    made = {"ParameterName": given["name"], "ApplyMethod": given.get("applyMethod", "immediate")}
    return {**made, **{f"Parameter{key.capitalize()}": given[key] for key in extra}}


def _in_twenties(parameters: Sequence[Props]) -> Iterator[Sequence[Props]]:
    for start in range(0, len(parameters), _AT_ONCE):
        yield parameters[start : start + _AT_ONCE]


def _parameters(rds: Any, name: str) -> list[Props]:
    """The parameters that somebody set."""
    pages = rds.get_paginator("describe_db_parameters").paginate(
        DBParameterGroupName=name, Source="user"
    )
    return [
        {
            "name": found["ParameterName"],
            "value": found["ParameterValue"],
            "applyMethod": found.get("ApplyMethod", "immediate"),
        }
        for page in pages
        for found in page["Parameters"]
    ]


RESOURCES: tuple[Resource, ...] = (SubnetGroup(), ParameterGroup(), EventSubscription())

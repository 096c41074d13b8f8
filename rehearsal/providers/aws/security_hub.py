"""Security Hub: the account's subscription and the standards it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Account(Resource):
    """One per account and region; the ID is the account."""

    token: ClassVar[str] = "aws:securityhub/account:Account"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"autoEnableControls", "controlFindingGenerator", "enableDefaultStandards"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"enableDefaultStandards"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = {
        "autoEnableControls": True,
        "enableDefaultStandards": True,
    }

    def create(self, aws: Aws, props: Props) -> str:
        settings = ("controlFindingGenerator", "enableDefaultStandards")
        asked = request("securityhub", "EnableSecurityHub", props, only=settings)
        aws.client("securityhub").enable_security_hub(**asked)
        return aws.account_id

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if not props["autoEnableControls"]:
            self.update(aws, id_, {}, props)

    @gone_is_none("InvalidAccessException", "ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        hub = aws.client("securityhub").describe_hub()
        return {
            **reported(props, hub, ("autoEnableControls", "controlFindingGenerator")),
            "arn": hub["HubArn"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = ("autoEnableControls", "controlFindingGenerator")
        asked = request("securityhub", "UpdateSecurityHubConfiguration", new, only=settings)
        aws.client("securityhub").update_security_hub_configuration(**asked)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("securityhub").disable_security_hub()


class StandardsSubscription(Resource):
    """The ID is the subscription's ARN."""

    token: ClassVar[str] = "aws:securityhub/standardsSubscription:StandardsSubscription"
    inputs: ClassVar[frozenset[str]] = frozenset({"standardsArn"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("securityhub").batch_enable_standards(
            StandardsSubscriptionRequests=[{"StandardsArn": props["standardsArn"]}]
        )
        return made["StandardsSubscriptions"][0]["StandardsSubscriptionArn"]

    @gone_is_none("InvalidAccessException", "ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        pages = aws.client("securityhub").get_paginator("get_enabled_standards").paginate()
        for page in pages:
            for found in page["StandardsSubscriptions"]:
                if found["StandardsSubscriptionArn"] == id_:
                    return {**reported(props, found, self.inputs), "arn": id_}
        return None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is not None:
            aws.client("securityhub").batch_disable_standards(StandardsSubscriptionArns=[id_])


RESOURCES: tuple[Resource, ...] = (Account(), StandardsSubscription())

"""SNS topics, their policies and subscriptions. A topic's ID is its ARN."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props, Value

_TOPIC = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
"""Properties, and SNS's attributes, whose values are all text."""
_SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
_OWNER_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)


class Topic(Resource):
    """A policy is only looked at when given here: else it belongs to `TopicPolicy`."""

    token: ClassVar[str] = "aws:sns/topic:Topic"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "tags", *_TOPIC})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "fifoTopic"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        attributes = _requested(props, _TOPIC)
        if attributes.get("FifoTopic") == "false":  # SNS refuses the attribute for others
            del attributes["FifoTopic"]
        marks = tagging.given(aws, "sns", "CreateTopic", props)
        made = aws.client("sns").create_topic(Name=props["name"], Attributes=attributes, **marks)
        return made["TopicArn"]

    @gone_is_none()
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("sns").get_topic_attributes(TopicArn=id_)["Attributes"]
        described = {
            **dict.fromkeys(_lost(props, _TOPIC, found)),
            **found,
            "Name": id_.rpartition(":")[2],
            "Tags": tagging.own(aws, "sns", id_),
        }
        shown = reported(props, described, ("name", "tags"), rename=_TOPIC)
        return {**shown, "arn": id_, "owner": found["Owner"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        for name, value in _changed(old, new, _TOPIC).items():
            aws.client("sns").set_topic_attributes(
                TopicArn=id_, AttributeName=name, AttributeValue=value
            )
        tagging.retag(aws, "sns", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("sns").delete_topic(TopicArn=id_)


class TopicPolicy(Resource):
    """Who may publish to a topic. A topic always has a policy: a delete gives it back the
    one that AWS makes, which lets in its owner."""

    token: ClassVar[str] = "aws:sns/topicPolicy:TopicPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"arn", "policy"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"arn"})

    def create(self, aws: Aws, props: Props) -> str:
        self._set(aws, props["arn"], props["policy"])
        return props["arn"]

    @gone_is_none()
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("sns").get_topic_attributes(TopicArn=id_)["Attributes"]
        described = {"Arn": id_, "Policy": found["Policy"]}
        return {**reported(props, described, ("arn", "policy")), "owner": found["Owner"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._set(aws, id_, new["policy"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self._set(aws, id_, _owners_policy(aws, id_))

    def _set(self, aws: Aws, arn: str, policy: str) -> None:
        aws.client("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=policy
        )


class TopicSubscription(Resource):
    """Somebody who hears of what is published; people confirm by mail, outside of AWS."""

    token: ClassVar[str] = "aws:sns/topicSubscription:TopicSubscription"
    inputs: ClassVar[frozenset[str]] = frozenset({"topic", "protocol", "endpoint", *_SUBSCRIPTION})
    required: ClassVar[frozenset[str]] = frozenset({"topic", "protocol", "endpoint"})
    replaces: ClassVar[frozenset[str]] = required

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("sns").subscribe(
            TopicArn=props["topic"],
            Protocol=props["protocol"],
            Endpoint=props["endpoint"],
            Attributes=_requested(props, _SUBSCRIPTION),
            ReturnSubscriptionArn=True,
        )
        return made["SubscriptionArn"]

    @gone_is_none()
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("sns").get_subscription_attributes(SubscriptionArn=id_)["Attributes"]
        described = {
            **dict.fromkeys(_lost(props, _SUBSCRIPTION, found)),
            **found,
            "Topic": found["TopicArn"],
        }
        return {
            **reported(props, described, ("topic", "protocol", "endpoint"), rename=_SUBSCRIPTION),
            "arn": id_,
            "ownerId": found["Owner"],
            "pendingConfirmation": found.get("PendingConfirmation") == "true",
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        for name, value in _changed(old, new, _SUBSCRIPTION).items():
            aws.client("sns").set_subscription_attributes(
                SubscriptionArn=id_, AttributeName=name, AttributeValue=value
            )

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("sns").unsubscribe(SubscriptionArn=id_)


def _requested(props: Props, names: Mapping[str, str]) -> dict[str, str]:
    return {
        attribute: _text(props[key])
        for key, attribute in names.items()
        if props.get(key) is not None
    }


def _changed(old: Props, new: Props, names: Mapping[str, str]) -> dict[str, str]:
    """Attributes to set, to get from `old` to `new`; empty text takes one away."""
    before, after = _requested(old, names), _requested(new, names)
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    return {**dict.fromkeys(sorted(before.keys() - after.keys()), ""), **changed}


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lost(props: Props, names: Mapping[str, str], found: Mapping[str, Any]) -> list[str]:
    """Attributes that were given and are no longer shown. A false one is never shown."""
    return [
        attribute
        for key, attribute in names.items()
        if props.get(key) not in (None, False, "") and attribute not in found
    ]


def _owners_policy(aws: Aws, arn: str) -> str:
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in _OWNER_ACTIONS],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": aws.account_id}},
    }
    return json.dumps(
        {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    )


RESOURCES: Sequence[Resource] = (Topic(), TopicPolicy(), TopicSubscription())

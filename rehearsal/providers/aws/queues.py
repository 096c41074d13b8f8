"""SQS queues and their policies. A queue's ID is its URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props, Value

_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
"""Properties, and SQS's attributes, whose values are all text."""
_RESET = {
    "DelaySeconds": "0",
    "MaximumMessageSize": "262144",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
    "KmsDataKeyReusePeriodSeconds": "300",
}
"""What an attribute that is no longer given goes back to; the others to nothing."""
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


class Queue(Resource):
    """A policy is only looked at when given here: else it belongs to `QueuePolicy`."""

    token: ClassVar[str] = "aws:sqs/queue:Queue"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "tags", *_ATTRIBUTES})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "fifoQueue"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        attributes = _requested(props)
        if attributes.get("FifoQueue") == "false":  # SQS refuses the attribute for others
            del attributes["FifoQueue"]
        marks = tagging.given(aws, "sqs", "CreateQueue", props)
        made = aws.client("sqs").create_queue(
            QueueName=props["name"], Attributes=attributes, **marks
        )
        return made["QueueUrl"]

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        sqs = aws.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])["Attributes"]
        described = {
            **dict.fromkeys(_ATTRIBUTES[key] for key in _lost(props, found)),
            **found,
            "Name": id_.rpartition("/")[2],
            "Tags": tagging.own(aws, "sqs", id_),
        }
        return {
            **reported(props, described, ("name", "tags"), rename=_ATTRIBUTES),
            "arn": found["QueueArn"],
            "url": id_,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        before, after = _requested(old), _requested(new)
        dropped = {key: _RESET.get(key, "") for key in before.keys() - after.keys()}
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        if changed or dropped:
            wanted = {**dropped, **changed}
            aws.client("sqs").set_queue_attributes(QueueUrl=id_, Attributes=wanted)
        tagging.retag(aws, "sqs", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("sqs").delete_queue(QueueUrl=id_)


class QueuePolicy(Resource):
    """Who may send to a queue; its ID is the queue's."""

    token: ClassVar[str] = "aws:sqs/queuePolicy:QueuePolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"queueUrl", "policy"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"queueUrl"})

    def create(self, aws: Aws, props: Props) -> str:
        self._set(aws, props["queueUrl"], props["policy"])
        return props["queueUrl"]

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["Policy"])
        policy = found.get("Attributes", {}).get("Policy")
        if not policy:
            return None
        return reported(props, {"Policy": policy, "QueueUrl": id_}, ("policy", "queueUrl"))

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._set(aws, id_, new["policy"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self._set(aws, id_, "")

    def _set(self, aws: Aws, url: str, policy: str) -> None:
        aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _requested(props: Props) -> dict[str, str]:
    return {
        attribute: _text(props[key])
        for key, attribute in _ATTRIBUTES.items()
        if props.get(key) is not None
    }


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lost(props: Props, found: Mapping[str, Any]) -> list[str]:
    """Given attributes that SQS no longer shows: somebody took them away. A false one it
    never shows."""
    return [
        key
        for key, attribute in _ATTRIBUTES.items()
        if props.get(key) not in (None, False, "") and attribute not in found
    ]


RESOURCES: Sequence[Resource] = (Queue(), QueuePolicy())

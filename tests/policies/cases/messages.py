"""What proves the rules about topics and queues."""

from __future__ import annotations

import json
from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    secret,
)

TOPIC = recorded("aws:sns/topic:Topic")
TOPIC_POLICY = recorded("aws:sns/topicPolicy:TopicPolicy")
QUEUE = recorded("aws:sqs/queue:Queue")
QUEUE_POLICY = recorded("aws:sqs/queuePolicy:QueuePolicy")
OPEN: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish"}
AT = "policy.Statement[0].Principal"


def _open(of: Described, **changes: Any) -> Described:
    return of.but({"policy": json.dumps({"Statement": [OPEN | changes]})})


CASES = {
    "topic-encrypted-and-private": Cases(
        failing=(
            fails(TOPIC.but({"kmsMasterKeyId": None}), at="kmsMasterKeyId", wanted="a key"),
            fails(_open(TOPIC), at=AT, wanted="who is meant"),
            fails(_open(TOPIC_POLICY), at=AT),
        ),
        passing=(
            passes(TOPIC),
            passes(TOPIC_POLICY),
            passes(_open(TOPIC, Condition={"StringEquals": {"aws:SourceAccount": "1"}})),
            passes(TOPIC.but({"kmsMasterKeyId": UNKNOWN})),
        ),
        unknown=passes(TOPIC_POLICY.but({"policy": UNKNOWN})),
        secret=fails(
            TOPIC_POLICY.but(
                {"policy": secret(json.dumps({"Statement": [OPEN | {"Sid": PLAINTEXT}]}))}
            ),
            at=AT,
        ),
    ),
    "queue-encrypted-and-private": Cases(
        failing=(
            fails(
                QUEUE.but({"sqsManagedSseEnabled": False, "kmsMasterKeyId": None}),
                at="sqsManagedSseEnabled",
                wanted="kmsMasterKeyId",
            ),
            fails(
                QUEUE.but({"sqsManagedSseEnabled": None, "kmsMasterKeyId": None}),
                at="sqsManagedSseEnabled",
            ),
            fails(_open(QUEUE), at=AT, wanted="who is meant"),
            fails(_open(QUEUE_POLICY), at=AT),
        ),
        passing=(
            passes(QUEUE),
            passes(QUEUE_POLICY),
            passes(QUEUE.but({"sqsManagedSseEnabled": None, "kmsMasterKeyId": UNKNOWN})),
            passes(QUEUE.but({"sqsManagedSseEnabled": True, "kmsMasterKeyId": None})),
        ),
        unknown=passes(QUEUE.but({"sqsManagedSseEnabled": UNKNOWN})),
        secret=fails(
            QUEUE_POLICY.but(
                {"policy": secret(json.dumps({"Statement": [OPEN | {"Sid": PLAINTEXT}]}))}
            ),
            at=AT,
        ),
    ),
}

"""Topics and queues: encrypted, and closed to strangers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken
from policies.policy_documents import allowing, is_public
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"


def _open_topic(one: Subject) -> Iterator[Broken]:
    if one.type == TOPIC and not one.properties.has("kmsMasterKeyId"):
        yield Broken("kmsMasterKeyId", "nothing", "the ARN of a key")
    yield from _public_statements(one)


def _open_queue(one: Subject) -> Iterator[Broken]:
    keyed = one.properties.has("kmsMasterKeyId")
    if one.type == QUEUE and not keyed and not one.properties.flag("sqsManagedSseEnabled"):
        found = one.properties.shown("sqsManagedSseEnabled")
        yield Broken("sqsManagedSseEnabled", found, "true, or a kmsMasterKeyId")
    yield from _public_statements(one)


def _public_statements(one: Subject) -> Iterator[Broken]:
    for statement in allowing(one.properties.document("policy")):
        if is_public(statement):
            yield Broken(statement.at("Principal"), statement.shown("Principal"), "who is meant")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=84,
        name="topic-encrypted-and-private",
        because="Alerts say what is broken and where; a stranger who may publish can cry wolf.",
        fix="Set kmsMasterKeyId, and name principals or the account in the policy.",
        severity="high",
        reference="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
        types=(TOPIC, TOPIC_POLICY),
        broken=_open_topic,
    ),
    ResourceRule(
        number=85,
        name="queue-encrypted-and-private",
        because="Messages lie on disks, and a stranger who may send can end nodes.",
        fix="Set sqsManagedSseEnabled or kmsMasterKeyId, and name principals in the policy.",
        severity="high",
        reference="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
        types=(QUEUE, QUEUE_POLICY),
        broken=_open_queue,
    ),
)

"""Alert topics."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from components.alert_topics import AlertTopics, AlertTopicsArgs
from components.base import Site
from tests.components.recorder import Recording, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"


def build(site: Site, emails: Mapping[str, Sequence[str]]) -> Recording[AlertTopics]:
    args = AlertTopicsArgs(key_arn=KEY, emails=emails)
    return record(lambda: AlertTopics("alerts", args, site))


def test_there_is_an_encrypted_topic_per_severity(site: Site) -> None:
    topics = build(site, {}).all("aws:sns/topic:Topic")
    assert [one.inputs["name"] for one in topics] == [
        "mlops-platform-production-alerts-critical",
        "mlops-platform-production-alerts-warning",
        "mlops-platform-production-alerts-cost",
    ]
    assert {one.inputs["kmsMasterKeyId"] for one in topics} == {KEY}


def test_only_this_accounts_alarms_publish_and_only_over_tls(site: Site) -> None:
    for policy in build(site, {}).all("aws:sns/topicPolicy:TopicPolicy"):
        allow, deny = json.loads(policy.inputs["policy"])["Statement"]
        assert "budgets.amazonaws.com" in allow["Principal"]["Service"]
        assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
        assert deny["Effect"] == "Deny"
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_people_are_subscribed_to_what_they_asked_for(site: Site) -> None:
    recording = build(site, {"critical": ["oncall@example.com"], "cost": ["finops@example.com"]})
    subscribed = recording.all("aws:sns/topicSubscription:TopicSubscription")
    assert {one.inputs["endpoint"]: one.inputs["topic"] for one in subscribed} == {
        "oncall@example.com": "arn:aws:sns:us-east-1:123456789012:alerts-critical",
        "finops@example.com": "arn:aws:sns:us-east-1:123456789012:alerts-cost",
    }


def test_when_one_leaves_the_others_need_not_confirm_again(site: Site) -> None:
    both = build(site, {"critical": ["a@example.com", "b@example.com"]})
    one = build(site, {"critical": ["b@example.com"]})
    kind = "aws:sns/topicSubscription:TopicSubscription"
    assert one.one(kind).name in {subscription.name for subscription in both.all(kind)}


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="urgent"):
        AlertTopicsArgs(key_arn=KEY, emails={"urgent": ["oncall@example.com"]})

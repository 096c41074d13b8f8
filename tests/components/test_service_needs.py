"""What the services need in AWS: an interruption queue, secrets, log groups."""

from __future__ import annotations

import json

from catalog.service_secrets import IN_DATABASE, SECRETS
from components.base import Site
from components.interruption_queue import WARNINGS, InterruptionQueue
from components.log_groups import LogGroups, LogGroupsArgs
from components.service_secrets import ServiceSecrets, ServiceSecretsArgs
from tests.components.recorder import record

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def test_every_warning_reaches_the_queue_and_nothing_unencrypted_does(site: Site) -> None:
    recording = record(lambda: InterruptionQueue("interruption", site))
    rules = recording.all("aws:cloudwatch/eventRule:EventRule")
    assert {json.loads(rule.inputs["eventPattern"])["detail-type"][0] for rule in rules} == {
        pattern["detail-type"][0] for pattern in WARNINGS.values()
    }
    assert len(recording.all("aws:cloudwatch/eventTarget:EventTarget")) == len(rules)
    queue = recording.one("aws:sqs/queue:Queue")
    assert queue.inputs["sqsManagedSseEnabled"] is True
    policy = json.loads(recording.one("aws:sqs/queuePolicy:QueuePolicy").inputs["policy"])
    allowed, denied = policy["Statement"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": site.account_id}
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_generated_secrets_have_a_write_only_value_and_provided_ones_none(site: Site) -> None:
    recording = record(lambda: ServiceSecrets("secrets", ServiceSecretsArgs(key_arn=KEY), site))
    secrets = recording.all("aws:secretsmanager/secret:Secret")
    assert {one.inputs["name"] for one in secrets} == {f"{site.prefix}-{name}" for name in SECRETS}
    assert all(one.inputs["kmsKeyId"] == KEY for one in secrets)
    versions = recording.all("aws:secretsmanager/secretVersion:SecretVersion")
    generated = [one for one in SECRETS.values() if one.origin == "generated"]
    assert len(versions) == len(generated) < len(SECRETS)
    assert all("secretString" not in one.inputs for one in versions)


def test_a_stack_makes_no_secret_that_another_one_has(site: Site) -> None:
    args = ServiceSecretsArgs(key_arn=KEY, without=IN_DATABASE)
    recording = record(lambda: ServiceSecrets("secrets", args, site))
    made = {one.inputs["name"] for one in recording.all("aws:secretsmanager/secret:Secret")}
    assert made == {f"{site.prefix}-{name}" for name in SECRETS if name not in IN_DATABASE}


def test_log_groups_are_encrypted_and_kept_as_long_as_asked(site: Site) -> None:
    args = LogGroupsArgs(streams=("applications", "nodes"), key_arn=KEY, retention_days=30)
    recording = record(lambda: LogGroups("cluster-logs", args, site))
    groups = recording.all("aws:cloudwatch/logGroup:LogGroup")
    assert [group.inputs["name"] for group in groups] == [
        f"/aws/eks/{site.prefix}/applications",
        f"/aws/eks/{site.prefix}/nodes",
    ]
    assert all(group.inputs["retentionInDays"] == 30 for group in groups)
    assert all(group.inputs["kmsKeyId"] == KEY for group in groups)

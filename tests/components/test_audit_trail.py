"""CloudTrail."""

from __future__ import annotations

import json

import pulumi_aws as aws

from components.audit_trail import AuditTrail, AuditTrailArgs
from components.base import Site
from tests.components.recorder import Recording, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"


def build(site: Site) -> Recording[AuditTrail]:
    def program() -> AuditTrail:
        policy = aws.sns.Topic("bucket-policy")
        args = AuditTrailArgs(
            bucket_name="logs", logs_key_arn=KEY, log_retention_days=365, bucket_ready=[policy]
        )
        return AuditTrail("audit", args, site)

    return record(program)


def test_the_trail_covers_every_region_and_shows_tampering(site: Site) -> None:
    trail = build(site).one("aws:cloudtrail/trail:Trail")
    assert trail.inputs["name"] == "mlops-platform-production-audit"
    assert trail.inputs["isMultiRegionTrail"] is True
    assert trail.inputs["includeGlobalServiceEvents"] is True
    assert trail.inputs["enableLogFileValidation"] is True
    assert trail.inputs["kmsKeyId"] == KEY
    assert trail.inputs["s3BucketName"] == "logs"


def test_the_trail_waits_until_it_may_write_to_the_bucket(site: Site) -> None:
    recording = build(site)
    trail = recording.one("aws:cloudtrail/trail:Trail")
    assert recording.waits_for(trail, recording.named("bucket-policy"))
    assert recording.waits_for(trail, recording.one("aws:iam/rolePolicy:RolePolicy"))


def test_events_also_go_to_an_encrypted_log_group(site: Site) -> None:
    recording = build(site)
    logs = recording.one("aws:cloudwatch/logGroup:LogGroup")
    assert logs.inputs["retentionInDays"] == 365
    assert logs.inputs["kmsKeyId"] == KEY
    trail = recording.one("aws:cloudtrail/trail:Trail")
    assert trail.inputs["cloudWatchLogsGroupArn"].endswith(":*")


def test_delivery_may_write_to_that_log_group_only(site: Site) -> None:
    policy = json.loads(build(site).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    (statement,) = policy["Statement"]
    assert statement["Resource"] == [
        "arn:aws:cloudwatch:us-east-1:123456789012:audit-logs:log-stream:*"
    ]

"""Certificates, deliveries into buckets, and the services that watch an account."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import ACCOUNT_ID, Account, allow, policy


def status(account: Account, arn: str) -> str:
    return account.acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]


def test_a_certificate_is_issued_once_its_record_is_in_a_zone(account: Account) -> None:
    arn = account.certificate()
    assert status(account, arn) == "PENDING_VALIDATION"
    account.validate(arn, account.zone())
    assert status(account, arn) == "ISSUED"


def test_the_same_record_validates_a_name_in_both_regions(account: Account) -> None:
    account.certificate(zone_id=account.zone())
    west = account.there("us-west-2")
    assert status(west, west.certificate()) == "ISSUED"


def test_the_record_of_a_name_validates_the_wildcard_below_it_too(account: Account) -> None:
    names = ("models.example.com", "*.models.example.com")
    arn = account.acm.request_certificate(
        DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS"
    )["CertificateArn"]
    described = account.acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = {
        one["DomainName"]: one["ResourceRecord"] for one in described["DomainValidationOptions"]
    }
    assert set(options) == set(names)
    assert options[names[0]] == options[names[1]]
    proof = options[names[0]]
    assert proof["Name"].endswith(".models.example.com.")
    account.change(
        account.zone(),
        "CREATE",
        proof["Name"],
        proof["Type"],
        TTL=60,
        ResourceRecords=[{"Value": proof["Value"]}],
    )
    assert status(account, arn) == "ISSUED"


def test_a_wildcard_is_told_by_its_code_and_found_by_either_name(account: Account) -> None:
    zone = account.zone()
    values = {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    account.change(zone, "CREATE", "*.models.example.com", "A", **values)
    told = account.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (code,) = [one["Name"] for one in told if one["Type"] == "A"]
    assert code == r"\052.models.example.com."
    with pytest.raises(ClientError, match="already exists"):
        account.change(zone, "CREATE", code, "A", **values)
    account.change(zone, "DELETE", code, "A", **values)
    left = account.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert not [one for one in left if one["Type"] == "A"]


def deliverable(account: Account, bucket: str, service: str, *, locked: bool = False) -> str:
    account.bucket(bucket, ObjectLockEnabledForBucket=locked)
    principal = {"Service": service}
    document = policy(
        allow("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", Principal=principal),
        allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*", Principal=principal),
    )
    account.s3.put_bucket_policy(Bucket=bucket, Policy=document)
    return bucket


def objects(account: Account, bucket: str) -> list[str]:
    listed = account.s3.list_objects_v2(Bucket=bucket)
    return [each["Key"] for each in listed.get("Contents", [])]


def test_a_trail_writes_into_its_bucket_as_soon_as_it_logs(account: Account) -> None:
    bucket = deliverable(account, "logs", "cloudtrail.amazonaws.com")
    account.cloudtrail.create_trail(Name="trail", S3BucketName=bucket)
    assert objects(account, bucket) == []
    account.cloudtrail.start_logging(Name="trail")
    (key,) = objects(account, bucket)
    assert key.startswith(f"AWSLogs/{ACCOUNT_ID}/CloudTrail/us-east-1/")


def test_what_was_delivered_under_object_lock_keeps_its_bucket(account: Account) -> None:
    bucket = deliverable(account, "logs", "cloudtrail.amazonaws.com", locked=True)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    account.s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)
    account.cloudtrail.create_trail(Name="trail", S3BucketName=bucket)
    account.cloudtrail.start_logging(Name="trail")
    (version,) = account.s3.list_object_versions(Bucket=bucket)["Versions"]
    named = {"Bucket": bucket, "Key": version["Key"]}
    retention = account.s3.get_object_retention(**named)["Retention"]
    assert retention["Mode"] == "COMPLIANCE"
    with pytest.raises(ClientError, match="AccessDenied"):
        account.s3.delete_object(**named, VersionId=version["VersionId"])
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        account.s3.delete_bucket(Bucket=bucket)


def test_config_tries_whether_it_can_write(account: Account) -> None:
    recorder = {"name": "default", "roleARN": account.role("config", "config.amazonaws.com")}
    account.config.put_configuration_recorder(ConfigurationRecorder=recorder)
    bucket = deliverable(account, "logs", "config.amazonaws.com")
    account.config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket})
    assert objects(account, bucket) == [f"AWSLogs/{ACCOUNT_ID}/Config/ConfigWritabilityCheckFile"]


def test_security_hub_enables_standards_and_lists_them(account: Account) -> None:
    account.securityhub.enable_security_hub(EnableDefaultStandards=False)
    offered = account.securityhub.describe_standards()["Standards"]
    wanted = [{"StandardsArn": offered[0]["StandardsArn"]}]
    made = account.securityhub.batch_enable_standards(StandardsSubscriptionRequests=wanted)
    arn = made["StandardsSubscriptions"][0]["StandardsSubscriptionArn"]
    enabled = account.securityhub.get_enabled_standards()["StandardsSubscriptions"]
    assert [each["StandardsStatus"] for each in enabled] == ["READY"]
    account.securityhub.batch_disable_standards(StandardsSubscriptionArns=[arn])
    assert account.securityhub.get_enabled_standards()["StandardsSubscriptions"] == []


def test_standards_need_security_hub(account: Account) -> None:
    with pytest.raises(ClientError, match="not subscribed"):
        account.securityhub.get_enabled_standards()


def test_an_analyzer_keeps_its_archive_rules(account: Account) -> None:
    account.accessanalyzer.create_analyzer(analyzerName="main", type="ACCOUNT", tags={"a": "b"})
    rule = {"analyzerName": "main", "ruleName": "own"}
    account.accessanalyzer.create_archive_rule(**rule, filter={"isPublic": {"eq": ["false"]}})
    found = account.accessanalyzer.get_analyzer(analyzerName="main")["analyzer"]
    assert (found["status"], found["tags"]) == ("ACTIVE", {"a": "b"})
    listed = account.accessanalyzer.list_archive_rules(analyzerName="main")["archiveRules"]
    assert [each["ruleName"] for each in listed] == ["own"]
    account.accessanalyzer.delete_analyzer(analyzerName="main")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.accessanalyzer.get_analyzer(analyzerName="main")


def test_an_anomaly_subscription_follows_monitors_that_exist(account: Account) -> None:
    kind = {"MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    monitor = account.ce.create_anomaly_monitor(AnomalyMonitor={"MonitorName": "services", **kind})[
        "MonitorArn"
    ]

    def subscription(*arns: str) -> dict[str, Any]:
        subscriber = {"Type": "EMAIL", "Address": "a@example.com"}
        asked = {"SubscriptionName": "s", "Frequency": "DAILY", "Subscribers": [subscriber]}
        return {"AnomalySubscription": {**asked, "MonitorArnList": list(arns)}}

    with pytest.raises(ClientError, match="UnknownMonitorException"):
        account.ce.create_anomaly_subscription(**subscription(f"{monitor}0"))
    account.ce.create_anomaly_subscription(**subscription(monitor))
    found = account.ce.get_anomaly_subscriptions(MonitorArn=monitor)["AnomalySubscriptions"]
    assert [each["SubscriptionName"] for each in found] == ["s"]


def test_a_budget_is_changed_and_tells_its_subscribers(account: Account) -> None:
    named = {"AccountId": ACCOUNT_ID, "BudgetName": "main"}
    asked = {"BudgetName": "main", "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    details = {
        "NotificationType": "FORECASTED",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 100.0,
        "ThresholdType": "PERCENTAGE",
    }
    topic = {"SubscriptionType": "SNS", "Address": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:alerts"}
    alerts = [{"Notification": details, "Subscribers": [topic]}]
    account.budgets.create_budget(
        AccountId=ACCOUNT_ID,
        Budget={**asked, "BudgetLimit": {"Amount": "100", "Unit": "USD"}},
        NotificationsWithSubscribers=alerts,
        ResourceTags=[{"Key": "a", "Value": "b"}],
    )
    account.budgets.update_budget(
        AccountId=ACCOUNT_ID,
        NewBudget={**asked, "BudgetLimit": {"Amount": "200", "Unit": "USD"}},
    )
    budget = account.budgets.describe_budget(**named)["Budget"]
    assert budget["BudgetLimit"]["Amount"] == "200"
    subscribers = account.budgets.describe_subscribers_for_notification(
        **named, Notification=details
    )["Subscribers"]
    assert subscribers == [topic]
    arn = f"arn:aws:budgets::{ACCOUNT_ID}:budget/main"
    tags = account.budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
    assert tags == [{"Key": "a", "Value": "b"}]


def test_a_health_check_on_an_alarm_keeps_its_whole_configuration(account: Account) -> None:
    config = {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": "us-west-2", "Name": "flip"},
        "InsufficientDataHealthStatus": "LastKnownStatus",
        "Inverted": True,
    }
    made = account.route53.create_health_check(CallerReference="x", HealthCheckConfig=config)
    identifier = made["HealthCheck"]["Id"]
    found = account.route53.get_health_check(HealthCheckId=identifier)["HealthCheck"]
    assert found["HealthCheckConfig"] == {**config, "Disabled": False}


def test_a_web_acl_lists_what_it_protects_one_acl_a_resource(account: Account) -> None:
    arn = account.balancer()
    first, second = account.web_acl("first")["ARN"], account.web_acl("second")["ARN"]
    for acl in (first, second):
        account.wafv2.associate_web_acl(WebACLArn=acl, ResourceArn=arn)
    listed = [
        account.wafv2.list_resources_for_web_acl(WebACLArn=acl)["ResourceArns"]
        for acl in (first, second)
    ]
    assert listed == [[], [arn]]


def test_templates_for_replicated_repositories_are_kept(account: Account) -> None:
    template = {"prefix": "mlops", "appliedFor": ["REPLICATION"]}
    account.ecr.create_repository_creation_template(**template, imageTagMutability="IMMUTABLE")
    found = account.ecr.describe_repository_creation_templates()["repositoryCreationTemplates"]
    assert [(each["prefix"], each["imageTagMutability"]) for each in found] == [
        ("mlops", "IMMUTABLE")
    ]


def test_a_log_groups_key_can_be_set_later(account: Account) -> None:
    account.logs.create_log_group(logGroupName="main")
    key = account.key()
    account.logs.associate_kms_key(logGroupName="main", kmsKeyId=key)
    found = account.logs.describe_log_groups(logGroupNamePrefix="main")["logGroups"][0]
    assert found["kmsKeyId"] == key


def test_tags_of_a_detector_can_be_read_and_changed(account: Account) -> None:
    made = account.guardduty.create_detector(Enable=True, Tags={"a": "b"})["DetectorId"]
    arn = f"arn:aws:guardduty:us-east-1:{ACCOUNT_ID}:detector/{made}"
    account.guardduty.tag_resource(ResourceArn=arn, Tags={"c": "d"})
    tags = account.guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert tags == {"a": "b", "c": "d"}

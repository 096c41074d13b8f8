"""What proves the rules about owners, places, costs and protection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    root,
    secret,
)

BUCKET = recorded("aws:s3/bucket:Bucket")
LISTED = ("Project", "Environment", "Owner", "CostCenter", "ManagedBy")
SUBNET_GROUP = recorded("aws:rds/subnetGroup:SubnetGroup")
ASSOCIATION = recorded("aws:ec2/routeTableAssociation:RouteTableAssociation")
ALARM = recorded("aws:cloudwatch/metricAlarm:MetricAlarm")
BUDGET = recorded("aws:budgets/budget:Budget", asked="stack")
NAMES: dict[str, Any] = {"failover_names": ("models.a.com",)}
NO_NAMES: dict[str, Any] = {"failover_names": ()}


def _notice(threshold: Any, type_: str = "ACTUAL", **more: Any) -> dict[str, Any]:
    known = {"threshold": threshold, "notificationType": type_}
    return known | (more or {"subscriberEmailAddresses": ["a@b.c"]})


def _budget(*notices: Any) -> Described:
    return BUDGET.but({"notifications": list(notices)})


def _record(type_: str = "PRIMARY", name: str = "models.a.com", **more: Any) -> Described:
    known: dict[str, Any] = {
        "name": name,
        "failoverRoutingPolicies": [{"type": type_}],
        "healthCheckId": "a",
        "ttl": 60,
    }
    raw = {key: value for key, value in (known | more).items() if value is not None}
    return Described(type="aws:route53/record:Record", name="record", properties=raw)


CASES = {
    "budget-that-tells": Cases(
        failing=(
            fails(root(), at="", wanted="a budget with 2"),
            fails(root(), _budget(_notice(80)), at=""),
            fails(root(), _budget(_notice(80), _notice(80)), at=""),
            fails(root(), _budget(_notice(80), _notice(100, comparison="x")), at=""),
            fails(root(), _budget(_notice(80)), _budget(_notice(100)).named("b"), at=""),
        ),
        passing=(
            passes(root(), BUDGET),
            passes(root(), _budget(_notice(80), _notice(80, "FORECASTED"))),
            passes(root(), _budget(_notice(80), _notice(100, subscriberSnsTopicArns=[UNKNOWN]))),
            passes(root(), role="standby"),
        ),
        unknown=passes(root(), _budget(_notice(80), _notice(UNKNOWN))),
    ),
    "tags-present": Cases(
        failing=(
            fails(BUCKET.but({"tags": None}), at="tags", wanted="every required tag"),
            *(fails(BUCKET.but({f"tags.{key}": None}), at="tags") for key in LISTED),
            fails(
                BUCKET.but({"tagsAll": {"Project": "mlops-platform"}}),
                at="tagsAll",
                repairable=False,
            ),
        ),
        passing=(
            passes(BUCKET),
            passes(SUBNET_GROUP),
            passes(ASSOCIATION),
            passes(BUCKET.but({"tags": {}, "tagsAll": BUCKET.properties["tags"]})),
            passes(BUCKET.but({"tags.Owner": UNKNOWN})),
        ),
        unknown=passes(BUCKET.but({"tags": UNKNOWN})),
    ),
    "tags-in-form": Cases(
        failing=(
            fails(BUCKET.but({"tags.Owner": "me"}), at="tags.Owner", wanted="@"),
            fails(BUCKET.but({"tags.Environment": "prod"}), at="tags.Environment"),
            fails(BUCKET.but({"tags.Environment": "production2"}), at="tags.Environment"),
            fails(BUCKET.but({"tagsAll": {"CostCenter": "x1"}}), at="tagsAll.CostCenter"),
        ),
        passing=(
            passes(BUCKET),
            passes(BUCKET.but({"tags": {}})),
            passes(ASSOCIATION.but({"tags": {"Owner": "me"}})),
        ),
        unknown=passes(BUCKET.but({"tags.Owner": UNKNOWN})),
        secret=fails(BUCKET.but({"tags.Owner": secret(PLAINTEXT)}), at="tags.Owner"),
    ),
    "region-as-declared": Cases(
        failing=(
            fails(
                replace(BUCKET, provider_name="default_7_33_0"),
                at="provider",
                wanted="names its region",
            ),
            fails(
                replace(BUCKET, provider={"region": "eu-west-1"}),
                at="provider.region",
                wanted="us-east-1",
            ),
            fails(replace(BUCKET, provider={}), at="provider.region"),
            fails(BUCKET.but({"region": "eu-west-1"}), at="region", wanted="us-east-1"),
            fails(
                BUCKET.but({"region": "eu-west-1"}),
                at="region",
                settings={"elsewhere": {"other": "eu-west-1"}},
            ),
        ),
        passing=(
            passes(BUCKET),
            passes(BUCKET.but({"region": "us-east-1"})),
            passes(
                ALARM.but({"region": "eu-west-1"}),
                settings={"elsewhere": {ALARM.name: "eu-west-1"}},
            ),
            passes(
                replace(BUCKET, provider_name="peer", provider={"region": "us-west-2"}),
                settings={"elsewhere": {"peer": "us-west-2"}},
            ),
            # A component has no provider of its own.
            passes(replace(BUCKET, provider_name="", provider={})),
        ),
        unknown=passes(replace(BUCKET, provider={"region": UNKNOWN})),
        secret=fails(BUCKET.but({"region": secret("eu-west-1")}), at="region"),
    ),
    "data-protected": Cases(
        failing=(
            fails(replace(BUCKET, protect=False), at="options.protect", wanted="true"),
            *(
                fails(Described(type=f"aws:{type_}", name="a", properties={}), at="options.protect")
                for type_ in (
                    "rds/instance:Instance",
                    "rds/cluster:Cluster",
                    "s3/bucketV2:BucketV2",
                    "kms/key:Key",
                    "kms/replicaKey:ReplicaKey",
                    "efs/fileSystem:FileSystem",
                    "secretsmanager/secret:Secret",
                    "dynamodb/table:Table",
                    "ecr/repository:Repository",
                    "backup/vault:Vault",
                    "elasticache/replicationGroup:ReplicationGroup",
                )
            ),
        ),
        passing=(passes(BUCKET), passes(replace(ALARM, protect=False))),
        unknown=passes(BUCKET.but({"bucket": UNKNOWN})),
        unknown_is="passing",
    ),
    "failover-records-ready": Cases(
        failing=(
            fails(root(), at="", wanted="models.a.com", settings=NAMES),
            fails(root(), _record(name="other.a.com"), at="", settings=NAMES),
            fails(root(), _record(failoverRoutingPolicies=None), at="", settings=NAMES),
            fails(
                _record(healthCheckId=None),
                at="healthCheckId",
                wanted="flips the traffic",
                settings=NO_NAMES,
            ),
            fails(_record(ttl=61), at="ttl", wanted="60 seconds", settings=NO_NAMES),
            fails(_record("SECONDARY", ttl=None), at="ttl", settings=NO_NAMES),
            fails(_record(ttl=None, aliases=[]), at="ttl", settings=NO_NAMES),
        ),
        passing=(
            passes(root(), _record(), settings=NAMES),
            passes(root(), _record(name="models.a.com."), settings=NAMES),
            passes(_record(ttl=None, aliases=[{}]), settings=NO_NAMES),
            passes(_record("SECONDARY", healthCheckId=None), settings=NO_NAMES),
            passes(_record(failoverRoutingPolicies=None, ttl=900), settings=NO_NAMES),
            passes(root(), role="link", settings=NAMES),
        ),
        unknown=passes(_record(ttl=UNKNOWN), settings=NO_NAMES),
    ),
}

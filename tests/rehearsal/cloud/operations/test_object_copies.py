"""S3 copies objects to the other region some time after it counted them, and says how many wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.rehearsal.cloud.account import Account

AWAY = "us-west-2"
ENDS = {"SourceBucket": "away", "DestinationBucket": "home", "RuleId": "everything"}


@pytest.fixture
def copied(account: Account) -> Account:
    """A bucket in each region, and a measured rule from the one that is away; a driven clock."""
    account.bucket("home")
    there = account.there(AWAY)
    there.s3.create_bucket(Bucket="away", CreateBucketConfiguration={"LocationConstraint": AWAY})
    for region, name in ((account, "home"), (there, "away")):
        region.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    on_time = {"Status": "Enabled", "Time": {"Minutes": 15}}
    measured = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
    rule: dict[str, Any] = {
        "ID": "everything", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {
            "Bucket": "arn:aws:s3:::home", "ReplicationTime": on_time, "Metrics": measured,
        },
    }  # fmt: skip
    there.s3.put_bucket_replication(
        Bucket="away",
        ReplicationConfiguration={
            "Role": account.role("copies", "s3.amazonaws.com"),
            "Rules": [rule],
        },
    )
    account.control("POST", "clock", {"advance": 0})
    there.s3.put_object(Bucket="away", Key="k", Body=b"x")
    return account


def _dimensions() -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in ENDS.items()]


def _waiting(account: Account) -> list[float]:
    now = datetime.now(UTC)
    found = account.cloudwatch.get_metric_statistics(
        Namespace="AWS/S3", MetricName="OperationsPendingReplication", Dimensions=_dimensions(),
        StartTime=now - timedelta(minutes=15), EndTime=now + timedelta(minutes=1), Period=60,
        Statistics=["Maximum"],
    )  # fmt: skip
    return [point["Maximum"] for point in found["Datapoints"]]


def _listed(account: Account, **asked: Any) -> list[dict[str, str]]:
    metrics = account.cloudwatch.list_metrics(Namespace="AWS/S3", **asked)["Metrics"]
    return [{each["Name"]: each["Value"] for each in one["Dimensions"]} for one in metrics]


def test_an_object_waits_and_is_there_when_it_does_no_more(copied: Account) -> None:
    assert _waiting(copied) == [1.0]
    assert "Contents" not in copied.s3.list_objects_v2(Bucket="home")
    copied.control("POST", "clock", {"advance": 60})
    assert _waiting(copied) == [0.0]
    assert copied.s3.get_object(Bucket="home", Key="k")["Body"].read() == b"x"


def test_nothing_is_copied_while_a_region_is_lost(copied: Account) -> None:
    copied.control("POST", "faults", {"kind": "lost-region", "region": AWAY})
    assert _waiting(copied) == [1.0]
    copied.control("POST", "clock", {"advance": 6_000})
    assert _waiting(copied) == [1.0]
    copied.control("DELETE", "faults")
    assert _waiting(copied) == [0.0]


def test_the_metric_is_one_of_the_region_of_the_copies(copied: Account) -> None:
    assert _listed(copied, MetricName="OperationsPendingReplication") == [ENDS]
    assert _listed(copied, Dimensions=[{"Name": "SourceBucket", "Value": "another"}]) == []
    assert _listed(copied.there(AWAY), MetricName="OperationsPendingReplication") == []
    assert _waiting(copied.there(AWAY)) == []

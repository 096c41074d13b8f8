"""Which resources refer to which, and what a type is called without the suffix of AWS v7."""

from __future__ import annotations

import pytest

from policies.subject import family, refers
from tests.policies.scene import UNKNOWN, Described, settings_of

SETTINGS = settings_of("primary")
BUCKET = Described(type="aws:s3/bucket:Bucket", name="logs", properties={"bucket": "logs"})


def _logging(**properties: object) -> Described:
    return Described(type="aws:lb/loadBalancer:LoadBalancer", name="edge", properties=properties)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"),
        ("aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket"),
        ("kubernetes:example.com/v1:ThingV2", "kubernetes:example.com/v1:ThingV2"),
    ],
)
def test_only_types_of_aws_lose_a_suffix(token: str, told: str) -> None:
    assert family(token) == told


def test_a_name_in_a_nested_property_refers() -> None:
    one = _logging(accessLogs={"bucket": "logs"}).subject(SETTINGS)
    assert refers(one, "accessLogs.bucket", BUCKET.subject(SETTINGS))
    assert not refers(one, "accessLogs.prefix", BUCKET.subject(SETTINGS))


def test_what_flows_into_a_property_refers_from_anywhere_below_it() -> None:
    one = _logging(accessLogs={"bucket": UNKNOWN}).flowing("accessLogs", BUCKET)
    assert refers(one.subject(SETTINGS), "accessLogs.bucket", BUCKET.subject(SETTINGS))
    assert not refers(one.subject(SETTINGS), "subnets", BUCKET.subject(SETTINGS))


def test_two_values_that_nobody_knows_are_not_the_same() -> None:
    one = _logging(bucket=UNKNOWN).subject(SETTINGS)
    assert not refers(one, "bucket", BUCKET.but({"bucket": UNKNOWN}).subject(SETTINGS))

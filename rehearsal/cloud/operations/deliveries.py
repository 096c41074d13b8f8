"""The first objects that services write into the buckets they deliver to: after them, a
bucket with object lock cannot be emptied, which is what a teardown has to live with."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.operations.buckets import write
from rehearsal.cloud.state import Region


def start_logging(call: Call) -> Answer:
    """cloudtrail:StartLogging."""
    answer = call.upstream()
    name = call.params["Name"].rpartition("/")[2]
    for trail in call.here.moto("cloudtrail").trails.values():
        if trail.trail_name == name:
            start = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
            place = f"AWSLogs/{call.account}/CloudTrail/{call.region}/{now():%Y/%m/%d}"
            file = f"{call.account}_CloudTrail_{call.region}_{now():%Y%m%dT%H%MZ}.json"
            write(call, trail.bucket_name, f"{start}{place}/{file}", '{"Records": []}')
    return answer


def put_delivery_channel(call: Call) -> Answer:
    """config:PutDeliveryChannel: Config tries whether it can write."""
    answer = call.upstream()
    channel = call.params["DeliveryChannel"]
    prefix = channel.get("s3KeyPrefix")
    start = f"{prefix}/" if prefix else ""
    key = f"{start}AWSLogs/{call.account}/Config/ConfigWritabilityCheckFile"
    write(call, channel["s3BucketName"], key, "")
    return answer


def access_log_test_file(call: Call, here: Region, bucket: str, prefix: str) -> None:
    """What Elastic Load Balancing writes when access logs are turned on."""
    start = f"{prefix}/" if prefix else ""
    key = f"{start}AWSLogs/{call.account}/ELBAccessLogTestFile"
    write(call, bucket, key, f"Enable AccessLog for ELB: {here.name}\n")


CLOUDTRAIL = {"StartLogging": start_logging}
CONFIG = {"PutDeliveryChannel": put_delivery_channel}

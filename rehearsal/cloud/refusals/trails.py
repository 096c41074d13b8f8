"""What services deliver into buckets, they must be allowed to."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.buckets import LOGGING_SERVICE, policy_of
from rehearsal.cloud.policy_documents import PolicyError, allows_service
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com"
CLOUDTRAIL, CONFIG = "cloudtrail.amazonaws.com", "config.amazonaws.com"


def _may_write(call: Call, bucket: str, service: str, prefix: str | None) -> bool:
    document = policy_of(call, bucket)
    own = f"arn:aws:s3:::{bucket}"
    start = f"{own}/{prefix}" if prefix else own
    log = f"{start}/AWSLogs/{call.account}/log"
    try:
        return allows_service(document, service, "s3:PutObject", log) and allows_service(
            document, service, "s3:GetBucketAcl", own
        )
    except PolicyError:
        return False


def _trail_bucket(call: Call) -> str | None:
    bucket: str = call.params.get("S3BucketName") or ""
    prefix = call.params.get("S3KeyPrefix")
    held = bucket in call.cloud.moto("s3").buckets
    if held and not _may_write(call, bucket, CLOUDTRAIL, prefix):
        return f"Incorrect S3 bucket policy is detected for bucket: {bucket}"
    return None


def _trail_taken(call: Call) -> str | None:
    name = call.params["Name"]
    if any(each.trail_name == name for each in call.here.moto("cloudtrail").trails.values()):
        return f"Trail {name} already exists for customer: {call.account}"
    return None


def _channel_bucket(call: Call) -> str | None:
    bucket: str = call.get("DeliveryChannel.s3BucketName", "")
    prefix = call.get("DeliveryChannel.s3KeyPrefix")
    held = bucket in call.cloud.moto("s3").buckets
    if held and not _may_write(call, bucket, CONFIG, prefix):
        return (
            f"Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket,"
            f" provided s3 key prefix is '{prefix or 'null'}'."
        )
    return None


def _log_target(call: Call) -> str | None:
    target = call.get("BucketLoggingStatus.LoggingEnabled.TargetBucket")
    if target is None:
        return None
    prefix = call.get("BucketLoggingStatus.LoggingEnabled.TargetPrefix") or ""
    own = f"arn:aws:s3:::{target}/{prefix}log"
    if target not in call.cloud.moto("s3").buckets:
        return f"The target bucket for logging does not exist: {target}"
    if not allows_service(policy_of(call, target), LOGGING_SERVICE, "s3:PutObject", own):
        return (
            f"You must give {LOGGING_SERVICE} the permission s3:PutObject in the policy of the"
            f" target bucket {target}"
        )
    return None


RULES = (
    Rule(
        name="CloudTrail may write into a trail's bucket",
        service="cloudtrail",
        operations=("CreateTrail", "UpdateTrail"),
        code="InsufficientS3BucketPolicyException",
        url=f"{DOCS}/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        broken=_trail_bucket,
    ),
    Rule(
        name="a trail's name is not taken",
        service="cloudtrail",
        operations=("CreateTrail",),
        code="TrailAlreadyExistsException",
        url=f"{DOCS}/awscloudtrail/latest/APIReference/API_CreateTrail.html",
        broken=_trail_taken,
    ),
    Rule(
        name="Config may write into a channel's bucket",
        service="config",
        operations=("PutDeliveryChannel",),
        code="InsufficientDeliveryPolicyException",
        url=f"{DOCS}/config/latest/developerguide/s3-bucket-policy.html",
        broken=_channel_bucket,
    ),
    Rule(
        name="access logs of a bucket may be written into their target",
        service="s3",
        operations=("PutBucketLogging",),
        code="InvalidTargetBucketForLogging",
        url=f"{DOCS}/AmazonS3/latest/userguide/enable-server-access-logging.html",
        broken=_log_target,
    ),
)

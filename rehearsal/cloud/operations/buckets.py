"""S3 bucket policies, kept here: moto would apply their statements without the
conditions, and so deny everybody what a bucket denies over plain HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from rehearsal.cloud import policy_documents
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError

POLICIES = "s3:policy"
LOGGING_SERVICE = "logging.s3.amazonaws.com"


def put_bucket_policy(call: Call) -> Answer:
    """PutBucketPolicy."""
    bucket = bucket_of(call)
    document = call.params["Policy"]
    try:
        policy_documents.statements(document)
    except policy_documents.PolicyError as problem:
        raise ApiError("MalformedPolicy", str(problem)) from problem
    call.cloud.everywhere.table(POLICIES)[bucket.name] = {"document": document}
    bucket.policy = _for_moto(bucket.name)
    return {}


def get_bucket_policy(call: Call) -> Answer:
    """GetBucketPolicy."""
    name = bucket_of(call).name
    document = policy_of(call, name)
    if document is None:
        raise ApiError("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
    return {"Policy": document}


def get_bucket_policy_status(call: Call) -> Answer:
    """GetBucketPolicyStatus: public if anybody is allowed something unconditionally."""
    document = get_bucket_policy(call)["Policy"]
    return {"PolicyStatus": {"IsPublic": policy_documents.is_public(document)}}


def delete_bucket_policy(call: Call) -> Answer:
    """DeleteBucketPolicy."""
    bucket = bucket_of(call)
    call.cloud.everywhere.table(POLICIES).pop(bucket.name, None)
    bucket.policy = None
    return {}


def delete_bucket(call: Call) -> Answer:
    """DeleteBucket: its policy goes with it."""
    answer = call.upstream()
    call.cloud.everywhere.table(POLICIES).pop(call.params["Bucket"], None)
    return answer


def put_bucket_logging(call: Call) -> Answer:
    """PutBucketLogging: the first log file is there at once; AWS takes some hours."""
    answer = call.upstream()
    target = call.mapped("BucketLoggingStatus.LoggingEnabled")
    if target:
        key = f"{target.get('TargetPrefix', '')}{now():%Y-%m-%d-%H-%M-%S}-0123456789ABCDEF"
        write(call, target["TargetBucket"], key, f"{call.params['Bucket']} first delivery\n")
    return answer


def get_object_retention(call: Call) -> Answer:
    """GetObjectRetention."""
    bucket = bucket_of(call)
    found = bucket.keys.get(call.params["Key"])
    if found is None:
        raise ApiError("NoSuchKey", "The specified key does not exist.", 404)
    if not found.lock_mode:
        text = "The specified object does not have a ObjectLock configuration"
        raise ApiError("NoSuchObjectLockConfiguration", text, 404)
    return {"Retention": {"Mode": found.lock_mode, "RetainUntilDate": found.lock_until}}


def policy_of(call: Call, bucket: str) -> str | None:
    """The policy of a bucket, as it was put."""
    held = call.cloud.everywhere.table(POLICIES).get(bucket)
    return held["document"] if held else None


def write(call: Call, bucket: str, key: str, text: str) -> None:
    """Put an object as an AWS service would: the bucket's default retention applies."""
    body = text.encode()
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    # S3 takes no object under a lock without a checksum.
    asked = {"Bucket": bucket, "Key": key, "Body": body, "ContentMD5": digest}
    call.ask("s3", "PutObject", asked)


def bucket_of(call: Call) -> Any:
    """The bucket that the call names, as moto keeps it. Raises ApiError."""
    name = call.params["Bucket"]
    found = call.cloud.moto("s3").buckets.get(name)
    if found is None:
        raise ApiError("NoSuchBucket", f"The specified bucket does not exist: {name}", 404)
    return found


def _for_moto(name: str) -> bytes:
    """What moto needs to let access logs be delivered. Whether they may be, and under which
    prefix, is judged by the refusals."""
    objects = f"arn:aws:s3:::{name}/*"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": LOGGING_SERVICE},
        "Action": "s3:PutObject",
        "Resource": objects,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()


OPERATIONS = {
    "DeleteBucket": delete_bucket,
    "DeleteBucketPolicy": delete_bucket_policy,
    "GetBucketPolicy": get_bucket_policy,
    "GetBucketPolicyStatus": get_bucket_policy_status,
    "GetObjectRetention": get_object_retention,
    "PutBucketLogging": put_bucket_logging,
    "PutBucketPolicy": put_bucket_policy,
}

"""S3 replication rules of a bucket, kept here: moto forgets half of a destination."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.buckets import bucket_of

RULES = "s3:replication"


def put_bucket_replication(call: Call) -> Answer:
    """PutBucketReplication."""
    name = bucket_of(call).name
    call.cloud.everywhere.table(RULES)[name] = call.params["ReplicationConfiguration"]
    return {}


def get_bucket_replication(call: Call) -> Answer:
    """GetBucketReplication."""
    found = call.cloud.everywhere.table(RULES).get(bucket_of(call).name)
    if found is None:
        text = "The replication configuration was not found"
        raise ApiError("ReplicationConfigurationNotFoundError", text, 404)
    return {"ReplicationConfiguration": found}


def delete_bucket_replication(call: Call) -> Answer:
    """DeleteBucketReplication: no error where there is none."""
    call.cloud.everywhere.table(RULES).pop(bucket_of(call).name, None)
    return {}


OPERATIONS = {
    "DeleteBucketReplication": delete_bucket_replication,
    "GetBucketReplication": get_bucket_replication,
    "PutBucketReplication": put_bucket_replication,
}

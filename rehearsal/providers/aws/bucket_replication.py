"""What S3 copies of a bucket to another one, and how soon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rehearsal.providers.aws.bucket_settings import BucketSetting
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props


class BucketReplicationConfig(BucketSetting):
    """All rules of a bucket; the ID is its name."""

    token: ClassVar[str] = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "role", "rules"})
    required: ClassVar[frozenset[str]] = inputs

    def put(self, aws: Aws, props: Props) -> None:
        asked = request(
            "s3",
            "PutBucketReplication",
            {
                "bucket": props["bucket"],
                "replicationConfiguration": {"role": props["role"], "rules": props["rules"]},
            },
        )
        aws.client("s3").put_bucket_replication(**asked)

    @gone_is_none("NoSuchBucket", "ReplicationConfigurationNotFoundError")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
        rules = aligned(props.get("rules"), found["Rules"], "id")
        described = {"Bucket": bucket, "Role": found["Role"], "Rules": rules}
        return reported(props, described, ("bucket", "role", "rules"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").delete_bucket_replication(Bucket=id_)


RESOURCES: Sequence[Resource] = (BucketReplicationConfig(),)

"""S3 buckets. What is set on them afterwards is in `bucket_settings` and `bucket_rules`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import code_of
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import Words, reported
from rehearsal.providers.wire import Props

_GONE = ("404", "NoSuchBucket")


class Bucket(Resource):
    """Encryption, versioning and the like are resources of their own: given inline, as the
    official provider still allows, they are refused here."""

    token: ClassVar[str] = "aws:s3/bucket:Bucket"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"bucket", "forceDestroy", "objectLockEnabled", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"bucket", "objectLockEnabled"})
    autoname: ClassVar[str | None] = "bucket"
    defaults: ClassVar[Mapping[str, Any]] = {"forceDestroy": False}

    def create(self, aws: Aws, props: Props) -> str:
        asked: dict[str, Any] = {"Bucket": props["bucket"]}
        if aws.region != "us-east-1":
            asked["CreateBucketConfiguration"] = {"LocationConstraint": aws.region}
        if props.get("objectLockEnabled"):
            asked["ObjectLockEnabledForBucket"] = True
        aws.client("s3").create_bucket(**asked)
        return props["bucket"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _tag(aws, id_, {}, props)

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        try:
            aws.client("s3").head_bucket(Bucket=id_)
        except ClientError as error:
            if code_of(error) in _GONE:
                return None
            raise
        described = {
            "Bucket": id_,
            "ObjectLockEnabled": _locks(aws, id_),
            "Tags": Words(_tags(aws, id_)),
        }
        return {
            **reported(props, described, ("bucket", "objectLockEnabled", "tags")),
            "arn": f"arn:aws:s3:::{id_}",
            "bucketDomainName": f"{id_}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{id_}.s3.{aws.region}.amazonaws.com",
            "bucketRegion": aws.region,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _tag(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("forceDestroy"):
            _empty(aws, id_)
        aws.client("s3").delete_bucket(Bucket=id_)


class BucketV2(Bucket):
    """The name that version 6 of the official provider gave to the same resource."""

    token: ClassVar[str] = "aws:s3/bucketV2:BucketV2"


def _locks(aws: Aws, bucket: str) -> bool:
    try:
        found = aws.client("s3").get_object_lock_configuration(Bucket=bucket)
    except ClientError as error:
        if code_of(error) == "ObjectLockConfigurationNotFoundError":
            return False
        raise
    return found["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"


def _tags(aws: Aws, bucket: str) -> Words:
    try:
        found = aws.client("s3").get_bucket_tagging(Bucket=bucket)
    except ClientError as error:
        if code_of(error) == "NoSuchTagSet":
            return Words()
        raise
    return tags.own(aws, found["TagSet"])


def _tag(aws: Aws, bucket: str, old: Props, new: Props) -> None:
    """A bucket's tags are always set as a whole."""
    before, after = tags.wanted(aws, old), tags.wanted(aws, new)
    if before == after:
        return
    s3 = aws.client("s3")
    if after:
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags.pairs(aws, new)})
    else:
        s3.delete_bucket_tagging(Bucket=bucket)


def _empty(aws: Aws, bucket: str) -> None:
    """Delete every version of every object. Locked ones stay, and AWS says so."""
    s3 = aws.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        doomed = [*_versions(page)]
        if doomed:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})


def _versions(page: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for member in ("Versions", "DeleteMarkers"):
        for one in page.get(member, ()):
            yield {"Key": one["Key"], "VersionId": one["VersionId"]}


RESOURCES: Sequence[Resource] = (Bucket(), BucketV2())

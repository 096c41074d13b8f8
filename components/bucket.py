"""One bucket and everything that makes it safe: S3 keeps each setting apart, and so does AWS's
provider. `components/buckets.py` says which buckets there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import policy_json

Statements = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """Days after which objects become cheaper, and versions and uploads go."""

    infrequent_access_days: int
    archive_days: int
    archive_class: str
    """`GLACIER_IR` can be read at once; `GLACIER` only after hours of restoring."""
    noncurrent_days: int
    abort_upload_days: int


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """Plain values decide the shape; inputs only flow through."""

    purpose: str
    """Goes into the bucket's name."""
    lifecycle: Lifecycle
    key_arn: Input[str] | None
    """Customer key; None for a target of log delivery, which knows S3's own keys only."""
    lock_days: int | None = None
    """Days that no object version can be deleted; None: no object lock."""
    log_bucket: Input[str] | None = None
    """Name of the bucket that gets the access log; None for that bucket itself."""
    statements: Statements = ()
    """Bucket policy beside `TlsOnly`: which services may deliver."""
    retain: bool = False
    """Left in the account by a destroy, with all its settings."""


class Bucket(Component):
    """A private, versioned, encrypted, logged bucket."""

    bucket: pulumi.Output[str]
    """The bucket's name, known once its policy is in force: whoever takes it may deliver."""
    arn: pulumi.Output[str]
    policy: aws.s3.BucketPolicy

    def __init__(
        self, name: str, args: BucketArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._args = args
        bucket = self._bucket()
        block = self._public_access_block(bucket)
        self._ownership(bucket)
        self._encryption(bucket)
        self.policy = self._policy(bucket, block)
        versioning = self._versioning(bucket)
        self._lifecycle(bucket, versioning)
        self._lock(bucket, versioning)
        self._logging(bucket)
        self.bucket = pulumi.Output.all(bucket.bucket, self.policy.id).apply(lambda all_: all_[0])
        self.arn = bucket.arn
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})

    def _settings(self, *depends_on: pulumi.Resource) -> ResourceOptions:
        """A retained bucket keeps its settings: without them it would be less safe."""
        retained = ResourceOptions(retain_on_delete=self._args.retain)
        return ResourceOptions.merge(self.options(depends_on=list(depends_on)), retained)

    def _bucket(self) -> aws.s3.Bucket:
        name = self.site.bucket_name(self._args.purpose)
        return aws.s3.Bucket(
            self.child("bucket"),
            bucket=name,
            object_lock_enabled=self._args.lock_days is not None,
            tags=self.tags("bucket", name=name),
            opts=self.holds_data(retain=self._args.retain),
        )

    def _public_access_block(self, bucket: aws.s3.Bucket) -> aws.s3.BucketPublicAccessBlock:
        return aws.s3.BucketPublicAccessBlock(
            self.child("public-access"),
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._settings(),
        )

    def _ownership(self, bucket: aws.s3.Bucket) -> None:
        aws.s3.BucketOwnershipControls(
            self.child("ownership"),
            bucket=bucket.id,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self._settings(),
        )

    def _encryption(self, bucket: aws.s3.Bucket) -> None:
        key = self._args.key_arn
        own = {"sse_algorithm": "AES256"}
        customer = {"sse_algorithm": "aws:kms", "kms_master_key_id": key}
        default: Any = own if key is None else customer
        rule: Any = {"apply_server_side_encryption_by_default": default}
        if key is not None:
            rule["bucket_key_enabled"] = True
        aws.s3.BucketServerSideEncryptionConfiguration(
            self.child("encryption"), bucket=bucket.id, rules=[rule], opts=self._settings()
        )

    def _policy(
        self, bucket: aws.s3.Bucket, block: aws.s3.BucketPublicAccessBlock
    ) -> aws.s3.BucketPolicy:
        # S3 refuses a policy while it still changes the public access block of the bucket.
        arn = f"arn:aws:s3:::{self.site.bucket_name(self._args.purpose)}"
        return aws.s3.BucketPolicy(
            self.child("policy"),
            bucket=bucket.id,
            policy=policy_json([tls_only(arn), *self._args.statements]),
            opts=self._settings(block),
        )

    def _versioning(self, bucket: aws.s3.Bucket) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            self.child("versioning"),
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=self._settings(),
        )

    def _lifecycle(self, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning) -> None:
        aws.s3.BucketLifecycleConfiguration(
            self.child("lifecycle"),
            bucket=bucket.id,
            rules=[age_rule(self._args.lifecycle)],
            opts=self._settings(versioning),
        )

    def _lock(self, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning) -> None:
        if self._args.lock_days is None:
            return
        retention: Any = {"mode": "GOVERNANCE", "days": self._args.lock_days}
        aws.s3.BucketObjectLockConfiguration(
            self.child("lock"),
            bucket=bucket.id,
            object_lock_enabled="Enabled",
            rule={"default_retention": retention},
            opts=self._settings(versioning),
        )

    def _logging(self, bucket: aws.s3.Bucket) -> None:
        if self._args.log_bucket is None:
            return
        aws.s3.BucketLogging(
            self.child("logging"),
            bucket=bucket.id,
            target_bucket=self._args.log_bucket,
            target_prefix=f"s3/{self._args.purpose}/",
            opts=self._settings(),
        )


def tls_only(arn: str) -> Mapping[str, Any]:
    """Denies every request that did not come over TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def age_rule(lifecycle: Lifecycle) -> Any:
    """One rule for all objects: cheaper classes by age, no old versions, no lost uploads."""
    return {
        "id": "age",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "transitions": [
            {"days": lifecycle.infrequent_access_days, "storage_class": "STANDARD_IA"},
            {"days": lifecycle.archive_days, "storage_class": lifecycle.archive_class},
        ],
        "noncurrent_version_expiration": {"noncurrent_days": lifecycle.noncurrent_days},
        "abort_incomplete_multipart_upload": {"days_after_initiation": lifecycle.abort_upload_days},
    }

"""One bucket with everything that guards it.

Below `Buckets`, which decides what each purpose needs. The guards are resources of their own, in
an order: S3 answers "conflicting operation" when the ownership, the block and the policy of one
bucket change at the same time, and versioning comes before what builds on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.bucket_lifecycle import Lifecycle
from components.permissions import policy_json

MINIMUM_TLS = "1.2"


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """Plain values decide the shape; inputs only flow through."""

    purpose: str
    """Part of the bucket's name, and prefix of its access logs."""
    lifecycle: Lifecycle
    key_arn: Input[str] | None = None
    """Customer key; None: S3-managed keys, the only ones that log delivery supports."""
    access_logs: Input[str] | None = None
    """Bucket that takes the access logs; None for that bucket itself."""
    lock_days: int | None = None
    """Days in which nobody, the root user included, can delete an object; None: no lock."""
    retain: bool = False
    """Left in the account by a destroy, with all its guards."""
    statements: Sequence[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    """Further statements of its policy; `{bucket}` in a resource stands for the bucket's ARN."""


class Bucket(Component):
    """A private, versioned, encrypted bucket."""

    bucket_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    ready: aws.s3.BucketPolicy
    """Its policy: a service that checks whether it may write waits for this."""

    def __init__(
        self, name: str, args: BucketArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._args = args
        self._physical = site.bucket_name(args.purpose)
        self._bucket = self._storage()
        block = self._public_access_block(self._ownership())
        self.ready = self._policy(block)
        self._encryption()
        versioning = self._versioning()
        self._lifecycle(self._lock(versioning) if args.lock_days else versioning)
        if args.access_logs is not None:
            self._logging(args.access_logs)
        self.bucket_name, self.arn = self._bucket.bucket, self._bucket.arn
        self.register_outputs({"bucket_name": self.bucket_name, "arn": self.arn})

    def _guard(self, *after: pulumi.Resource) -> ResourceOptions:
        return self.options(depends_on=list(after), retain=self._args.retain)

    def _storage(self) -> aws.s3.Bucket:
        return aws.s3.Bucket(
            self.child("bucket"),
            bucket=self._physical,
            object_lock_enabled=self._args.lock_days is not None,
            tags=self.tags("bucket", name=self._physical),
            opts=self.holds_data(retain=self._args.retain),
        )

    def _ownership(self) -> aws.s3.BucketOwnershipControls:
        return aws.s3.BucketOwnershipControls(
            self.child("ownership"),
            bucket=self._bucket.id,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self._guard(),
        )

    def _public_access_block(
        self, ownership: aws.s3.BucketOwnershipControls
    ) -> aws.s3.BucketPublicAccessBlock:
        return aws.s3.BucketPublicAccessBlock(
            self.child("public-access"),
            bucket=self._bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._guard(ownership),
        )

    def _policy(self, block: aws.s3.BucketPublicAccessBlock) -> aws.s3.BucketPolicy:
        arn = f"arn:aws:s3:::{self._physical}"
        given = [_with_bucket(statement, arn) for statement in self._args.statements]
        return aws.s3.BucketPolicy(
            self.child("policy"),
            bucket=self._bucket.id,
            policy=policy_json([*_tls_only(arn), *given]),
            opts=self._guard(block),
        )

    def _encryption(self) -> aws.s3.BucketServerSideEncryptionConfiguration:
        customer_key = self._args.key_arn is not None
        return aws.s3.BucketServerSideEncryptionConfiguration(
            self.child("encryption"),
            bucket=self._bucket.id,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms" if customer_key else "AES256",
                        "kms_master_key_id": self._args.key_arn,
                    },
                    "bucket_key_enabled": customer_key,
                }
            ],
            opts=self._guard(),
        )

    def _versioning(self) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            self.child("versioning"),
            bucket=self._bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=self._guard(),
        )

    def _lock(self, versioning: pulumi.Resource) -> aws.s3.BucketObjectLockConfiguration:
        return aws.s3.BucketObjectLockConfiguration(
            self.child("lock"),
            bucket=self._bucket.id,
            object_lock_enabled="Enabled",
            rule={"default_retention": {"mode": "COMPLIANCE", "days": self._args.lock_days}},
            opts=self._guard(versioning),
        )

    def _lifecycle(self, versioned: pulumi.Resource) -> aws.s3.BucketLifecycleConfiguration:
        return aws.s3.BucketLifecycleConfiguration(
            self.child("lifecycle"),
            bucket=self._bucket.id,
            rules=[self._args.lifecycle.rule()],
            opts=self._guard(versioned),
        )

    def _logging(self, target: Input[str]) -> aws.s3.BucketLogging:
        return aws.s3.BucketLogging(
            self.child("logging"),
            bucket=self._bucket.id,
            target_bucket=target,
            target_prefix=f"s3/{self._args.purpose}/",
            opts=self._guard(),
        )


def _tls_only(arn: str) -> Sequence[Mapping[str, object]]:
    everything = [arn, f"{arn}/*"]
    return (
        _deny("NothingWithoutTls", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("NoOldTls", everything, {"NumericLessThan": {"s3:TlsVersion": MINIMUM_TLS}}),
    )


def _deny(
    sid: str, resources: Sequence[str], conditions: Mapping[str, object]
) -> Mapping[str, object]:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": list(resources),
        "Condition": conditions,
    }


def _with_bucket(statement: Mapping[str, object], arn: str) -> Mapping[str, object]:
    return {**statement, "Resource": str(statement["Resource"]).replace("{bucket}", arn)}

"""Replication of buckets from one region to the other, with the clock that says how late it is.

One direction is one component; two of them keep both regions alike. It spans regions, so it is
the link stack's, which is left alone while a region is lost. What was there before the first
rule is not copied by rules: a batch job does that, by a role of its own that is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.base import Component, Site
from components.permissions import Conditions, Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

ON_TIME_MINUTES = 15
"""The only time that replication time control promises and measures."""


@dataclass(frozen=True, kw_only=True)
class CopiedBucket:
    """A bucket and its counterpart, by ARN. `locked` ones hold what nobody may delete."""

    source_arn: Input[str]
    target_arn: Input[str]
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class BucketReplicationArgs:
    """`buckets` by purpose; each must be versioned at both ends.

    Raises ValueError where both regions are the same, or there is nothing to copy.
    """

    source_region: str
    target_region: str
    source_key_arn: Input[str]
    target_key_arn: Input[str]
    buckets: Mapping[str, CopiedBucket]

    def __post_init__(self) -> None:
        """A copy beside the original is lost with it."""
        if self.source_region == self.target_region:
            raise ValueError(
                f"target_region: {self.target_region}: expected another region than the source's"
            )
        if not self.buckets:
            raise ValueError("buckets: nothing to copy; name one, or leave the component out")


class BucketReplication(Component):
    """Every object of every named bucket, copied within minutes and counted."""

    backfill_role_arn: pulumi.Output[str]
    """What an S3 batch job takes to copy the objects that were there before."""

    def __init__(
        self,
        name: str,
        args: BucketReplicationArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        role = self._role(args)
        for purpose, bucket in args.buckets.items():
            self._rule(args, purpose, bucket, role)
        self.backfill_role_arn = self._backfill_role(args).arn
        self.register_outputs({"backfill_role_arn": self.backfill_role_arn})

    def _role(self, args: BucketReplicationArgs) -> ServiceRole:
        role = ServiceRoleArgs(
            description=f"S3 copies objects from {args.source_region} to {args.target_region}",
            trust=Trust(service="s3.amazonaws.com", conditions=_own_account(self.site)),
            statements=_copying(args),
        )
        return ServiceRole(self.child("copies"), role, self.site, self.options())

    def _backfill_role(self, args: BucketReplicationArgs) -> ServiceRole:
        sources = [bucket.source_arn for bucket in args.buckets.values()]
        role = ServiceRoleArgs(
            description=f"S3 batch jobs copy older objects to {args.target_region}",
            trust=Trust(
                service="batchoperations.s3.amazonaws.com", conditions=_own_account(self.site)
            ),
            statements=[
                Statement(
                    sid="Copy",
                    actions=("s3:InitiateReplication",),
                    resources=[Output.concat(arn, "/*") for arn in sources],
                ),
                Statement(
                    sid="Find",
                    actions=("s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"),
                    resources=sources,
                ),
            ],
        )
        return ServiceRole(self.child("backfill"), role, self.site, self.options())

    def _rule(
        self, args: BucketReplicationArgs, purpose: str, bucket: CopiedBucket, role: ServiceRole
    ) -> None:
        aws.s3.BucketReplicationConfig(
            self.child(purpose),
            region=args.source_region,
            bucket=Output.from_input(bucket.source_arn).apply(_bucket_name),
            role=role.arn,
            rules=[
                {
                    "id": "everything",
                    "priority": 1,
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    # Where objects are locked a marker would only hide them on both sides.
                    "delete_marker_replication": {
                        "status": "Disabled" if bucket.locked else "Enabled"
                    },
                    "source_selection_criteria": {
                        "sse_kms_encrypted_objects": {"status": "Enabled"},
                        # Tags and locks that change on a copy go back to its original.
                        "replica_modifications": {"status": "Enabled"},
                    },
                    "destination": _destination(args, bucket),
                }
            ],
            opts=self.options(),
        )


def _destination(
    args: BucketReplicationArgs, bucket: CopiedBucket
) -> aws.s3.BucketReplicationConfigRuleDestinationArgsDict:
    return {
        "bucket": bucket.target_arn,
        "encryption_configuration": {"replica_kms_key_id": args.target_key_arn},
        "replication_time": {"status": "Enabled", "time": {"minutes": ON_TIME_MINUTES}},
        "metrics": {"status": "Enabled", "event_threshold": {"minutes": ON_TIME_MINUTES}},
    }


def _bucket_name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _own_account(site: Site) -> Conditions:
    return {"StringEquals": {"aws:SourceAccount": site.account_id}}


def _copying(args: BucketReplicationArgs) -> list[Statement]:
    """Source: S3 user guide, setting up permissions for live replication."""
    sources = [bucket.source_arn for bucket in args.buckets.values()]
    targets = [bucket.target_arn for bucket in args.buckets.values()]
    return [
        Statement(
            sid="FindRules",
            actions=("s3:GetReplicationConfiguration", "s3:ListBucket"),
            resources=sources,
        ),
        Statement(
            sid="ReadVersions",
            actions=(
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                "s3:GetObjectRetention",
                "s3:GetObjectLegalHold",
            ),
            resources=[Output.concat(arn, "/*") for arn in sources],
        ),
        Statement(
            sid="WriteCopies",
            actions=("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"),
            resources=[Output.concat(arn, "/*") for arn in targets],
        ),
        Statement(
            sid="ReadEncrypted",
            actions=("kms:Decrypt",),
            resources=[args.source_key_arn],
            conditions=_by_s3(args.source_region),
        ),
        Statement(
            sid="WriteEncrypted",
            actions=("kms:Encrypt", "kms:GenerateDataKey"),
            resources=[args.target_key_arn],
            conditions=_by_s3(args.target_region),
        ),
    ]


def _by_s3(region: str) -> Conditions:
    return {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}

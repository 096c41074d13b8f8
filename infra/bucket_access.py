"""What a workload may do in buckets: in a whole one, or below prefixes of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output

from components.permissions import Statement

LIST = ("s3:ListBucket", "s3:GetBucketLocation")


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a workload may do with the objects of a bucket, and with the key on them."""

    objects: Sequence[str]
    key: Sequence[str]


READ = Access(objects=("s3:GetObject", "s3:GetObjectVersion"), key=("kms:Decrypt",))
READ_AND_WRITE = Access(
    objects=(*READ.objects, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
    key=("kms:Decrypt", "kms:GenerateDataKey"),
)
WRITE = Access(objects=("s3:PutObject", "s3:GetObject"), key=("kms:Decrypt", "kms:GenerateDataKey"))


def in_bucket(arn: Input[str], key_arn: Input[str], access: Access) -> list[Statement]:
    """Access to every object of a bucket."""
    return [
        Statement(sid="Objects", actions=access.objects, resources=[Output.concat(arn, "/*")]),
        Statement(sid="Bucket", actions=LIST, resources=[arn]),
        Statement(sid="Key", actions=access.key, resources=[key_arn]),
    ]


def of_tenant(
    tenant: str, arns: Sequence[Input[str]], key_arn: Input[str], region: str
) -> list[Statement]:
    """Reading and writing below the tenant's prefix of each bucket, and the key by S3 alone."""
    prefix = _prefix(tenant)
    by_s3 = {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}
    return [
        Statement(
            sid="Objects",
            actions=READ_AND_WRITE.objects,
            resources=[Output.concat(arn, f"/{prefix}*") for arn in arns],
        ),
        Statement(
            sid="List",
            actions=("s3:ListBucket",),
            resources=arns,
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}},
        ),
        Statement(sid="Find", actions=("s3:GetBucketLocation",), resources=arns),
        Statement(sid="Key", actions=READ_AND_WRITE.key, resources=[key_arn], conditions=by_s3),
    ]


def not_of_tenants(arn: Input[str]) -> Statement:
    """Takes what tenants keep out of an access to a whole bucket."""
    return Statement(
        sid="NotOfTenants",
        effect="Deny",
        actions=("s3:GetObject", "s3:GetObjectVersion"),
        resources=[Output.concat(arn, f"/{_prefix('')}*")],
    )


def _prefix(tenant: str) -> str:
    return f"teams/{tenant}/" if tenant else "teams/"

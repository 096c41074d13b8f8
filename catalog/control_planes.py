"""Control planes that live in one region whatever the region of what they manage: while that one is
lost, nothing about these services can be changed anywhere; what they serve goes on.

Source: AWS whitepaper Fault Isolation Boundaries, global services.
"""

from __future__ import annotations

import re

HOME = "us-east-1"
"""Where they live."""
GLOBAL_SERVICES = frozenset(
    {"account", "budgets", "ce", "cloudfront", "iam", "organizations", "route53", "route53domains"}
)
"""By the names of boto3."""
BUCKET_CONFIGURATION = re.compile(r"(Create|Delete|Put)Bucket")
"""Operations of S3 that are carried out through it, unlike those on objects."""


def through_home(service: str, operation: str) -> str | None:
    """Why `operation` needs the home region, wherever it is called; None where it does not."""
    if service in GLOBAL_SERVICES:
        return f"{service} has its control plane in {HOME}"
    if service in {"s3", "s3control"} and BUCKET_CONFIGURATION.match(operation):
        return f"the configuration of buckets goes through {HOME}"
    return None

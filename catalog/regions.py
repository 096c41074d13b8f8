"""AWS regions where the platform may be built, with their availability zones.

Zone letters are mapped per account, so a zone that exists may still lack an instance type
there. `us-east-1e` is left out: it takes no EKS control-plane interface (EKS user guide,
network requirements).
"""

from __future__ import annotations

_ZONE_LETTERS = {
    "us-east-1": "abcdf",
    "us-east-2": "abc",
    "us-west-2": "abcd",
    "ca-central-1": "abd",
    "eu-west-1": "abc",
    "eu-west-2": "abc",
    "eu-central-1": "abc",
    "ap-northeast-1": "acd",
    "ap-southeast-1": "abc",
    "ap-southeast-2": "abc",
}

ZONES: dict[str, tuple[str, ...]] = {
    region: tuple(f"{region}{letter}" for letter in letters)
    for region, letters in _ZONE_LETTERS.items()
}
"""Zone names by region, in order."""

REGIONS = tuple(ZONES)

STRONG_TABLES: tuple[frozenset[str], ...] = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
"""Sets of regions within which DynamoDB keeps strong consistency.
Source: DynamoDB developer guide, multi-Region strong consistency."""

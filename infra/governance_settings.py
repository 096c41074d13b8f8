"""The governance half of a stack file: identities, guardrails, names, money, teams, recovery."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from catalog.namespaces import NAMESPACES
from infra.fields import (
    Domain,
    Email,
    Label,
    Ownership,
    PrincipalArn,
    Region,
    RoleArn,
    Section,
    TagValue,
)

RESERVED_NAMESPACES = frozenset({"default", *NAMESPACES})
"""Namespaces of the platform itself: no team may have their names."""


class Identity(Section):
    """Where roles live, what bounds them, and who administers the cluster."""

    role_path: str = Field(
        pattern=r"^/([a-z0-9-]+/){0,4}$",
        description="an IAM path that starts and ends with a slash, such as /mlops/",
    )
    permissions_boundary: str | None = Field(
        pattern=r"^arn:aws:iam::\d{12}:policy/[A-Za-z0-9_+=,.@/-]+$",
        description="the ARN of the policy that bounds every role, or null",
    )
    admins: dict[Label, RoleArn] = Field(
        min_length=2,
        max_length=10,
        description="at least two ARNs of roles by the name of the path: losing one role must "
        "lock nobody out of the cluster",
    )
    break_glass: tuple[PrincipalArn, ...] = Field(
        min_length=1,
        max_length=10,
        description="a list of ARNs of roles or users that may take the role of last resort",
    )


class Owned(Section):
    """Something that the organisation may already have."""

    ownership: Ownership = Field(
        description='"create", "adopt" or "off" (in quotes: YAML reads a bare off as false)'
    )
    adopted_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=512,
        description='the ID or ARN of what is adopted, given exactly with "adopt"',
    )


class Guardrails(Section):
    """Account and region guardrails; each singleton has exactly one owner."""

    cloudtrail: Owned
    guardduty: Owned
    security_hub: Owned
    config: Owned
    access_analyzer: Owned
    ebs_encryption: Owned
    s3_account_block: Owned
    budgets: Owned
    anomaly_monitor: Owned
    alert_topics: Owned


class Dns(Section):
    """The public domain and the zone that holds its records."""

    domain: Domain
    hosted_zone: Owned


class Alerts(Section):
    """Who hears of alarms, budgets and findings."""

    email: Email


class Budget(Section):
    """Expected spend of the stack and when to warn."""

    monthly_usd: int = Field(ge=1, le=10_000_000, description="USD per month, a whole number")
    thresholds_percent: tuple[
        Annotated[int, Field(ge=1, le=200, description="a percentage of the budget, 1 to 200")],
        ...,
    ] = Field(min_length=2, max_length=2, description="two rising percentages, such as [80, 100]")


class Quota(Section):
    """The most that a team's namespace may request."""

    cpus: int = Field(ge=1, le=10_000, description="CPU cores, 1 to 10000")
    memory_gib: int = Field(ge=1, le=100_000, description="GiB of memory, 1 to 100000")
    gpus: int = Field(ge=0, le=1_000, description="GPUs, 0 to 1000")
    storage_gib: int = Field(ge=1, le=1_000_000, description="GiB of volumes, 1 to 1000000")


def _team_name(value: str) -> str:
    if value in RESERVED_NAMESPACES or value.startswith("kube-"):
        raise ValueError("is a namespace of the platform")
    return value


GitRepository = Annotated[
    str,
    Field(
        pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?/[A-Za-z0-9._~/-]+$",
        description="the https address of a Git repository, without user or wildcard",
    ),
]


class Team(Section):
    """A tenant: a namespace, a bucket prefix, roles and a cost tag of this name."""

    name: Annotated[Label, AfterValidator(_team_name)] = Field(
        description="a namespace name of at most 20 lower-case letters, digits and single "
        "hyphens that the platform does not use itself"
    )
    owner: Email
    cost_center: TagValue
    quota: Quota
    repositories: tuple[GitRepository, ...] = Field(
        default=(),
        max_length=50,
        description="a list of addresses of the Git repositories that the team's applications "
        "come from, may be empty",
    )


class Recovery(Section):
    """What a region failover must keep: alarms, classes and drill limits follow from it."""

    rto_minutes: int = Field(
        ge=15, le=1440, description="minutes until service is back, 15 to 1440"
    )
    rpo_minutes: int = Field(
        ge=15,
        le=1440,
        description="minutes of writes that may be lost, 15 to 1440: S3 replication time "
        "control and EFS replication promise no less than 15",
    )
    rto_median_minutes: int = Field(
        ge=1,
        le=1440,
        description="minutes until service is back in half of all failovers, 1 to 1440 and at "
        "most rto_p95_minutes",
    )
    rto_p95_minutes: int = Field(
        ge=1,
        le=1440,
        description="minutes until service is back in 19 of 20 failovers, 1 to 1440 and at most "
        "rto_minutes",
    )
    inference_minutes: int = Field(
        ge=1,
        le=1440,
        description="minutes until models that are warm in the standby answer there, 1 to 1440 "
        "and at most rto_minutes",
    )
    rpo_database_minutes: int = Field(
        ge=1,
        le=1440,
        description="minutes of rows that may be lost, 1 to 1440 and at most rpo_minutes: a "
        "replica is seconds behind",
    )
    witness_region: Region | None = Field(
        default=None,
        description="a third region that keeps the fence's votes, given exactly by a primary "
        "with a peer",
    )

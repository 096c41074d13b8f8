"""The stack file of `link`, which owns what spans two regions: `role: link`, and both ends.

Read in the same way as a region's file; its model is a small one of its own, since nothing of a
region's applies to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Literal, cast

from pydantic import Field

from infra.data_rules import BUCKET_PURPOSES
from infra.fields import AccountId, Email, Label, Namespace, Prefix, Region, Section, TagValue
from infra.network_rules import repeated
from infra.problems import Problem, judged, read_document, unexpected

UNLINKED = frozenset({"logs"})
"""Purposes that stay where they are: each region's evidence is about itself."""


class LinkIdentity(Section):
    """Where roles live and what bounds them."""

    role_path: str = Field(
        pattern=r"^/([a-z0-9-]+/){0,4}$",
        description="an IAM path that starts and ends with a slash, such as /mlops/",
    )
    permissions_boundary: str | None = Field(
        pattern=r"^arn:aws:iam::\d{12}:policy/[A-Za-z0-9_+=,.@/-]+$",
        description="the ARN of the policy that bounds every role, or null",
    )


class End(Section):
    """A region's stack: its outputs are read by `stack`, its names follow from the rest."""

    stack: str = Field(
        pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){2}$",
        description="the stack as organization/project/stack",
    )
    region: Region
    prefix: Prefix
    data_generation: int = Field(ge=1, le=99, description="the generation of its data, 1 to 99")


class Replication(Section):
    """What is copied. Buckets and images go both ways, files from the primary to the standby."""

    buckets: tuple[
        Annotated[str, Field(description="the purpose of a bucket that both stacks have")], ...
    ] = Field(min_length=1, description="a list of purposes, such as [models, artifacts]")
    images: Namespace | None = Field(
        description="the registry namespace that both stacks declare, or null for none"
    )
    files: bool = Field(description="true, or false while the file system is detached")


class VaultSettings(Section):
    """Daily backups of the primary's database and files, with a copy in the standby's region."""

    schedule: str = Field(
        default="0 9 * * ? *",
        pattern=r"^[0-9*/,-]+ [0-9*/,-]+ [0-9*/,?L-]+ [0-9A-Z*/,-]+ [0-9A-Z*/,?L#-]+ [0-9*/,-]+$",
        description="when: a cron expression of AWS's six fields, in UTC",
    )
    keep_days: int = Field(
        default=35, ge=7, le=3650, description="days that a backup is kept, 7 to 3650"
    )
    locked_days: int = Field(
        default=14, ge=7, le=3650, description="days in which nobody deletes one, 7 to 3650"
    )


class LinkSettings(Section):
    """Everything that the link declares. Obtain it from `parse_link`."""

    environment: Label = Field(description="the environment's name, such as link")
    role: Literal["link"] = Field(description='"link"')
    account_id: AccountId
    region: Region
    """Where its provider works by default; what it makes says its own region."""
    prefix: Prefix
    owner: Email
    cost_center: TagValue
    identity: LinkIdentity
    primary: End
    standby: End
    replication: Replication
    vault: VaultSettings | None = Field(
        default=None, description="locked backups in both regions, or null for none"
    )
    protect_data: bool = Field(
        default=True, description="true, or false so that a destroy takes the vaults too"
    )


def parse_link(stack: str, document: str) -> LinkSettings:
    """The settings of a link. Raises SettingsError, which lists every wrong key."""
    return read_document(f"Pulumi.{stack}.yaml", document, LinkSettings, _broken_rules)


def is_link(document: str) -> bool:
    """Whether a stack file's object says that it is a link's; false where it is unreadable."""
    try:
        raw: object = json.loads(document)
    except ValueError:
        return False
    return isinstance(raw, dict) and cast("dict[str, object]", raw).get("role") == "link"


def _broken_rules(settings: LinkSettings) -> Iterator[Problem]:
    for rule in (_two_regions, _two_names, _linked_buckets, _kept_while_locked):
        yield from judged(rule(settings))


def _two_regions(settings: LinkSettings) -> Iterator[Problem]:
    if settings.standby.region == settings.primary.region:
        expected = f"another region than the primary's ({settings.primary.region})"
        yield unexpected("standby.region", expected, settings.standby.region)


def _two_names(settings: LinkSettings) -> Iterator[Problem]:
    for key in ("stack", "prefix"):
        first, second = getattr(settings.primary, key), getattr(settings.standby, key)
        if first == second:
            yield unexpected(f"standby.{key}", f"another one than the primary's ({first})", second)


def _linked_buckets(settings: LinkSettings) -> Iterator[Problem]:
    buckets = settings.replication.buckets
    yield from repeated("replication.buckets", buckets, "bucket")
    for place, purpose in enumerate(buckets):
        if purpose in UNLINKED or purpose == "access-logs":
            expected = f"one of {', '.join(sorted(BUCKET_PURPOSES - UNLINKED))}, or an extra one"
            yield unexpected(f"replication.buckets[{place}]", expected, purpose)


def _kept_while_locked(settings: LinkSettings) -> Iterator[Problem]:
    vault = settings.vault
    if vault is not None and vault.keep_days < vault.locked_days:
        expected = f"at least vault.locked_days ({vault.locked_days})"
        yield unexpected("vault.keep_days", expected, vault.keep_days)

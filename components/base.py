"""What every component shares: its type token, parents, names, tags and how it guards data.

A component gets a `Site` (where and for whom it is built) and plain arguments; it never
reads configuration, so that the same code serves every stack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi import Input, ResourceOptions


@dataclass(frozen=True, kw_only=True)
class Site:
    """The account, region and names that a stack builds in; one per stack and region."""

    environment: str
    """`production`, `dr`, …: appears in physical names and tags, never in logical names."""
    account_id: str
    region: str
    prefix: str
    """Start of every physical name, for example `mlops-platform-production`."""
    data_generation: int = 1
    """Raised when data is rebuilt beside what an earlier generation left behind."""
    protect_data: bool = True
    """False only while a stack is being torn down: lifts every deletion protection."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Required tags, the same on everything: owner, cost centre, environment, …"""
    role_path: str = "/mlops/"
    permissions_boundary: str | None = None
    """ARN of the managed policy that bounds every role, or None."""

    def name(self, part: str) -> str:
        """Physical name of a thing that is unique in its account and region."""
        return f"{self.prefix}-{part}"

    def data_name(self, part: str) -> str:
        """Physical name of a thing that holds data: carries the generation."""
        return f"{self.prefix}-{part}-g{self.data_generation}"

    def bucket_name(self, purpose: str) -> str:
        """Bucket names are global, hence the account ID; at most 63 characters."""
        return f"{self.prefix}-{purpose}-{self.account_id}-g{self.data_generation}"

    @property
    def root_arn(self) -> str:
        """ARN of the account's root principal, the only one that key policies name."""
        return f"arn:aws:iam::{self.account_id}:root"


class Component(pulumi.ComponentResource):
    """A named part of the platform; children are parented to it and tagged alike."""

    def __init__(self, name: str, site: Site, opts: ResourceOptions | None = None) -> None:
        super().__init__(f"mlops:components:{type(self).__name__}", name, None, opts)
        self.name = name
        self.site = site

    def child(self, part: str) -> str:
        """Logical name of a child: `<component>-<part>`."""
        return f"{self.name}-{part}"

    def tags(
        self, part: str, extra: Mapping[str, str] | None = None, *, name: str | None = None
    ) -> dict[str, str]:
        """Tags of the child `part`: the site's, its Name, and `mlops:id` by which a
        killed deployment finds it again. `name` is its physical name, where it has one."""
        return {
            **self.site.tags,
            "Name": name or f"{self.site.prefix}-{self.child(part)}",
            "mlops:id": self._identity(part),
            **(extra or {}),
        }

    def options(
        self,
        *,
        depends_on: Input[Sequence[Input[pulumi.Resource]]] | None = None,
        ignore_changes: Sequence[str] | None = None,
        delete_before_replace: bool | None = None,
        retain: bool = False,
    ) -> ResourceOptions:
        """Options of an ordinary child; with `retain`, of one that a destroy leaves in the
        account because what it belongs to stays."""
        return ResourceOptions(
            parent=self,
            depends_on=depends_on,
            retain_on_delete=retain or None,
            ignore_changes=list(ignore_changes) if ignore_changes else None,
            delete_before_replace=delete_before_replace,
        )

    def holds_data(
        self,
        *,
        retain: bool = False,
        ignore_changes: Sequence[str] | None = None,
        depends_on: Input[Sequence[Input[pulumi.Resource]]] | None = None,
    ) -> ResourceOptions:
        """Options of a child that holds data: protected while the site's data is, and,
        with `retain`, left in the account by a destroy (object-locked buckets, whose
        objects nobody can delete)."""
        return ResourceOptions(
            parent=self,
            depends_on=depends_on,
            protect=self.site.protect_data,
            retain_on_delete=retain,
            ignore_changes=list(ignore_changes) if ignore_changes else None,
        )

    def _identity(self, part: str) -> str:
        """Short hash of stack, component and part, then the logical name. A URN does not
        fit: its `$` is not allowed in tag values."""
        logical = self.child(part)
        stack = f"{pulumi.get_project()}::{pulumi.get_stack()}"
        path = f"{stack}::{self.pulumi_resource_type}::{logical}"
        return f"{hashlib.sha256(path.encode()).hexdigest()[:12]}:{logical}"

"""Who may sign in to the online store: one user per client, none without a password.

Part of `Cache`. A Valkey user group needs no user named default, so there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from catalog.valkey import GROUP_NAME_LIMIT
from components.base import Component, Site
from components.physical_names import fitted_name

PERMISSIONS = "on ~* +@all -@admin -@dangerous +info"
"""Every key; nothing that reads the configuration, empties the store or lists all keys."""


@dataclass(frozen=True, kw_only=True)
class CacheUsersArgs:
    """`passwords` by user name, 16 to 128 characters each."""

    engine: str
    passwords: Mapping[str, Input[str]]
    version: int = 1
    """Raise it to write the passwords again: a write-only value itself is never compared."""


class CacheUsers(Component):
    """Users and the group of them."""

    group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: CacheUsersArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        users = [self._user(args, user) for user in args.passwords]
        physical = fitted_name(site, "cache-users", GROUP_NAME_LIMIT)
        group = aws.elasticache.UserGroup(
            self.child("group"),
            user_group_id=physical,
            engine=args.engine,
            user_ids=[user.user_id for user in users],
            tags=self.tags("group", name=physical),
            opts=self.options(),
        )
        self.group_id = group.user_group_id
        self.register_outputs({"group_id": self.group_id})

    def _user(self, args: CacheUsersArgs, user: str) -> aws.elasticache.User:
        physical = fitted_name(self.site, f"cache-{user}", GROUP_NAME_LIMIT)
        return aws.elasticache.User(
            self.child(user),
            user_id=physical,
            user_name=user,
            engine=args.engine,
            access_string=PERMISSIONS,
            passwords_wo=args.passwords[user],
            passwords_wo_version=args.version,
            tags=self.tags(user, name=physical),
            opts=self.options(),
        )

"""A role that an AWS service takes: trust, permissions, path, boundary and prefix.

Every role of the platform is one of these, so that the boundary and the path can be relied on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.permissions import Statement, Trust, permissions_policy
from components.physical_names import ROLE_LIMIT, fitted_name


@dataclass(frozen=True, kw_only=True)
class ServiceRoleArgs:
    """Managed policies are named below `arn:aws:iam::aws:policy/`."""

    description: str
    trust: Trust
    statements: Sequence[Statement] = ()
    managed_policies: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Over the site's."""


class ServiceRole(Component):
    """A role with its inline and managed permissions."""

    role: aws.iam.Role
    arn: pulumi.Output[str]
    """Known only once every permission is attached, so that whoever uses it can start at once."""
    grants: Sequence[pulumi.Resource]
    """The attached permissions, for those that take the role itself rather than its ARN."""

    def __init__(
        self, name: str, args: ServiceRoleArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.role = self._role(args)
        attachments = [self._attachment(policy) for policy in args.managed_policies]
        inline = [self._permissions(args.statements)] if args.statements else []
        self.grants = [*attachments, *inline]
        granted = [attachment.id for attachment in attachments] + [one.id for one in inline]
        self.arn = pulumi.Output.all(self.role.arn, *granted).apply(lambda known: str(known[0]))
        self.register_outputs({"arn": self.arn})

    def _role(self, args: ServiceRoleArgs) -> aws.iam.Role:
        name = fitted_name(self.site, self.name, ROLE_LIMIT)
        return aws.iam.Role(
            self.child("role"),
            name=name,
            path=self.site.role_path,
            description=args.description,
            assume_role_policy=args.trust.policy(),
            permissions_boundary=self.site.permissions_boundary,
            tags=self.tags("role", args.tags, name=name),
            opts=self.options(),
        )

    def _attachment(self, policy: str) -> aws.iam.RolePolicyAttachment:
        return aws.iam.RolePolicyAttachment(
            self.child(policy.rsplit("/", 1)[-1]),
            role=self.role.name,
            policy_arn=f"arn:aws:iam::aws:policy/{policy}",
            opts=self.options(),
        )

    def _permissions(self, statements: Sequence[Statement]) -> aws.iam.RolePolicy:
        return aws.iam.RolePolicy(
            self.child("permissions"),
            name="permissions",
            role=self.role.name,
            policy=permissions_policy(statements),
            opts=self.options(),
        )

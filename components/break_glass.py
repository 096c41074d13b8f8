"""The role of last resort: administrator of the cluster when every other way in is gone.

Taken by named people with a second factor through the region's own STS endpoint, so that it
works while another region is away. Its use is an event worth an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.cluster import cluster_arn
from components.permissions import Statement, permissions_policy, policy_json
from components.physical_names import ROLE_LIMIT, fitted_name

SESSION_SECONDS = 3600
MFA_MAX_AGE_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class BreakGlassArgs:
    """`principals`: ARNs of the roles or users of this account that may take the role; `*`
    is allowed in them, as names of single sign-on roles end in a random part.

    Raises ValueError for nobody, and for anybody.
    """

    principals: Sequence[str]

    def __post_init__(self) -> None:
        """A role of last resort that nobody can take is none, and one for all is a hole."""
        open_to_all = [
            one for one in self.principals if ":role/" not in one and ":user/" not in one
        ]
        if not self.principals or open_to_all:
            raise ValueError(
                f"principals {list(self.principals)}: ARNs of named roles or users are expected"
            )


class BreakGlass(Component):
    """A role that may find the cluster; what it may do inside is the cluster's access entry."""

    role_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BreakGlassArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        role = self._role(args)
        self._permissions(role)
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})

    def _role(self, args: BreakGlassArgs) -> aws.iam.Role:
        name = fitted_name(self.site, self.name, ROLE_LIMIT)
        return aws.iam.Role(
            self.child("role"),
            name=name,
            path=self.site.role_path,
            description="Last resort: administrator of the cluster",
            assume_role_policy=self._trust(args),
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=self.site.permissions_boundary,
            tags=self.tags("role", name=name),
            opts=self.options(),
        )

    def _trust(self, args: BreakGlassArgs) -> pulumi.Output[str]:
        conditions = {
            "ArnLike": {"aws:PrincipalArn": list(args.principals)},
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "NumericLessThan": {"aws:MultiFactorAuthAge": str(MFA_MAX_AGE_SECONDS)},
        }
        trusted: dict[str, object] = {
            "Effect": "Allow",
            "Principal": {"AWS": self.site.root_arn},
            "Action": "sts:AssumeRole",
            "Condition": conditions,
        }
        return policy_json([trusted])

    def _permissions(self, role: aws.iam.Role) -> aws.iam.RolePolicy:
        find = Statement(
            sid="FindTheCluster",
            actions=("eks:DescribeCluster", "eks:AccessKubernetesApi"),
            resources=[cluster_arn(self.site)],
        )
        return aws.iam.RolePolicy(
            self.child("permissions"),
            name="permissions",
            role=role.name,
            policy=permissions_policy([find]),
            opts=self.options(),
        )

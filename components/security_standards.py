"""Security Hub: the account measured against published standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership

STANDARDS = (
    "aws-foundational-security-best-practices/v/1.0.0",
    "cis-aws-foundations-benchmark/v/5.0.0",
)


@dataclass(frozen=True, kw_only=True)
class SecurityStandardsArgs:
    """`ownership.existing`: the account ID, by which AWS names the hub."""

    ownership: Ownership = CREATE
    standards: Sequence[str] = STANDARDS
    """`<standard>/v/<version>`, as in the standards' ARNs."""


class SecurityStandards(Component):
    """The region's hub, subscribed to the standards by name and not to whatever is default."""

    hub_arn: pulumi.Output[str] | None = None

    def __init__(
        self,
        name: str,
        args: SecurityStandardsArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            hub = self._hub()
            for standard in args.standards:
                self._subscription(hub, standard)
            self.hub_arn = hub.arn
        elif args.ownership.adopted:
            found = aws.securityhub.Account.get(
                self.child("hub"), args.ownership.adopted, opts=self.options()
            )
            self.hub_arn = found.arn
        self.register_outputs({"hub_arn": self.hub_arn})

    def _hub(self) -> aws.securityhub.Account:
        return aws.securityhub.Account(
            self.child("hub"),
            enable_default_standards=False,
            auto_enable_controls=True,
            control_finding_generator="SECURITY_CONTROL",
            opts=self.options(),
        )

    def _subscription(
        self, hub: aws.securityhub.Account, standard: str
    ) -> aws.securityhub.StandardsSubscription:
        return aws.securityhub.StandardsSubscription(
            self.child(standard.split("/", 1)[0]),
            standards_arn=f"arn:aws:securityhub:{self.site.region}::standards/{standard}",
            opts=self.options(depends_on=[hub]),
        )

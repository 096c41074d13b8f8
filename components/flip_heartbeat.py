"""What may keep traffic in this region: a role that publishes the metric of `FlipCheck`.

A failover makes a schedule of EventBridge Scheduler that publishes each minute; only its role has
to be there before, since IAM's control plane may be away on the day.
"""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components.base import Component, Site
from components.flip_check import NAMESPACE
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs


class FlipHeartbeat(Component):
    """The role, which can do nothing else."""

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, site: Site, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, site, opts)
        args = ServiceRoleArgs(
            description="Publishes that traffic belongs to this region",
            trust=Trust(
                service="scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": site.account_id}},
            ),
            statements=[
                Statement(
                    sid="Publish",
                    actions=["cloudwatch:PutMetricData"],
                    # Metrics have no ARNs: the namespace is what pins it.
                    resources=["*"],
                    conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
                )
            ],
        )
        self.role_arn = ServiceRole(self.name, args, self.site, self.options()).arn
        self.register_outputs({"role_arn": self.role_arn})

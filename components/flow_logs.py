"""Flow logs: a record of every connection in the network, accepted or refused.

Part of a created `Network`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

AGGREGATION_SECONDS = 60
"""The shortest that AWS offers: an intrusion is seen within minutes."""


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """Plain values decide the shape; inputs only flow through."""

    vpc_id: Input[str]
    logs_key_arn: Input[str]
    retention_days: int


class FlowLogs(Component):
    """All traffic of the VPC to an encrypted log group, through a role of its own."""

    log_group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: FlowLogsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        group = self._group(args)
        self._flow_log(args, group, self._role(group))
        self.log_group_name = group.name
        self.register_outputs({"log_group_name": self.log_group_name})

    def _group(self, args: FlowLogsArgs) -> aws.cloudwatch.LogGroup:
        name = f"/mlops/{self.site.prefix}/flow-logs"
        return aws.cloudwatch.LogGroup(
            self.child("group"),
            name=name,
            retention_in_days=args.retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags("group", name=name),
            opts=self.options(),
        )

    def _role(self, group: aws.cloudwatch.LogGroup) -> ServiceRole:
        sources = f"arn:aws:ec2:{self.site.region}:{self.site.account_id}:vpc-flow-log/*"
        write = Statement(
            sid="WriteToTheLogGroup",
            actions=("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            resources=[group.arn, group.arn.apply(lambda arn: f"{arn}:*")],
        )
        find = Statement(
            sid="FindTheLogGroup",
            actions=("logs:DescribeLogGroups",),
            resources=[f"arn:aws:logs:{self.site.region}:{self.site.account_id}:log-group:*"],
        )
        role = ServiceRoleArgs(
            description="VPC flow logs, writing to their log group",
            trust=Trust(
                service="vpc-flow-logs.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": self.site.account_id},
                    "ArnLike": {"aws:SourceArn": sources},
                },
            ),
            statements=(write, find),
        )
        return ServiceRole(self.child("delivery"), role, self.site, self.options())

    def _flow_log(
        self, args: FlowLogsArgs, group: aws.cloudwatch.LogGroup, role: ServiceRole
    ) -> aws.ec2.FlowLog:
        return aws.ec2.FlowLog(
            self.child("all"),
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags=self.tags("all"),
            opts=self.options(),
        )

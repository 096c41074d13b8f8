"""CloudTrail: who did what in the account, in every region, tamper-evident and encrypted.

The bucket's policy must let `cloudtrail.amazonaws.com` write below `cloudtrail/`, and the logs
key must let it encrypt; both belong to the data layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

PREFIX = "cloudtrail"
"""Below which the logs bucket lets the trail write."""


@dataclass(frozen=True, kw_only=True)
class AuditTrailArgs:
    """`ownership.existing`: ARN of the trail."""

    bucket_name: Input[str]
    logs_key_arn: Input[str]
    log_retention_days: int
    ownership: Ownership = CREATE
    bucket_ready: Sequence[pulumi.Resource] = ()
    """The bucket's policy: CloudTrail checks at once whether it may write."""


class AuditTrail(Component):
    """A multi-region trail to the logs bucket and to a log group for alarms."""

    trail_arn: pulumi.Output[str] | None = None

    def __init__(
        self, name: str, args: AuditTrailArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            log_group = self._log_group(args)
            self.trail_arn = self._trail(args, log_group, self._role(log_group)).arn
        elif args.ownership.adopted:
            found = aws.cloudtrail.Trail.get(
                self.child("trail"), args.ownership.adopted, opts=self.options()
            )
            self.trail_arn = found.arn
        self.register_outputs({"trail_arn": self.trail_arn})

    @property
    def trail_name(self) -> str:
        """Physical name, which the policies of bucket and key refer to."""
        return self.site.name("audit")

    def _log_group(self, args: AuditTrailArgs) -> aws.cloudwatch.LogGroup:
        name = f"/mlops/{self.site.prefix}/audit"
        return aws.cloudwatch.LogGroup(
            self.child("logs"),
            name=name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags("logs", name=name),
            opts=self.options(),
        )

    def _role(self, log_group: aws.cloudwatch.LogGroup) -> ServiceRole:
        statement = Statement(
            sid="WriteToTheLogGroup",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=[log_group.arn.apply(lambda arn: f"{arn}:log-stream:*")],
        )
        args = ServiceRoleArgs(
            description="CloudTrail, writing to its log group",
            trust=Trust(
                service="cloudtrail.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": self.site.account_id}},
            ),
            statements=[statement],
        )
        return ServiceRole(self.child("delivery"), args, self.site, self.options())

    def _trail(
        self, args: AuditTrailArgs, log_group: aws.cloudwatch.LogGroup, role: ServiceRole
    ) -> aws.cloudtrail.Trail:
        return aws.cloudtrail.Trail(
            self.child("trail"),
            name=self.trail_name,
            s3_bucket_name=args.bucket_name,
            s3_key_prefix=PREFIX,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            kms_key_id=args.logs_key_arn,
            cloud_watch_logs_group_arn=log_group.arn.apply(lambda arn: f"{arn}:*"),
            cloud_watch_logs_role_arn=role.arn,
            tags=self.tags("trail", name=self.trail_name),
            opts=self.options(depends_on=list(args.bucket_ready)),
        )

"""What one can see of the database: its logs, the operating system's metrics, its slow queries.

Part of `Database`; alarms are in `components/database_alarms.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import Trust
from components.service_role import ServiceRole, ServiceRoleArgs

LOG_EXPORTS = ("postgresql", "upgrade")
INSIGHTS_DAYS = 7
"""The free retention of Performance Insights; longer ones are 31 days times 1 to 23, or 731."""
MONITORING_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class DatabaseInsightArgs:
    """Plain values decide the shape; inputs only flow through."""

    identifier: str
    """Of the instance; RDS derives the names of its log groups from it."""
    data_key_arn: Input[str]
    logs_key_arn: Input[str] | None
    """Key of the log groups; None leaves them to CloudWatch's own encryption."""
    retention_days: int


class DatabaseInsight(Component):
    """Log groups and the role that sends metrics."""

    log_groups: Sequence[aws.cloudwatch.LogGroup]
    """To be made before the instance, or RDS makes them, unencrypted and kept for ever."""
    settings: dict[str, Any]
    """Arguments of the instance."""

    def __init__(
        self, name: str, args: DatabaseInsightArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.log_groups = [self._log_group(args, export) for export in LOG_EXPORTS]
        self.settings = {
            "performance_insights_enabled": True,
            "performance_insights_kms_key_id": args.data_key_arn,
            "performance_insights_retention_period": INSIGHTS_DAYS,
            "monitoring_interval": MONITORING_SECONDS,
            "monitoring_role_arn": self._monitoring_role().arn,
            "enabled_cloudwatch_logs_exports": list(LOG_EXPORTS),
        }
        self.register_outputs({"log_groups": [group.name for group in self.log_groups]})

    def _log_group(self, args: DatabaseInsightArgs, export: str) -> aws.cloudwatch.LogGroup:
        name = f"/aws/rds/instance/{args.identifier}/{export}"
        return aws.cloudwatch.LogGroup(
            self.child(export),
            name=name,
            retention_in_days=args.retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags(export, name=name),
            opts=self.options(),
        )

    def _monitoring_role(self) -> ServiceRole:
        account = {"StringEquals": {"aws:SourceAccount": self.site.account_id}}
        role = ServiceRoleArgs(
            description="Lets RDS send the operating system's metrics",
            trust=Trust(service="monitoring.rds.amazonaws.com", conditions=account),
            managed_policies=["service-role/AmazonRDSEnhancedMonitoringRole"],
        )
        return ServiceRole(self.child("monitoring"), role, self.site, self.options())

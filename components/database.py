"""PostgreSQL (RDS): a primary with backups, or a replica of one in another region.

Clients know only a private name, so that a restored or promoted instance takes over without
touching them; `components/database_alarms.py` watches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.database_alarms import DatabaseAlarms, DatabaseAlarmsArgs
from components.database_password import DatabasePassword, DatabasePasswordArgs
from components.permissions import Trust
from components.service_role import ServiceRole, ServiceRoleArgs

PORT = 5432
CA_CERTIFICATE = "rds-ca-rsa2048-g1"
LOG_EXPORTS = ("postgresql", "upgrade")
INSIGHTS_DAYS = 7
"""The free retention of Performance Insights; longer ones are 31 days times 1 to 23, or 731."""
MONITORING_SECONDS = 60
RECORD_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """Plain values decide the shape; inputs only flow through."""

    instance_class: str
    engine_version: str
    parameter_family: str
    """The parameter-group family that fits the engine version, `postgres17`."""
    storage_gib: int
    max_storage_gib: int
    """Up to here the volume grows by itself."""
    multi_az: bool
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    """Both windows in UTC, as RDS writes them."""
    username: str
    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    client_security_groups: Mapping[str, Input[str]]
    """Who may connect, by a name that tells why."""
    data_key_arn: Input[str]
    secrets_key_arn: Input[str]
    zone_id: Input[str]
    """Private hosted zone of the name that clients use."""
    host: str
    """That name, fully qualified."""
    alarm_topic_arn: Input[str] | None = None
    secret_replica_regions: Mapping[str, Input[str]] | None = None
    """Regions that get a copy of the secret, with a key of theirs."""
    replica_of: Input[str] | None = None
    """ARN of the primary in another region; None makes a primary."""


class Database(Component):
    """One instance, its network, its parameters and its alarms."""

    endpoint: pulumi.Output[str]
    """The instance's own address; clients use `host`."""
    host: str
    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    secret_arn: pulumi.Output[str] | None
    """Secret with user and password; a replica has its primary's."""
    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatabaseArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        password = None if args.replica_of is not None else self._password(args)
        group = self._security_group(args)
        instance = self._instance(args, group, password)
        self._record(args, instance)
        self._alarms(args)
        self.endpoint = instance.address
        self.host = args.host
        self.identifier = instance.identifier
        self.arn = instance.arn
        self.secret_arn = password.secret_arn if password else None
        self.security_group_id = group.id
        self.register_outputs({"endpoint": self.endpoint, "identifier": self.identifier})

    def _physical(self) -> str:
        return self.site.data_name("mlflow")

    def _password(self, args: DatabaseArgs) -> DatabasePassword:
        secret = DatabasePasswordArgs(
            username=args.username,
            host=args.host,
            port=PORT,
            key_arn=args.secrets_key_arn,
            replica_regions=args.secret_replica_regions or {},
        )
        return DatabasePassword(self.child("password"), secret, self.site, self.options())

    def _security_group(self, args: DatabaseArgs) -> aws.ec2.SecurityGroup:
        name = self.site.name(self.name)
        group = aws.ec2.SecurityGroup(
            self.child("clients"),
            name=name,
            description="PostgreSQL clients",
            vpc_id=args.vpc_id,
            tags=self.tags("clients", name=name),
            opts=self.options(),
        )
        for client, source in args.client_security_groups.items():
            self._ingress(client, source, group)
        return group

    def _ingress(self, client: str, source: Input[str], group: aws.ec2.SecurityGroup) -> None:
        part = f"from-{client}"
        aws.vpc.SecurityGroupIngressRule(
            self.child(part),
            security_group_id=group.id,
            referenced_security_group_id=source,
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            description=f"PostgreSQL from {client}",
            tags=self.tags(part),
            opts=self.options(),
        )

    def _instance(
        self, args: DatabaseArgs, group: aws.ec2.SecurityGroup, password: DatabasePassword | None
    ) -> aws.rds.Instance:
        identifier = self._physical()
        return aws.rds.Instance(
            self.child("instance"),
            identifier=identifier,
            instance_class=args.instance_class,
            **self._origin(args, password),
            multi_az=args.multi_az,
            storage_type="gp3",
            max_allocated_storage=args.max_storage_gib,
            storage_encrypted=True,
            kms_key_id=args.data_key_arn,
            db_subnet_group_name=self._subnet_group(args).name,
            parameter_group_name=self._parameters(args).name,
            vpc_security_group_ids=[group.id],
            publicly_accessible=False,
            port=PORT,
            ca_cert_identifier=CA_CERTIFICATE,
            iam_database_authentication_enabled=True,
            **self._upkeep(args),
            **self._insight(args),
            deletion_protection=self.site.protect_data,
            skip_final_snapshot=False,
            final_snapshot_identifier=f"{identifier}-final",
            copy_tags_to_snapshot=True,
            tags=self.tags("instance", name=identifier),
            opts=self.holds_data(),
        )

    def _origin(self, args: DatabaseArgs, password: DatabasePassword | None) -> dict[str, Any]:
        """A replica takes engine, storage, user and password from its source."""
        if password is None:
            return {"replicate_source_db": args.replica_of}
        return {
            "engine": "postgres",
            "engine_version": args.engine_version,
            "allocated_storage": args.storage_gib,
            "db_name": "mlops",
            "username": args.username,
            "password_wo": password.value,
            "password_wo_version": password.version,
        }

    def _upkeep(self, args: DatabaseArgs) -> dict[str, Any]:
        return {
            "backup_retention_period": args.backup_retention_days,
            "backup_window": args.backup_window,
            "maintenance_window": args.maintenance_window,
            "auto_minor_version_upgrade": True,
            "delete_automated_backups": False,
            "apply_immediately": False,
        }

    def _insight(self, args: DatabaseArgs) -> dict[str, Any]:
        return {
            "performance_insights_enabled": True,
            "performance_insights_kms_key_id": args.data_key_arn,
            "performance_insights_retention_period": INSIGHTS_DAYS,
            "monitoring_interval": MONITORING_SECONDS,
            "monitoring_role_arn": self._monitoring_role().arn,
            "enabled_cloudwatch_logs_exports": list(LOG_EXPORTS),
        }

    def _monitoring_role(self) -> ServiceRole:
        account = {"StringEquals": {"aws:SourceAccount": self.site.account_id}}
        role = ServiceRoleArgs(
            description="Lets RDS send the operating system's metrics",
            trust=Trust(service="monitoring.rds.amazonaws.com", conditions=account),
            managed_policies=["service-role/AmazonRDSEnhancedMonitoringRole"],
        )
        return ServiceRole(self.child("monitoring"), role, self.site, self.options())

    def _subnet_group(self, args: DatabaseArgs) -> aws.rds.SubnetGroup:
        name = self.site.name(self.name)
        return aws.rds.SubnetGroup(
            self.child("subnets"),
            name=name,
            description="Subnets without a route to the internet",
            subnet_ids=args.subnet_ids,
            tags=self.tags("subnets", name=name),
            opts=self.options(),
        )

    def _parameters(self, args: DatabaseArgs) -> aws.rds.ParameterGroup:
        # The family is part of the name: a major upgrade needs a new group beside the old one.
        name = self.site.name(f"{self.name}-{args.parameter_family}")
        return aws.rds.ParameterGroup(
            self.child("parameters"),
            name=name,
            family=args.parameter_family,
            description="TLS forced, slow statements and lock waits logged",
            parameters=[
                {"name": "rds.force_ssl", "value": "1", "apply_method": "immediate"},
                {
                    "name": "log_min_duration_statement",
                    "value": "1000",
                    "apply_method": "immediate",
                },
                {"name": "log_lock_waits", "value": "1", "apply_method": "immediate"},
            ],
            tags=self.tags("parameters", name=name),
            opts=self.options(),
        )

    def _record(self, args: DatabaseArgs, instance: aws.rds.Instance) -> None:
        aws.route53.Record(
            self.child("name"),
            zone_id=args.zone_id,
            name=args.host,
            type="CNAME",
            ttl=RECORD_SECONDS,
            records=[instance.address],
            opts=self.options(),
        )

    def _alarms(self, args: DatabaseArgs) -> None:
        alarms = DatabaseAlarmsArgs(
            identifier=self._physical(),
            storage_gib=args.storage_gib,
            topic_arn=args.alarm_topic_arn,
            replica=args.replica_of is not None,
        )
        DatabaseAlarms(self.child("alarms"), alarms, self.site, self.options())

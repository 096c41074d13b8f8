"""PostgreSQL (RDS): a primary with backups, or a replica of one in another region.

Clients know only a private name, so that a restored or promoted instance takes over without
touching them (they verify the certificate's authority, not the name). Its alarms are in
`components/database_alarms.py`, its password in `components/database_password.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from catalog.instances import instances
from components.base import Component, Site
from components.database_alarms import NAMESPACE, thresholds
from components.database_insight import DatabaseInsight, DatabaseInsightArgs
from components.database_password import DatabasePassword, DatabasePasswordArgs
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.service_access import ServiceAccess, ServiceAccessArgs

PORT = 5432
DATABASE = "mlops"
"""What a new instance starts with; the workloads' own databases are made inside it."""
CA_CERTIFICATE = "rds-ca-rsa2048-g1"
RECORD_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError for an unknown instance class, or a replica that is also promoted.
    """

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
    promoted: bool = False
    """A primary that was made as a replica: it keeps its source's user and password, whose
    secret was copied to this region."""
    password_version: int = 1
    """Raise it to have a new password generated and written."""
    logs_key_arn: Input[str] | None = None
    """Key of the log groups; None leaves them to CloudWatch's own encryption."""
    log_retention_days: int = 30
    lag_seconds: int = 60
    """How far a replica may fall behind before an alarm."""

    def __post_init__(self) -> None:
        """Refuse what has no meaning, before anything is registered."""
        if self.instance_class not in instances("rds"):
            raise ValueError(
                f"instance_class: {self.instance_class!r}: expected an RDS class of "
                "catalog/instances.csv, from whose memory the alarms follow; add its row there"
            )
        if self.promoted and self.replica_of is not None:
            raise ValueError("promoted, replica_of: expected at most one; it follows nobody now")


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
        inherits = args.promoted or args.replica_of is not None
        password = None if inherits else self._password(args)
        access = self._access(args)
        instance = self._instance(args, access, password)
        self._replicated_backups(args)
        self._record(args, instance)
        self._alarms(args, instance)
        self.endpoint = instance.address
        self.host = args.host
        self.identifier = instance.identifier
        self.arn = instance.arn
        self.secret_arn = password.secret_arn if password else None
        self.security_group_id = access.group_id
        self.register_outputs({"endpoint": self.endpoint, "identifier": self.identifier})

    def _physical(self) -> str:
        return self.site.data_name("mlflow")

    def _password(self, args: DatabaseArgs) -> DatabasePassword:
        secret = DatabasePasswordArgs(
            username=args.username,
            host=args.host,
            port=PORT,
            key_arn=args.secrets_key_arn,
            database=DATABASE,
            version=args.password_version,
            replica_regions=args.secret_replica_regions or {},
        )
        return DatabasePassword(self.child("password"), secret, self.site, self.options())

    def _access(self, args: DatabaseArgs) -> ServiceAccess:
        access = ServiceAccessArgs(
            description="PostgreSQL clients",
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_groups,
        )
        return ServiceAccess(self.child("access"), access, self.site, self.options())

    def _instance(
        self, args: DatabaseArgs, access: ServiceAccess, password: DatabasePassword | None
    ) -> aws.rds.Instance:
        identifier = self._physical()
        insight = self._insight(args)
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
            vpc_security_group_ids=[access.group_id],
            publicly_accessible=False,
            port=PORT,
            ca_cert_identifier=CA_CERTIFICATE,
            iam_database_authentication_enabled=True,
            **self._upkeep(args),
            **insight.settings,
            **self._end(args),
            copy_tags_to_snapshot=True,
            tags=self.tags("instance", name=identifier),
            opts=self.holds_data(depends_on=list(insight.log_groups)),
        )

    def _origin(self, args: DatabaseArgs, password: DatabasePassword | None) -> dict[str, Any]:
        """A replica takes storage, user and password from its source, and keeps them."""
        engine = {"engine": "postgres", "engine_version": args.engine_version}
        if args.replica_of is not None:
            return {**engine, "replicate_source_db": args.replica_of}
        if password is None:
            return {**engine, "allocated_storage": args.storage_gib}
        return {
            **engine,
            "allocated_storage": args.storage_gib,
            "db_name": DATABASE,
            "username": args.username,
            "password_wo": password.value,
            "password_wo_version": password.version,
        }

    def _end(self, args: DatabaseArgs) -> dict[str, Any]:
        """RDS takes no final snapshot of a replica: its data is its source's."""
        snapshot = {"final_snapshot_identifier": f"{self._physical()}-final"}
        replica = args.replica_of is not None
        return {
            "deletion_protection": self.site.protect_data,
            "skip_final_snapshot": replica,
            **({} if replica else snapshot),
        }

    def _upkeep(self, args: DatabaseArgs) -> dict[str, Any]:
        return {
            "backup_retention_period": args.backup_retention_days,
            "backup_window": args.backup_window,
            "maintenance_window": args.maintenance_window,
            "auto_minor_version_upgrade": True,
            # The final snapshot is what remains; automated ones would linger unnoticed.
            "delete_automated_backups": True,
            "apply_immediately": False,
        }

    def _insight(self, args: DatabaseArgs) -> DatabaseInsight:
        insight = DatabaseInsightArgs(
            identifier=self._physical(),
            data_key_arn=args.data_key_arn,
            logs_key_arn=args.logs_key_arn,
            retention_days=args.log_retention_days,
        )
        return DatabaseInsight(self.child("insight"), insight, self.site, self.options())

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

    def _replicated_backups(self, args: DatabaseArgs) -> None:
        """A replica repeats its source's mistakes at once; its backups reach back before them."""
        if args.replica_of is None:
            return
        aws.rds.InstanceAutomatedBackupsReplication(
            self.child("backups"),
            source_db_instance_arn=args.replica_of,
            kms_key_id=args.data_key_arn,
            retention_period=args.backup_retention_days,
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

    def _alarms(self, args: DatabaseArgs, instance: aws.rds.Instance) -> None:
        alarms = MetricAlarmsArgs(
            namespace=NAMESPACE,
            prefix=self._physical(),
            watch=instance,
            thresholds=thresholds(
                self._physical(),
                args.storage_gib,
                instances("rds")[args.instance_class].memory_gib,
                args.lag_seconds if args.replica_of is not None else None,
            ),
            topic_arn=args.alarm_topic_arn,
        )
        MetricAlarms(self.child("alarms"), alarms, self.site, self.options())

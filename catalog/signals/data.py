"""Alerts about what must not be lost: volumes, the database, replicas."""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

_VOLUME = '{namespace="monitoring",persistentvolumeclaim="prometheus-0"}'
_DISK = '{instance="n",mountpoint="/",fstype="xfs"}'
_INSTANCE = '{dimension_DBInstanceIdentifier="mlflow"}'
_REPLICATED = '{dimension_SourceBucket="a",dimension_DestinationBucket="b",dimension_RuleId="r"}'
GIB = 1024**3
RECOVERY_POINT = "platform:recovery_point_seconds"
"""Recorded figure of the stack file: what a failover may lose of objects."""
ROWS_AT_RISK = "platform:database_recovery_point_seconds"
"""The same, of rows."""


def _volume(used: int) -> dict[str, str]:
    return {
        f"kubelet_volume_stats_used_bytes{_VOLUME}": f"{used}x30",
        f"kubelet_volume_stats_capacity_bytes{_VOLUME}": "100x30",
    }


def _databases(*gib: int) -> dict[str, str]:
    return {
        f'pg_database_size_bytes{{datname="d{place}"}}': f"{size * GIB}x20"
        for place, size in enumerate(gib)
    }


STORAGE = (
    Alert(
        name="StorageFull",
        expression="kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes > 0.95",
        severity="critical",
        service="storage",
        summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is "
        "{{ $value | humanizePercentage }} full",
        action="Raise the claim's request: gp3 volumes grow in place.",
        dashboard="platform-overview",
        proof=Proof(fires=_volume(96), quiet=_volume(94)),
    ),
    Alert(
        name="StorageFilling",
        expression="kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes > 0.9",
        severity="warning",
        service="storage",
        summary="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is "
        "{{ $value | humanizePercentage }} full",
        action="Raise the claim's request before it is full.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(fires=_volume(92), quiet=_volume(88)),
    ),
    Alert(
        name="NodeDiskFull",
        expression='node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs",mountpoint="/"}'
        ' / node_filesystem_size_bytes{fstype!~"tmpfs|ramfs",mountpoint="/"} < 0.05',
        severity="critical",
        service="nodes",
        summary="{{ $labels.instance }} has {{ $value | humanizePercentage }} of its disk left",
        action="Drain the node; the next one has the disk of its group.",
        dashboard="platform-overview",
        proof=Proof(
            fires={f"node_filesystem_avail_bytes{_DISK}": "4x20",
                   f"node_filesystem_size_bytes{_DISK}": "100x20"},
            quiet={f"node_filesystem_avail_bytes{_DISK}": "30x20",
                   f"node_filesystem_size_bytes{_DISK}": "100x20"},
        ),
    ),
    Alert(
        name="DatabaseStorageFull",
        # RDS grows the volume, and tells nobody by how much: what is free and what the databases
        # hold is the volume as it is now, and it is never smaller than at first.
        expression="aws_rds_free_storage_space_average / (aws_rds_free_storage_space_average"
        " + on () group_left () sum(pg_database_size_bytes)) < 0.05",
        or_else=(
            ("aws_rds_free_storage_space_average"
            " / on () group_left () platform:database_storage_bytes < 0.05"),
        ),
        severity="critical",
        service="database",
        summary="{{ $labels.dimension_DBInstanceIdentifier }} has under 5 % of its storage left",
        action="Raise database.max_storage_gib and deploy; RDS grows the volume without a pause.",
        dashboard="platform-overview",
        proof=Proof(
            fires={f"aws_rds_free_storage_space_average{_INSTANCE}": f"{20 * GIB}x20",
                   **_databases(300, 180),
                   "platform:database_storage_bytes": f"{100 * GIB}x20"},
            also=({f"aws_rds_free_storage_space_average{_INSTANCE}": f"{4 * GIB}x20",
                   "platform:database_storage_bytes": f"{100 * GIB}x20"},),
            quiet={f"aws_rds_free_storage_space_average{_INSTANCE}": f"{6 * GIB}x20",
                   **_databases(50, 44),
                   "platform:database_storage_bytes": f"{100 * GIB}x20"},
        ),
    ),
    Alert(
        name="FileSystemSaturated",
        # EFS has no capacity to fill; what runs out is its I/O.
        expression="aws_efs_percent_iolimit_average > 95",
        severity="critical",
        service="storage",
        summary="{{ $labels.dimension_FileSystemId }} is at {{ $value }} % of its I/O limit",
        action="Find the job that reads many small files; move its data to S3 or an EBS volume.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={'aws_efs_percent_iolimit_average{dimension_FileSystemId="fs"}': "98x30"},
            quiet={'aws_efs_percent_iolimit_average{dimension_FileSystemId="fs"}': "80x30"},
        ),
    ),
)  # fmt: skip

DATABASE = (
    Alert(
        name="PostgreSQLDown",
        expression="max(pg_up) < 1",
        or_else=("absent(pg_up)",),
        severity="critical",
        service="postgresql",
        summary="PostgreSQL does not answer",
        action="See the instance's events in RDS: a failover takes about a minute; otherwise "
        "look at its security group, its storage and its connections.",
        dashboard="platform-overview",
        hold=2,
        proof=Proof(
            fires={'pg_up{server="a"}': "0x20"}, also=({},), quiet={'pg_up{server="a"}': "1x20"}
        ),
    ),
    Alert(
        name="DatabaseConnectionsHigh",
        expression="sum(pg_stat_activity_count) / max(pg_settings_max_connections) > 0.9",
        severity="warning",
        service="postgresql",
        summary="{{ $value | humanizePercentage }} of PostgreSQL's connections are taken",
        action="Find who holds them in pg_stat_activity; each service has a limit of its own.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'pg_stat_activity_count{state="active"}': "60x20",
                   'pg_stat_activity_count{state="idle"}': "35x20",
                   "pg_settings_max_connections": "100x20"},
            quiet={'pg_stat_activity_count{state="active"}': "60x20",
                   "pg_settings_max_connections": "100x20"},
        ),
    ),
    Alert(
        name="DatabaseReplicaLag",
        expression=f"aws_rds_replica_lag_average > on () group_left () {ROWS_AT_RISK}",
        severity="critical",
        service="database",
        summary="{{ $labels.dimension_DBInstanceIdentifier }} is "
        "{{ $value | humanizeDuration }} behind: a failover now would lose that much",
        action="Look for a long transaction or a burst of writes at the source; "
        "recovery.rpo_database_minutes of the stack file is what may be lost.",
        dashboard="platform-overview",
        proof=Proof(
            fires={f"aws_rds_replica_lag_average{_INSTANCE}": "400x20",
                   ROWS_AT_RISK: "300x20"},
            quiet={f"aws_rds_replica_lag_average{_INSTANCE}": "400x20",
                   ROWS_AT_RISK: "600x20"},
        ),
    ),
    Alert(
        name="OnlineStoreMemoryHigh",
        expression="aws_elasticache_database_memory_usage_percentage_average > 90",
        severity="warning",
        service="feast",
        summary="The online store uses {{ $value }} % of its memory",
        action="Shorten the features' time to live, or take the next larger node.",
        dashboard="platform-overview",
        proof=Proof(
            fires={'aws_elasticache_database_memory_usage_percentage_average{name="v"}': "95x20"},
            quiet={'aws_elasticache_database_memory_usage_percentage_average{name="v"}': "50x20"},
        ),
    ),
    Alert(
        name="BucketReplicationLag",
        expression=f"aws_s3_replication_latency_maximum > on () group_left () {RECOVERY_POINT}",
        severity="warning",
        service="buckets",
        summary="{{ $labels.dimension_SourceBucket }} is {{ $value | humanizeDuration }} ahead "
        "of its copy",
        action="See the bucket's replication metrics; a copy that was refused needs its key or "
        "its role put right.",
        dashboard="platform-overview",
        hold=15,
        proof=Proof(
            fires={f"aws_s3_replication_latency_maximum{_REPLICATED}": "1200x30",
                   RECOVERY_POINT: "900x30"},
            quiet={f"aws_s3_replication_latency_maximum{_REPLICATED}": "1200x30",
                   RECOVERY_POINT: "1800x30"},
        ),
    ),
    Alert(
        name="BucketReplicationFailed",
        expression="sum by (dimension_SourceBucket)"
        " (sum_over_time(aws_s3_operations_failed_replication_sum[1h])) > 0",
        severity="warning",
        service="buckets",
        summary="{{ $labels.dimension_SourceBucket }}: objects were not copied",
        action="List the failed objects with an S3 batch replication report and copy them again.",
        dashboard="platform-overview",
        proof=Proof(
            fires={f"aws_s3_operations_failed_replication_sum{_REPLICATED}": "0x5 3 0x20"},
            quiet={f"aws_s3_operations_failed_replication_sum{_REPLICATED}": "0x30"},
        ),
    ),
)  # fmt: skip

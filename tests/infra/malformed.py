"""Malformed stack files: what is changed in the good one, and the key that must be named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KEY = "arn:aws:kms:us-east-1:123456789012:key/mrk-00000000000000000000000000000001"
ELSEWHERE = KEY.replace("us-east-1", "eu-west-1")
ADMIN = "arn:aws:iam::123456789012:role/platform-admin"
THREE = ["subnet-00000001", "subnet-00000002", "subnet-00000003"]
GROUP = {"instance_type": "m5.large", "min": 1, "desired": 1, "max": 2, "disk_gib": 50}


@dataclass(frozen=True)
class Malformed:
    """The good document with `value` at `at`, which must be refused naming `key`."""

    at: str
    value: Any
    key: str = ""
    also: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def named(self) -> str:
        return self.key or self.at

    def __str__(self) -> str:
        return f"{self.at}={self.value!r}"[:70]


MALFORMED = (
    # The stack itself
    Malformed("environment", "Production"),
    Malformed("environment", "a-very-long-environment-name"),
    Malformed("environment", 7),
    Malformed("role", "secondary"),
    Malformed("role", "replica", "source_stack"),
    Malformed("role", "replica", "peer", {"source_stack": "o/mlops-platform/p", "peer": None}),
    Malformed("role", "replica", "guardrails.budgets.ownership", {"source_stack": "o/p/s"}),
    Malformed("source_stack", "organization/mlops-platform/production"),
    Malformed("source_stack", "production"),
    Malformed("data_generation", 0),
    Malformed("data_generation", "1"),
    Malformed("data_generation", 1.5),
    Malformed("protect_data", "yes"),
    Malformed("protect_data", 1),
    Malformed("account_id", 123456789012),
    Malformed("account_id", "12345678901"),
    Malformed("region", "us-east-9"),
    Malformed("region", "us-east-1a"),
    Malformed("prefix", "MLOps"),
    Malformed("prefix", "mlops--platform"),
    Malformed("prefix", "mlops-platform-"),
    Malformed("prefix", "m" * 31),
    Malformed("owner", "the platform team"),
    Malformed("cost_center", ""),
    Malformed("cost_center", "R&D"),
    Malformed("colour", "blue"),
    # Identity and ways in
    Malformed("identity.role_path", "mlops"),
    Malformed("identity.role_path", None),
    Malformed("identity.permissions_boundary", "mlops-boundary"),
    Malformed("identity.permissions_boundary", "arn:aws:iam::999999999999:policy/boundary"),
    Malformed("identity.admins", {}),
    Malformed("identity.admins", [ADMIN]),
    Malformed("identity.admins", {"platform": ADMIN}),
    Malformed("identity.admins", {"platform": ADMIN, "break-glass": ADMIN}),
    Malformed("identity.admins.break-glass", "arn:aws:iam::123456789012:user/root"),
    Malformed("identity.admins.break-glass", "arn:aws:iam::999999999999:role/admin"),
    Malformed("identity.admins.Break Glass", ADMIN, 'identity.admins."Break Glass"'),
    Malformed("reachability.mode", "vpn"),
    Malformed("reachability.mode", "public", "reachability.cidrs"),
    Malformed("reachability.cidrs", ["203.0.114.0/24"]),
    Malformed("reachability.cidrs", ["0.0.0.0/0"], "reachability.cidrs[0]"),
    Malformed("reachability.cidrs", ["128.0.0.0/1"], "reachability.cidrs[0]"),
    Malformed("reachability.cidrs", ["10.0.0.0/16"], "reachability.cidrs[0]"),
    # Network and the other region
    Malformed("network.ownership", "off"),
    Malformed("network.ownership", "adopt", "network.adopted"),
    Malformed("network.adopted", {"vpc_id": "vpc-1"}, "network.adopted.vpc_id"),
    Malformed(
        "network.adopted",
        {
            "vpc_id": "vpc-00000001",
            "public_subnet_ids": THREE,
            "private_subnet_ids": THREE[:2],
            "database_subnet_ids": THREE[1:],
        },
        "network.adopted.public_subnet_ids",
        {"network.ownership": "adopt"},
    ),
    Malformed("network.cidr", "10.0.0.0/8"),
    Malformed("network.cidr", "10.0.0.0/24"),
    Malformed("network.cidr", "10.0.0.1/16"),
    Malformed("network.cidr", "8.8.0.0/16"),
    Malformed("network.cidr", "fd00::/16"),
    Malformed("network.cidr", "10.1.0.0/16", "peer.cidr"),
    Malformed("network.cidr", "172.20.0.0/18", "cluster.service_cidr"),
    Malformed("network.zones", ["us-east-1a"]),
    Malformed("network.zones", ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]),
    Malformed("network.zones", ["us-east-1a", "us-east-1a"]),
    Malformed("network.zones[1]", "us-west-2a"),
    Malformed("network.zones[1]", "us-east-1e"),
    Malformed("network.nat", "none"),
    Malformed("network.interface_endpoints[0]", "s3"),
    Malformed("network.interface_endpoints", ["sts", "sts"]),
    Malformed("peer.region", "us-east-1"),
    Malformed("peer.prefix", "mlops-platform-production"),
    Malformed("peer.environment", "production"),
    Malformed("peer.cidr", "10.0.128.0/17"),
    Malformed("peer.cidr", "172.20.16.0/20"),
    Malformed("peer.data_generation", 100),
    # Keys, buckets, database, files, images, logs
    Malformed("keys.ownership", "off"),
    Malformed("keys.ownership", "adopt", "keys.adopted"),
    Malformed("keys.adopted", {"data": KEY, "secrets": KEY, "logs": KEY}),
    Malformed(
        "keys.adopted",
        {"data": KEY, "secrets": ELSEWHERE, "logs": KEY},
        "keys.adopted.secrets",
        {"keys.ownership": "adopt"},
    ),
    Malformed("keys.deletion_window_days", 3),
    Malformed("buckets.infrequent_access_days", 7),
    Malformed("buckets.glacier_days", 100),
    Malformed("buckets.noncurrent_days", 0),
    Malformed("buckets.abort_upload_days", "7"),
    Malformed("buckets.lock_days", None),
    Malformed("buckets.extra", ["models"], "buckets.extra[0]"),
    Malformed("buckets.extra", ["Datasets"], "buckets.extra[0]"),
    Malformed("buckets.extra", ["datasets", "datasets"]),
    Malformed("database.instance_class", "db.r5.huge"),
    Malformed("database.instance_class", "m5.large"),
    Malformed("database.engine_version", "14.9"),
    Malformed("database.engine_version", 17.6),
    Malformed("database.storage_gib", 10),
    Malformed("database.max_storage_gib", 100),
    Malformed("database.multi_az", "true"),
    Malformed("database.backup_retention_days", 1),
    Malformed("database.backup_retention_days", 36),
    Malformed("database.backup_window", "3am"),
    Malformed("database.backup_window", "09:00-09:10"),
    Malformed("database.backup_window", "08:00-08:30"),
    Malformed("database.maintenance_window", "tue:07:00-tue:07:05"),
    Malformed("database.maintenance_window", "tuesday"),
    Malformed("database.master_username", "admin"),
    Malformed("database.master_username", "pg_owner"),
    Malformed("database.password", "correct-horse-battery"),
    Malformed("file_system.infrequent_access_days", 45),
    Malformed("file_system.throughput", "provisioned"),
    Malformed("registry.repositories", []),
    Malformed("registry.repositories[0]", "Platform API"),
    Malformed("registry.repositories", ["api", "api"]),
    Malformed("registry.keep_images", 0),
    Malformed("logs.retention_days", 31),
    Malformed("logs.retention_days", 0),
    # Cluster and pools
    Malformed("cluster.version", "1.27"),
    Malformed("cluster.version", 1.35),
    Malformed("cluster.service_cidr", "100.64.0.0/16"),
    Malformed("cluster.node_groups", {}),
    Malformed("cluster.node_groups", {"compute": GROUP}),
    Malformed("cluster.node_groups.Compute", GROUP),
    Malformed("cluster.node_groups.gpu", GROUP),
    Malformed("cluster.node_groups.system.capacity", "spot"),
    Malformed("cluster.node_groups.system.min", 1),
    Malformed("cluster.node_groups.compute.instance_type", "m5.enormous"),
    Malformed("cluster.node_groups.compute.instance_type", "g4dn.xlarge"),
    Malformed("cluster.node_groups.compute.desired", 11),
    Malformed("cluster.node_groups.compute.desired", 2),
    Malformed("cluster.node_groups.compute.min", 12),
    Malformed("cluster.node_groups.compute.max", 0),
    Malformed("cluster.node_groups.compute.disk_gib", 8),
    Malformed("cluster.node_groups.compute.version", "1.36"),
    Malformed(
        "cluster.node_groups.compute.version", "1.33", also={"cluster.version": "1.40"},
        key="cluster.version",
    ),
    Malformed("cluster.node_groups.compute.size", 3),
    # The GPU pool
    Malformed("gpu.family", "g3"),
    Malformed("gpu.family", "g5", "gpu.instance_type"),
    Malformed("gpu.instance_type", "m5.large"),
    Malformed("gpu.architecture", "arm64"),
    Malformed("gpu.architecture", "arm64", "gpu.ami_type"),
    Malformed("gpu.ami_type", "AL2_x86_64_GPU"),
    Malformed("gpu.taint.key", "gpu"),
    Malformed("gpu.taint.value", True),
    Malformed("gpu.taint.effect", "PreferNoSchedule"),
    Malformed("gpu.sharing.strategy", "vgpu"),
    Malformed("gpu.sharing.strategy", "mig"),
    Malformed("gpu.sharing.strategy", "time-slicing", "gpu.sharing.replicas"),
    Malformed("gpu.sharing.strategy", "mps", "gpu.sharing.replicas"),
    Malformed("gpu.sharing.replicas", 4),
    Malformed("gpu.sharing.replicas", 1),
    Malformed("gpu.sharing.profile", "1g.5gb"),
    Malformed("gpu.quota_vcpus", 8),
    Malformed("gpu.desired", 9),
    Malformed("gpu.version", "1.36"),
    # Guardrails, zone, money, teams, recovery
    Malformed("guardrails.cloudtrail.ownership", False),
    Malformed("guardrails.cloudtrail.ownership", "adopt", "guardrails.cloudtrail.adopted_id"),
    Malformed("guardrails.guardduty.adopted_id", "0" * 32),
    Malformed(
        "guardrails.guardduty.adopted_id",
        "detector",
        also={"guardrails.guardduty.ownership": "adopt"},
    ),
    Malformed(
        "guardrails.s3_account_block",
        {"ownership": "adopt", "adopted_id": "999999999999"},
        "guardrails.s3_account_block.adopted_id",
    ),
    Malformed(
        "guardrails.ebs_encryption",
        {"ownership": "adopt", "adopted_id": "us-west-2"},
        "guardrails.ebs_encryption.adopted_id",
    ),
    Malformed("guardrails.macie", {"ownership": "create"}),
    Malformed("dns.domain", "mlops_platform"),
    Malformed("dns.hosted_zone.ownership", "adopt", "dns.hosted_zone.adopted_id"),
    Malformed(
        "dns.hosted_zone.adopted_id",
        "mlops-platform.com",
        also={"dns.hosted_zone.ownership": "adopt"},
    ),
    Malformed("alerts.email", "oncall"),
    Malformed("budget.monthly_usd", 0),
    Malformed("budget.monthly_usd", "3030"),
    Malformed("budget.thresholds_percent", [80]),
    Malformed("budget.thresholds_percent", [100, 80]),
    Malformed("budget.thresholds_percent", [80, 80]),
    Malformed("budget.thresholds_percent[1]", 500),
    Malformed("teams[0].name", "kube-system"),
    Malformed("teams[0].name", "monitoring"),
    Malformed("teams[0].name", "Data Science"),
    Malformed("teams[1].name", "data-science", "teams"),
    Malformed("teams[0].quota.cpus", 0),
    Malformed("teams[0].quota.gpus", 1, also={"gpu": None}),
    Malformed("recovery.rto_minutes", 5),
    Malformed("recovery.rpo_minutes", 0),
)  # fmt: skip

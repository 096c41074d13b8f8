"""What the services need to know of the foundation: the real thing, or samples of it.

Samples let every plan be made, and so be checked, before a resource is registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input

from components.base import Site


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Names and addresses that flow into values and manifests."""

    cluster_name: Input[str]
    cluster_endpoint: Input[str]
    vpc_id: Input[str]
    vpc_cidr: str
    private_cidrs: tuple[str, ...]
    """Blocks of the subnets that nodes, and so pods and the API server's interfaces, are in."""
    private_subnet_ids: tuple[Input[str], ...]
    nodes_security_group_id: Input[str]
    node_instance_profile: Input[str]
    """Instance profile of Karpenter's nodes."""
    interruption_queue: Input[str]
    """Name of the SQS queue of spot and health events."""
    buckets: Mapping[str, Input[str]]
    """Bucket name by purpose: models, artifacts, features, backups, logs."""
    keys: Mapping[str, Input[str]]
    """Key ARN by use: data, secrets, logs."""
    database_host: Input[str]
    """The private name that clients use, whatever instance is behind it."""
    database_secret: str
    """Name of the secret of the master user in Secrets Manager."""
    valkey_host: Input[str]
    """Primary endpoint of the managed online store; empty where Feast uses the small one."""
    file_system_id: Input[str]
    zone_id: Input[str]
    """Public hosted zone; empty where there is none."""
    console_targets: Mapping[str, Input[str]]
    """ARN of the target group of each console."""
    model_target: Input[str]
    """ARN of the target group of the models' gateway."""
    registry: str
    """Where the platform's own repositories are: the registry's host, and their namespace."""
    alarm_topic: Input[str]
    """ARN of the topic of critical alarms; empty where there is none."""


CONSOLES = ("mlflow", "grafana", "argo", "api", "argocd", "web-ui")
"""What answers at the consoles' load balancer."""


def sample_facts(site: Site, vpc_cidr: str, private_cidrs: tuple[str, ...], registry: str) -> Facts:
    """Facts as they will look, all plain."""
    arn = f"arn:aws:elasticloadbalancing:{site.region}:{site.account_id}:targetgroup"
    key = f"arn:aws:kms:{site.region}:{site.account_id}:key"
    purposes = ("models", "artifacts", "features", "backups", "logs")
    return Facts(
        cluster_name=site.prefix,
        cluster_endpoint=f"https://0123456789ABCDEF.gr7.{site.region}.eks.amazonaws.com",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr=vpc_cidr,
        private_cidrs=private_cidrs,
        private_subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
        nodes_security_group_id="sg-0123456789abcdef0",
        node_instance_profile=site.name("karpenter"),
        interruption_queue=site.name("interruption"),
        buckets={purpose: site.bucket_name(purpose) for purpose in purposes},
        keys={use: f"{key}/{use}" for use in ("data", "secrets", "logs")},
        database_host=f"postgres.{site.prefix}.internal",
        database_secret=site.data_name("postgres"),
        valkey_host=f"master.{site.prefix}.cache.amazonaws.com",
        file_system_id="fs-0123456789abcdef0",
        zone_id="Z0123456789ABCDEFGHIJ",
        console_targets={name: f"{arn}/{name}/0123456789abcdef" for name in CONSOLES},
        model_target=f"{arn}/models/0123456789abcdef",
        registry=registry,
        alarm_topic=f"arn:aws:sns:{site.region}:{site.account_id}:{site.prefix}-critical",
    )

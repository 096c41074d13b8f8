"""What a stack tells others: the typed contract that dr, link, ops and reports read.

`infra/exports.py` fills it. Nothing secret is in it: secrets are named by their ARN.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationError


class OutputsError(ValueError):
    """Outputs that do not fulfil the contract; says which, and what to do."""


class Part(BaseModel):
    """Part of the outputs: strict and frozen. A newer stack may tell more than is read here."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class NetworkOutputs(Part):
    """Subnets stand in the order of the zones."""

    vpc_id: str
    cidr: str
    zones: tuple[str, ...]
    public_subnet_ids: tuple[str, ...]
    private_subnet_ids: tuple[str, ...]
    database_subnet_ids: tuple[str, ...]
    nat_addresses: tuple[str, ...]
    """Public addresses from which the platform calls out; empty where the VPC is adopted."""


class KeysOutputs(Part):
    """ARNs of the customer keys."""

    data: str
    secrets: str
    logs: str


class BucketOutputs(Part):
    """One bucket."""

    name: str
    arn: str


class DatabaseOutputs(Part):
    """PostgreSQL: clients use `host`, runbooks the rest."""

    identifier: str
    arn: str
    endpoint: str
    host: str
    security_group_id: str
    secret_arn: str | None = None
    """None for a replica, which has its primary's password."""


class OnlineStoreOutputs(Part):
    """The managed online store; clients use `endpoint`."""

    identifier: str
    arn: str
    endpoint: str
    security_group_id: str


class FileSystemOutputs(Part):
    """The shared file system; access points by team."""

    id: str
    arn: str
    access_point_ids: dict[str, str]


class ClusterOutputs(Part):
    """The cluster and what joins it."""

    name: str
    arn: str
    version: str
    endpoint: str
    oidc_issuer: str
    security_group_id: str
    node_role_arn: str
    instance_profile: str
    node_groups: dict[str, str]
    """Physical name by pool."""
    kubeconfig: str
    """JSON; asks the AWS CLI for a token, so it holds no secret."""


class GuardrailsOutputs(Part):
    """What other stacks and reports refer to; None or empty where it is off."""

    alert_topic_arns: dict[str, str]
    """By severity."""
    trail_arn: str | None = None
    detector_id: str | None = None
    budget_name: str | None = None


class FenceOutputs(Part):
    """The table that says which region may write; the same name in each of its regions."""

    table: str
    arn: str


class DnsOutputs(Part):
    """The public zone; None where the stack has none."""

    domain: str
    zone_id: str | None = None
    name_servers: tuple[str, ...] = ()
    """What the parent domain must delegate to, where this stack made the zone."""


class BalancerOutputs(Part):
    """A load balancer; target groups by the name of what stands behind."""

    arn: str
    dns_name: str
    zone_id: str
    target_group_arns: dict[str, str]


class EdgeOutputs(Part):
    """The entrances."""

    certificate_arn: str
    """Of the consoles."""
    models_certificate_arn: str
    consoles: BalancerOutputs
    models: BalancerOutputs
    hosts: dict[str, str]
    """Public name by console, `models` among them."""


class Outputs(Part):
    """Everything that a stack tells."""

    environment: str
    role: str
    account_id: str
    region: str
    prefix: str
    data_generation: int
    network: NetworkOutputs
    keys: KeysOutputs
    buckets: dict[str, BucketOutputs]
    """By purpose."""
    database: DatabaseOutputs
    online_store: OnlineStoreOutputs | None = None
    """None where features are in the cluster, or the stack only replicates."""
    file_system: FileSystemOutputs
    repositories: dict[str, str]
    """URL by short name."""
    cluster: ClusterOutputs
    workload_role_arns: dict[str, str]
    guardrails: GuardrailsOutputs
    fence: FenceOutputs | None = None
    """None where there is no other region that could write, or where that region keeps it."""
    dns: DnsOutputs
    edge: EdgeOutputs | None = None
    flip_heartbeat_role_arn: str | None = None
    """What may publish the metric that moves traffic here; None without edge or peer."""


def load(values: Mapping[str, object]) -> Outputs:
    """The outputs in `values`, as `pulumi stack output --json` prints them.

    Raises OutputsError naming every output that is missing or of another kind.
    """
    try:
        return Outputs.model_validate_json(json.dumps(values))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        )
        raise OutputsError(
            f"stack outputs: {wrong}. The stack was deployed only in part, or by another version "
            "of the program: run `pulumi up` for it"
        ) from None

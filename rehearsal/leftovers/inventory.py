"""Everything that an account holds, listed through boto3 as an auditor would list it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore.exceptions import ClientError

Client = Any
ClientOf = Callable[[str, str], Client]
"""A boto3 client for a service and a region."""


@dataclass(frozen=True, order=True)
class Item:
    """One thing in the account: what it is, its name or ID, and a state worth telling."""

    kind: str
    name: str
    state: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" + (f" ({self.state})" if self.state else "")


@dataclass(frozen=True)
class Listing:
    """How one kind is listed: an operation and where in its answer names (and states) are."""

    kind: str
    service: str
    operation: str
    names: str
    """JMESPath to a list of names, or of [name, state] pairs."""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    everywhere: bool = False
    """True for services without regions, which are listed once."""


def _ec2(kind: str, operation: str, path: str) -> Listing:
    return Listing(kind, "ec2", operation, path)


_LOCAL = {"Scope": "Local"}

LISTINGS: Sequence[Listing] = (
    _ec2("vpc", "describe_vpcs", "Vpcs[].VpcId"),
    _ec2("subnet", "describe_subnets", "Subnets[].SubnetId"),
    _ec2("internet gateway", "describe_internet_gateways", "InternetGateways[].InternetGatewayId"),
    _ec2("nat gateway", "describe_nat_gateways", "NatGateways[?State!='deleted'].NatGatewayId"),
    _ec2("elastic ip", "describe_addresses", "Addresses[].AllocationId"),
    _ec2("route table", "describe_route_tables", "RouteTables[].RouteTableId"),
    _ec2("security group", "describe_security_groups", "SecurityGroups[].GroupId"),
    _ec2("network acl", "describe_network_acls", "NetworkAcls[].NetworkAclId"),
    _ec2("vpc endpoint", "describe_vpc_endpoints", "VpcEndpoints[?State!='deleted'].VpcEndpointId"),
    _ec2("flow log", "describe_flow_logs", "FlowLogs[].FlowLogId"),
    _ec2("launch template", "describe_launch_templates", "LaunchTemplates[].LaunchTemplateName"),
    _ec2(
        "network interface", "describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId"
    ),
    _ec2("volume", "describe_volumes", "Volumes[].VolumeId"),
    Listing("role", "iam", "list_roles", "Roles[].RoleName", everywhere=True),
    Listing("policy", "iam", "list_policies", "Policies[].PolicyName", _LOCAL, everywhere=True),
    Listing(
        "instance profile", "iam", "list_instance_profiles",
        "InstanceProfiles[].InstanceProfileName", everywhere=True,
    ),
    Listing("key alias", "kms", "list_aliases", "Aliases[?TargetKeyId].AliasName"),
    Listing("database", "rds", "describe_db_instances", "DBInstances[].DBInstanceIdentifier"),
    Listing(
        "database snapshot", "rds", "describe_db_snapshots", "DBSnapshots[].DBSnapshotIdentifier"
    ),
    Listing(
        "database subnet group", "rds", "describe_db_subnet_groups",
        "DBSubnetGroups[].DBSubnetGroupName",
    ),
    Listing(
        "database parameter group", "rds", "describe_db_parameter_groups",
        "DBParameterGroups[?!starts_with(DBParameterGroupName, 'default.')].DBParameterGroupName",
    ),
    Listing(
        "secret", "secretsmanager", "list_secrets",
        "SecretList[].[Name, DeletedDate && 'in recovery window' || '']",
        {"IncludePlannedDeletion": True},
    ),
    Listing("file system", "efs", "describe_file_systems", "FileSystems[].Name"),
    Listing("repository", "ecr", "describe_repositories", "repositories[].repositoryName"),
    Listing("cluster", "eks", "list_clusters", "clusters"),
    Listing(
        "load balancer", "elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerName"
    ),
    Listing("target group", "elbv2", "describe_target_groups", "TargetGroups[].TargetGroupName"),
    Listing(
        "certificate", "acm", "list_certificates", "CertificateSummaryList[].DomainName"
    ),
    Listing("web acl", "wafv2", "list_web_acls", "WebACLs[].Name", {"Scope": "REGIONAL"}),
    Listing("hosted zone", "route53", "list_hosted_zones", "HostedZones[].Name", everywhere=True),
    Listing("health check", "route53", "list_health_checks", "HealthChecks[].Id", everywhere=True),
    Listing("log group", "logs", "describe_log_groups", "logGroups[].logGroupName"),
    Listing("alarm", "cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    Listing("trail", "cloudtrail", "describe_trails", "trailList[].Name"),
    Listing("threat detector", "guardduty", "list_detectors", "DetectorIds"),
    Listing("security hub", "securityhub", "describe_hub", "[HubArn]"),
    Listing(
        "configuration recorder", "config", "describe_configuration_recorders",
        "ConfigurationRecorders[].name",
    ),
    Listing("access analyzer", "accessanalyzer", "list_analyzers", "analyzers[].name"),
    Listing("anomaly monitor", "ce", "get_anomaly_monitors", "AnomalyMonitors[].MonitorName",
            everywhere=True),
    Listing("topic", "sns", "list_topics", "Topics[].TopicArn"),
    Listing("queue", "sqs", "list_queues", "QueueUrls"),
)  # fmt: skip

NOT_THERE = frozenset({"InvalidAccessException", "ResourceNotFoundException"})
"""Codes by which a service says that it was never switched on."""


def inventory(client_of: ClientOf, regions: Iterable[str], account_id: str) -> frozenset[Item]:
    """All items in `regions`, and the ones that belong to no region."""
    wanted = list(regions)
    items: set[Item] = set()
    for index, region in enumerate(wanted):
        for listing in LISTINGS:
            if not listing.everywhere or index == 0:
                items |= set(_listed(client_of(listing.service, region), listing, region))
        items |= set(_keys(client_of("kms", region), region))
    items |= set(_buckets(client_of("s3", wanted[0])))
    items |= set(_budgets(client_of("budgets", wanted[0]), account_id))
    return frozenset(items)


def _listed(client: Client, listing: Listing, region: str) -> Iterator[Item]:
    kind = listing.kind if listing.everywhere else f"{region} {listing.kind}"
    for found in _answers(client, listing):
        yield Item(kind, found[0], found[1])


def _answers(client: Client, listing: Listing) -> Iterator[tuple[str, str]]:
    if client.can_paginate(listing.operation):
        pages = client.get_paginator(listing.operation).paginate(**listing.parameters)
    else:
        pages = _single(client, listing)
    for page in pages:
        rows: list[Any] = jmespath.search(listing.names, page) or []
        yield from (_row(row) for row in rows)


def _row(found: Any) -> tuple[str, str]:
    """A bare name, or a pair of name and state."""
    if isinstance(found, str):
        return found, ""
    name, state = found
    return str(name), str(state or "")


def _single(client: Client, listing: Listing) -> Iterator[Any]:
    try:
        yield getattr(client, listing.operation)(**listing.parameters)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in NOT_THERE:
            raise


def _keys(client: Client, region: str) -> Iterator[Item]:
    """Customer keys by their description: an ID says nothing and differs in every run."""
    for page in client.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            told = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if told["KeyManager"] == "CUSTOMER":
                state = "pending deletion" if told["KeyState"] == "PendingDeletion" else ""
                yield Item(f"{region} key", told["Description"] or key["KeyId"], state)


def _buckets(client: Client) -> Iterator[Item]:
    """Buckets, and whether somebody would lose something with them."""
    for bucket in client.list_buckets()["Buckets"]:
        held = client.list_object_versions(Bucket=bucket["Name"], MaxKeys=1)
        state = "holds objects" if held.get("Versions") else ""
        yield Item("bucket", bucket["Name"], state)


def _budgets(client: Client, account_id: str) -> Iterator[Item]:
    answer = client.describe_budgets(AccountId=account_id)
    for budget in answer.get("Budgets", ()):
        yield Item("budget", budget["BudgetName"])

"""EC2 security groups, VPC endpoints and the interfaces that belong to services."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import (
    security_groups,
    subnets,
)
from rehearsal.cloud.operations.vpc_endpoints import service_exists
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com"
VPC = f"{DOCS}/vpc/latest/userguide"
EC2 = f"{DOCS}/AWSEC2/latest/APIReference"
_GROUP_TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
GP3_THROUGHPUT, GP3_IOPS = (125, 2000), (3000, 80000)


def _rules(call: Call) -> list[dict[str, Any]]:
    return [mapping(each) for each in call.listed("IpPermissions")]


def _port_order(call: Call) -> str | None:
    for rule in _rules(call):
        low, high = rule.get("FromPort", 0), rule.get("ToPort", 65535)
        if rule.get("IpProtocol") in ("tcp", "udp") and low > high:
            return f"Invalid TCP/UDP port range ({low}:{high})"
    return None


def _rule_blocks(call: Call) -> str | None:
    for rule in _rules(call):
        for each in listing(rule.get("IpRanges")):
            block = each.get("CidrIp", "")
            if str(ipaddress.ip_network(block, strict=False)) != block:
                return f"CIDR block {block} is malformed"
    return None


def _group_name(call: Call) -> str | None:
    name, text = call.params["GroupName"], call.params["Description"]
    if name.startswith("sg-"):
        return f"Invalid parameter: Group names may not be in the format sg-*. ({name})"
    if not _GROUP_TEXT.fullmatch(text):
        return f"Value ({text}) for parameter GroupDescription is invalid."
    return None


def _group_in_use(call: Call) -> str | None:
    name = call.params.get("GroupId")
    held = any(
        name in {group.id for group in each.group_set}
        for each in call.here.moto("ec2").enis.values()
    )
    named = any(
        name == rule.source_group.get("GroupId")
        for each in security_groups(call.here).values()
        if each.id != name
        for rule in (*each.ingress_rules, *each.egress_rules)
    )
    return f"resource {name} has a dependent object" if held or named else None


def _owned_interface(call: Call) -> str | None:
    name = call.params["NetworkInterfaceId"]
    if interfaces.owner_of(call.here, name):
        return f"Network interface {name} is currently in use."
    return None


def _endpoint_service(call: Call) -> str | None:
    name, kind = call.params["ServiceName"], call.params.get("VpcEndpointType") or "Gateway"
    if name.startswith("com.amazonaws.vpce.") or service_exists(name, call.region, kind):
        return None
    return f"The Vpc Endpoint Service '{name}' does not exist"


def _private_dns(call: Call) -> str | None:
    vpc = call.here.moto("ec2").vpcs.get(call.params["VpcId"])
    interface = call.params.get("VpcEndpointType") == "Interface"
    if vpc is None or not interface or call.params.get("PrivateDnsEnabled") is False:
        return None
    on = (vpc.enable_dns_support, vpc.enable_dns_hostnames)
    if "false" in [str(each).lower() for each in on]:
        return (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC"
            f" attributes set to true for {vpc.id}"
        )
    return None


def _private_dns_conflict(call: Call) -> str | None:
    if call.params.get("VpcEndpointType") != "Interface":
        return None
    wanted = (call.params["VpcId"], call.params["ServiceName"])
    for each in call.here.moto("ec2").vpc_end_points.values():
        if (each.vpc_id, each.service_name) == wanted and each.private_dns_enabled:
            return (
                "private-dns-enabled cannot be set because there is already a conflicting DNS"
                f" domain for {wanted[1]} in the VPC {wanted[0]}"
            )
    return None


def _endpoint_zones(call: Call) -> str | None:
    known = subnets(call.here)
    found = [known[each].availability_zone for each in call.listed("SubnetIds") if each in known]
    if len(found) != len(set(found)):
        return "Found another VPC endpoint subnet in the availability zone of one of the subnets"
    return None


RULES = (
    Rule(
        name="a port range goes upwards",
        service="ec2",
        operations=("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"),
        code="InvalidParameterValue",
        url=f"{EC2}/API_IpPermission.html",
        broken=_port_order,
    ),
    Rule(
        name="a security group rule's block has no host bits",
        service="ec2",
        operations=("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"),
        code="InvalidParameterValue",
        url=f"{VPC}/security-group-rules.html",
        broken=_rule_blocks,
    ),
    Rule(
        name="a security group's name and description keep to their characters",
        service="ec2",
        operations=("CreateSecurityGroup",),
        code="InvalidParameterValue",
        url=f"{EC2}/API_CreateSecurityGroup.html",
        broken=_group_name,
    ),
    Rule(
        name="a security group that interfaces or rules refer to stays",
        service="ec2",
        operations=("DeleteSecurityGroup",),
        code="DependencyViolation",
        url=f"{VPC}/deleting-security-groups.html",
        broken=_group_in_use,
    ),
    Rule(
        name="a service's network interface is not deleted by others",
        service="ec2",
        operations=("DeleteNetworkInterface",),
        code="InvalidParameterValue",
        url=f"{EC2}/API_DeleteNetworkInterface.html",
        broken=_owned_interface,
    ),
    Rule(
        name="an endpoint's service exists in the region",
        service="ec2",
        operations=("CreateVpcEndpoint",),
        code="InvalidServiceName",
        url=f"{DOCS}/vpc/latest/privatelink/aws-services-privatelink-support.html",
        broken=_endpoint_service,
    ),
    Rule(
        name="private DNS of an endpoint needs both DNS attributes of the VPC",
        service="ec2",
        operations=("CreateVpcEndpoint",),
        code="InvalidParameter",
        url=f"{DOCS}/vpc/latest/privatelink/interface-endpoints.html",
        broken=_private_dns,
    ),
    Rule(
        name="a service has one endpoint with private DNS in a VPC",
        service="ec2",
        operations=("CreateVpcEndpoint",),
        code="InvalidParameter",
        url=f"{DOCS}/vpc/latest/privatelink/interface-endpoints.html",
        broken=_private_dns_conflict,
    ),
    Rule(
        name="an endpoint has one subnet in a zone",
        service="ec2",
        operations=("CreateVpcEndpoint",),
        code="DuplicateSubnetsInSameZone",
        url=f"{DOCS}/vpc/latest/privatelink/create-interface-endpoint.html",
        broken=_endpoint_zones,
    ),
)

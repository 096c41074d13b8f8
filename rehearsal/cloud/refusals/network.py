"""EC2 networks: addresses, dependencies between parts of a VPC, and launch templates."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import (
    absent_role,
    interfaces_in,
    subnets,
)
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com"
VPC = f"{DOCS}/vpc/latest/userguide"
EC2 = f"{DOCS}/AWSEC2/latest/APIReference"
_GROUP_TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
GP3_THROUGHPUT, GP3_IOPS = (125, 2000), (3000, 80000)


def _host_bits(call: Call) -> str | None:
    block = call.params.get("CidrBlock")
    if block and str(ipaddress.ip_network(block, strict=False)) != block:
        return (
            f"Value ({block}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        )
    return None


def _subnet_size(call: Call) -> str | None:
    block = call.params.get("CidrBlock")
    if block and not 16 <= ipaddress.ip_network(block, strict=False).prefixlen <= 28:
        return f"The CIDR '{block}' is invalid."
    return None


def _zone(call: Call) -> str | None:
    zone = call.params.get("AvailabilityZone")
    known = [each.name for each in call.here.moto("ec2").describe_availability_zones()]
    if zone and zone not in known:
        return (
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently"
            f" only be created in the following availability zones: {', '.join(known)}."
        )
    return None


def _subnet_in_use(call: Call) -> str | None:
    name = call.params["SubnetId"]
    if interfaces_in(call.here, name):
        return f"The subnet '{name}' has dependencies and cannot be deleted."
    return None


def _vpc_in_use(call: Call) -> str | None:
    name, ec2 = call.params["VpcId"], call.here.moto("ec2")
    gateways = any(each.vpc and each.vpc.id == name for each in ec2.internet_gateways.values())
    groups = [each for each in ec2.groups[name].values() if each.name != "default"]
    endpoints = any(each.vpc_id == name for each in ec2.vpc_end_points.values())
    if gateways or groups or endpoints:
        return f"The vpc '{name}' has dependencies and cannot be deleted."
    return None


def _second_gateway(call: Call) -> str | None:
    name, ec2 = call.params["VpcId"], call.here.moto("ec2")
    for gateway in ec2.internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == name:
            return f"Network {name} already has an internet gateway attached"
    return None


def _mapped_addresses(call: Call) -> str | None:
    name = call.params["VpcId"]
    for address in call.here.moto("ec2").addresses:
        if address.eni is not None and address.eni.subnet.vpc_id == name:
            return (
                f"Network {name} has some mapped public address(es). Please unmap those public"
                " address(es) before detaching the gateway."
            )
    return None


def _address_in_use(call: Call) -> str | None:
    for address in call.here.moto("ec2").addresses:
        if address.allocation_id == call.params.get("AllocationId") and address.association_id:
            return f"The address {address.public_ip} is in use: {address.association_id}"
    return None


def _nat_without_address(call: Call) -> str | None:
    public = call.params.get("ConnectivityType") in (None, "public")
    if public and not call.params.get("AllocationId"):
        return "The request must contain the parameter AllocationId"
    return None


def _nat_without_way_out(call: Call) -> str | None:
    subnet = subnets(call.here).get(call.params["SubnetId"])
    if subnet is None or call.params.get("ConnectivityType") == "private":
        return None
    gateways = call.here.moto("ec2").internet_gateways.values()
    if not any(each.vpc and each.vpc.id == subnet.vpc_id for each in gateways):
        return f"Network {subnet.vpc_id} has no Internet gateway attached"
    return None


def _associated_twice(call: Call) -> str | None:
    subnet = call.params.get("SubnetId")
    for table in call.here.moto("ec2").route_tables.values():
        if subnet and subnet in [each.get("SubnetId") for each in table.associations]:
            return (
                f"the specified association for route table {table.id} conflicts with an existing"
                " association"
            )
    return None


def _delivery_role(call: Call) -> str | None:
    problem = absent_role(call, call.params.get("DeliverLogsPermissionArn"))
    return f"Unable to assume given IAM role: {problem}" if problem else None


def _volumes(call: Call) -> list[dict[str, Any]]:
    devices = call.listed("LaunchTemplateData.BlockDeviceMappings")
    return [mapping(device.get("Ebs")) for device in devices]


def _gp3_limits(call: Call) -> str | None:
    for volume in _volumes(call):
        if volume.get("VolumeType") != "gp3":
            continue
        checks = (("Throughput", GP3_THROUGHPUT), ("Iops", GP3_IOPS))
        for name, (low, high) in checks:
            value = volume.get(name)
            if value is not None and not low <= value <= high:
                return f"{name} {value} of a gp3 volume is not between {low} and {high}"
    return None


def _unencrypted_with_key(call: Call) -> str | None:
    for volume in _volumes(call):
        if volume.get("KmsKeyId") and not volume.get("Encrypted"):
            return "The parameter KmsKeyId requires the parameter Encrypted to be set."
    return None


RULES = (
    Rule(
        name="a CIDR block has no host bits",
        service="ec2",
        operations=("CreateVpc", "CreateSubnet"),
        code="InvalidParameterValue",
        url=f"{VPC}/vpc-cidr-blocks.html",
        broken=_host_bits,
    ),
    Rule(
        name="a subnet is between /16 and /28",
        service="ec2",
        operations=("CreateSubnet",),
        code="InvalidSubnet.Range",
        url=f"{VPC}/subnet-sizing.html",
        broken=_subnet_size,
    ),
    Rule(
        name="a subnet's zone is of its region",
        service="ec2",
        operations=("CreateSubnet",),
        code="InvalidParameterValue",
        url=f"{EC2}/API_CreateSubnet.html",
        broken=_zone,
    ),
    Rule(
        name="a subnet with network interfaces stays",
        service="ec2",
        operations=("DeleteSubnet",),
        code="DependencyViolation",
        url=f"{VPC}/subnet-deleting.html",
        broken=_subnet_in_use,
    ),
    Rule(
        name="a VPC with gateways, endpoints or security groups stays",
        service="ec2",
        operations=("DeleteVpc",),
        code="DependencyViolation",
        url=f"{VPC}/delete-vpc.html",
        broken=_vpc_in_use,
    ),
    Rule(
        name="a VPC has one internet gateway",
        service="ec2",
        operations=("AttachInternetGateway",),
        code="InvalidParameterValue",
        url=f"{EC2}/API_AttachInternetGateway.html",
        broken=_second_gateway,
    ),
    Rule(
        name="an internet gateway stays while addresses are mapped through it",
        service="ec2",
        operations=("DetachInternetGateway",),
        code="DependencyViolation",
        url=f"{EC2}/API_DetachInternetGateway.html",
        broken=_mapped_addresses,
    ),
    Rule(
        name="an address in use is not released",
        service="ec2",
        operations=("ReleaseAddress",),
        code="InvalidIPAddress.InUse",
        url=f"{EC2}/API_ReleaseAddress.html",
        broken=_address_in_use,
    ),
    Rule(
        name="a public NAT gateway has an address",
        service="ec2",
        operations=("CreateNatGateway",),
        code="MissingParameter",
        url=f"{EC2}/API_CreateNatGateway.html",
        broken=_nat_without_address,
    ),
    Rule(
        name="a public NAT gateway's VPC has an internet gateway",
        service="ec2",
        operations=("CreateNatGateway",),
        code="Gateway.NotAttached",
        url=f"{VPC}/nat-gateway-troubleshooting.html",
        broken=_nat_without_way_out,
    ),
    Rule(
        name="a subnet has one route table",
        service="ec2",
        operations=("AssociateRouteTable",),
        code="Resource.AlreadyAssociated",
        url=f"{EC2}/API_AssociateRouteTable.html",
        broken=_associated_twice,
    ),
    Rule(
        name="the role that delivers flow logs exists",
        service="ec2",
        operations=("CreateFlowLogs",),
        code="InvalidParameter",
        url=f"{VPC}/flow-logs-iam-role.html",
        broken=_delivery_role,
    ),
    Rule(
        name="a gp3 volume keeps to its limits",
        service="ec2",
        operations=("CreateLaunchTemplate", "CreateLaunchTemplateVersion"),
        code="InvalidParameterValue",
        url=f"{DOCS}/ebs/latest/userguide/general-purpose.html",
        broken=_gp3_limits,
    ),
    Rule(
        name="a volume with a key is encrypted",
        service="ec2",
        operations=("CreateLaunchTemplate", "CreateLaunchTemplateVersion"),
        code="InvalidParameterDependency",
        url=f"{EC2}/API_LaunchTemplateEbsBlockDeviceRequest.html",
        broken=_unencrypted_with_key,
    ),
)

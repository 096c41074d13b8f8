"""Examples of refusals in EC2 networks."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import GHOST, Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
EVERYWHERE = "0.0.0.0/0"


def tcp(low: int, high: int, block: str = "10.0.0.0/16") -> list[dict[str, Any]]:
    ranges = [{"CidrIp": block}]
    return [{"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "IpRanges": ranges}]


@EXAMPLES.of("a CIDR block has no host bits")
def _(a: Account, refused: Refused) -> None:
    refused(a.ec2.create_vpc, CidrBlock="10.0.0.1/16")
    a.ec2.create_vpc(CidrBlock="10.0.0.0/16")


@EXAMPLES.of("a subnet is between /16 and /28")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    refused(a.ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.0.0/29")
    a.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")


@EXAMPLES.of("a subnet's zone is of its region")
def _(a: Account, refused: Refused) -> None:
    subnet = {"VpcId": a.vpc(), "CidrBlock": "10.0.0.0/24"}
    refused(a.ec2.create_subnet, **subnet, AvailabilityZone="us-west-2a")
    a.ec2.create_subnet(**subnet, AvailabilityZone="us-east-1a")


def reservation(**changes: Any) -> dict[str, Any]:
    made = {
        "InstanceType": "g4dn.xlarge",
        "InstancePlatform": "Linux/UNIX",
        "AvailabilityZone": "us-east-1a",
        "InstanceCount": 1,
    }
    return {**made, **changes}


@EXAMPLES.of("a capacity reservation's zone is of its region")
def _(a: Account, refused: Refused) -> None:
    refused(a.ec2.create_capacity_reservation, **reservation(AvailabilityZone="us-west-2a"))
    a.ec2.create_capacity_reservation(**reservation())


@EXAMPLES.of("capacity is reserved of an instance type that exists")
def _(a: Account, refused: Refused) -> None:
    refused(a.ec2.create_capacity_reservation, **reservation(InstanceType="g4dn.tiny"))
    a.ec2.create_capacity_reservation(**reservation())


@EXAMPLES.of("a capacity reservation is of an instance or more")
def _(a: Account, refused: Refused) -> None:
    refused(a.ec2.create_capacity_reservation, **reservation(InstanceCount=0))
    made = a.ec2.create_capacity_reservation(**reservation())["CapacityReservation"]
    held = {"CapacityReservationId": made["CapacityReservationId"]}
    refused(a.ec2.modify_capacity_reservation, **held, InstanceCount=0)
    a.ec2.modify_capacity_reservation(**held, InstanceCount=2)


@EXAMPLES.of("a subnet with network interfaces stays")
def _(a: Account, refused: Refused) -> None:
    first, second = a.subnets(a.vpc(gateway=True), "ab")
    address = a.ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = a.ec2.create_nat_gateway(SubnetId=first, AllocationId=address)["NatGateway"]
    refused(a.ec2.delete_subnet, SubnetId=first)
    a.ec2.delete_subnet(SubnetId=second)
    a.ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    a.ec2.delete_subnet(SubnetId=first)


@EXAMPLES.of("a VPC with gateways, endpoints or security groups stays")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    group = a.group(vpc)
    refused(a.ec2.delete_vpc, VpcId=vpc)
    a.ec2.delete_security_group(GroupId=group)
    a.ec2.delete_vpc(VpcId=vpc)


@EXAMPLES.of("a VPC has one internet gateway")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc(gateway=True)
    second = a.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    refused(a.ec2.attach_internet_gateway, InternetGatewayId=second, VpcId=vpc)
    a.ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=a.vpc("10.1.0.0/16"))


@EXAMPLES.of("an internet gateway stays while addresses are mapped through it")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc(gateway=True)
    address = a.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = a.ec2.create_nat_gateway(SubnetId=a.subnets(vpc, "a")[0], AllocationId=address)
    wanted = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    found = a.ec2.describe_internet_gateways(Filters=wanted)["InternetGateways"][0]
    gateway = {"InternetGatewayId": found["InternetGatewayId"], "VpcId": vpc}
    refused(a.ec2.detach_internet_gateway, **gateway)
    a.ec2.delete_nat_gateway(NatGatewayId=nat["NatGateway"]["NatGatewayId"])
    a.ec2.detach_internet_gateway(**gateway)


@EXAMPLES.of("an address in use is not released")
def _(a: Account, refused: Refused) -> None:
    subnet = a.subnets(a.vpc(gateway=True), "a")[0]
    address = a.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = a.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    refused(a.ec2.release_address, AllocationId=address)
    a.ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    a.ec2.release_address(AllocationId=address)


@EXAMPLES.of("a public NAT gateway has an address")
def _(a: Account, refused: Refused) -> None:
    subnet = a.subnets(a.vpc(gateway=True), "a")[0]
    refused(a.ec2.create_nat_gateway, SubnetId=subnet)
    a.ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")


@EXAMPLES.of("a public NAT gateway's VPC has an internet gateway")
def _(a: Account, refused: Refused) -> None:
    lonely = a.subnets(a.vpc(), "a")[0]
    connected = a.subnets(a.vpc(gateway=True), "a")[0]
    address = a.ec2.allocate_address(Domain="vpc")["AllocationId"]
    refused(a.ec2.create_nat_gateway, SubnetId=lonely, AllocationId=address)
    a.ec2.create_nat_gateway(SubnetId=connected, AllocationId=address)


@EXAMPLES.of("a subnet has one route table")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    first, second = a.subnets(vpc, "ab")
    table = a.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    other = a.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    a.ec2.associate_route_table(RouteTableId=table, SubnetId=first)
    refused(a.ec2.associate_route_table, RouteTableId=other, SubnetId=first)
    a.ec2.associate_route_table(RouteTableId=other, SubnetId=second)


@EXAMPLES.of("the role that delivers flow logs exists")
def _(a: Account, refused: Refused) -> None:
    log = {
        "ResourceIds": [a.vpc()],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "flows",
    }
    refused(a.ec2.create_flow_logs, **log, DeliverLogsPermissionArn=GHOST)
    role = a.role("flows", "vpc-flow-logs.amazonaws.com")
    a.ec2.create_flow_logs(**log, DeliverLogsPermissionArn=role)


def template(volume: dict[str, Any]) -> dict[str, Any]:
    mapping = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", **volume}}]
    return {"LaunchTemplateName": "nodes", "LaunchTemplateData": {"BlockDeviceMappings": mapping}}


@EXAMPLES.of("a gp3 volume keeps to its limits")
def _(a: Account, refused: Refused) -> None:
    refused(a.ec2.create_launch_template, **template({"VolumeSize": 50, "Throughput": 5000}))
    a.ec2.create_launch_template(**template({"VolumeSize": 50, "Throughput": 250}))


@EXAMPLES.of("a volume with a key is encrypted")
def _(a: Account, refused: Refused) -> None:
    key = a.key()
    refused(a.ec2.create_launch_template, **template({"KmsKeyId": key}))
    a.ec2.create_launch_template(**template({"KmsKeyId": key, "Encrypted": True}))


@EXAMPLES.of("a port range goes upwards")
def _(a: Account, refused: Refused) -> None:
    group = a.group(a.vpc())
    authorize = a.ec2.authorize_security_group_ingress
    refused(authorize, GroupId=group, IpPermissions=tcp(443, 80))
    authorize(GroupId=group, IpPermissions=tcp(80, 443))


@EXAMPLES.of("a security group rule's block has no host bits")
def _(a: Account, refused: Refused) -> None:
    group = a.group(a.vpc())
    authorize = a.ec2.authorize_security_group_egress
    refused(authorize, GroupId=group, IpPermissions=tcp(443, 443, "10.0.0.1/16"))
    authorize(GroupId=group, IpPermissions=tcp(443, 443, "10.0.0.1/32"))


@EXAMPLES.of("a security group's name and description keep to their characters")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    refused(a.ec2.create_security_group, GroupName="sg-mine", Description="d", VpcId=vpc)
    refused(a.ec2.create_security_group, GroupName="mine", Description="a → b", VpcId=vpc)
    a.ec2.create_security_group(GroupName="mine", Description="a - b", VpcId=vpc)


@EXAMPLES.of("a security group that interfaces or rules refer to stays")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    named, naming = a.group(vpc, "named"), a.group(vpc, "naming")
    rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}]
    a.ec2.authorize_security_group_ingress(GroupId=naming, IpPermissions=rule)
    refused(a.ec2.delete_security_group, GroupId=named)
    a.ec2.delete_security_group(GroupId=naming)
    a.ec2.delete_security_group(GroupId=named)


@EXAMPLES.of("a service's network interface is not deleted by others")
def _(a: Account, refused: Refused) -> None:
    subnet = a.subnets(a.vpc(), "a")[0]
    a.ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    owned = a.ec2.describe_network_interfaces()["NetworkInterfaces"][0]["NetworkInterfaceId"]
    refused(a.ec2.delete_network_interface, NetworkInterfaceId=owned)
    free = a.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]
    a.ec2.delete_network_interface(NetworkInterfaceId=free["NetworkInterfaceId"])


def endpoint(a: Account, *, dns: bool = True) -> dict[str, Any]:
    vpc = a.vpc()
    a.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
    a.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": dns})
    return {
        "VpcId": vpc,
        "VpcEndpointType": "Interface",
        "SubnetIds": a.subnets(vpc, "ab"),
        "ServiceName": "com.amazonaws.us-east-1.sts",
    }


@EXAMPLES.of("an endpoint's service exists in the region")
def _(a: Account, refused: Refused) -> None:
    given = endpoint(a)
    for name in ("com.amazonaws.us-east-1.nonsense", "com.amazonaws.us-west-2.sts"):
        refused(a.ec2.create_vpc_endpoint, **{**given, "ServiceName": name})
    a.ec2.create_vpc_endpoint(**given)


@EXAMPLES.of("private DNS of an endpoint needs both DNS attributes of the VPC")
def _(a: Account, refused: Refused) -> None:
    given = endpoint(a, dns=False)
    refused(a.ec2.create_vpc_endpoint, **given, PrivateDnsEnabled=True)
    a.ec2.create_vpc_endpoint(**given, PrivateDnsEnabled=False)


@EXAMPLES.of("a service has one endpoint with private DNS in a VPC")
def _(a: Account, refused: Refused) -> None:
    given = endpoint(a)
    a.ec2.create_vpc_endpoint(**given, PrivateDnsEnabled=True)
    refused(a.ec2.create_vpc_endpoint, **given, PrivateDnsEnabled=True)


@EXAMPLES.of("an endpoint has one subnet in a zone")
def _(a: Account, refused: Refused) -> None:
    given = endpoint(a)
    twin = a.subnets(given["VpcId"], "a", start=9)
    refused(a.ec2.create_vpc_endpoint, **{**given, "SubnetIds": given["SubnetIds"] + twin})
    a.ec2.create_vpc_endpoint(**given)

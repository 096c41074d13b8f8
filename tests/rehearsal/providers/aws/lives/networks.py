"""Lives of VPCs, how they reach the internet and AWS's services, and their flow logs."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life, Meddle

VPC = ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.1.0.0/16"})
TABLE = ("aws:ec2/routeTable:RouteTable", {"vpcId": "{vpc}", "tags": {"Name": "private"}})
OTHER_TABLE = ("aws:ec2/routeTable:RouteTable", {"vpcId": "{vpc}"})
ADDRESS = ("aws:ec2/eip:Eip", {"domain": "vpc", "tags": {"Name": "nat"}})
NAT = (
    "aws:ec2/natGateway:NatGateway",
    {"subnetId": "{public_subnet}", "allocationId": "{before.address.id}"},
)
EVERYWHERE = "0.0.0.0/0"


def renamed(to: str) -> Meddle:
    """Somebody changes the Name tag of an EC2 resource."""

    def meddle(account: Account, id_: str) -> None:
        account("ec2").create_tags(Resources=[id_], Tags=[{"Key": "Name", "Value": to}])

    return meddle


def name_tag(account: Account, id_: str) -> Any:
    """The tags of an EC2 resource, as EC2 lists them."""
    wanted = [{"Name": "resource-id", "Values": [id_]}]
    found = account("ec2").describe_tags(Filters=wanted)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def _table(account: Account, id_: str) -> Any:
    return account("ec2").describe_route_tables(RouteTableIds=[id_])["RouteTables"][0]


def _default_route(account: Account) -> list[dict[str, Any]]:
    tables = account("ec2").describe_route_tables()["RouteTables"]
    return [
        {key: route[key] for key in ("GatewayId", "NatGatewayId") if key in route}
        for table in tables
        for route in table["Routes"]
        if route.get("DestinationCidrBlock") == EVERYWHERE
    ]


def _without_default_route(account: Account, _id: str) -> None:
    for table in account("ec2").describe_route_tables()["RouteTables"]:
        if any(one.get("DestinationCidrBlock") == EVERYWHERE for one in table["Routes"]):
            account("ec2").delete_route(
                RouteTableId=table["RouteTableId"], DestinationCidrBlock=EVERYWHERE
            )


def _disassociated(account: Account, _id: str) -> None:
    for table in account("ec2").describe_route_tables()["RouteTables"]:
        for one in table["Associations"]:
            if one.get("SubnetId") == account.subnet_a:
                account("ec2").disassociate_route_table(
                    AssociationId=one["RouteTableAssociationId"]
                )


def _detached(account: Account, id_: str) -> None:
    ec2 = account("ec2")
    found = ec2.describe_internet_gateways(InternetGatewayIds=[id_])["InternetGateways"]
    for attached in found[0]["Attachments"]:
        ec2.detach_internet_gateway(InternetGatewayId=id_, VpcId=attached["VpcId"])


def _associated(account: Account, _id: str) -> Any:
    wanted = [{"Name": "association.subnet-id", "Values": [account.subnet_a]}]
    found = account("ec2").describe_route_tables(Filters=wanted)["RouteTables"]
    return [{tag["Key"]: tag["Value"] for tag in table["Tags"]} for table in found]


def _endpoint(account: Account, id_: str) -> Any:
    return account("ec2").describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"][0]


POLICY = '{"Version": "2012-10-17", "Statement": []}'
OTHER_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]}'

LIVES = (
    Life(
        token=VPC[0],
        props={**VPC[1], "tags": {"Name": "a"}},
        change={"enableDnsHostnames": True},
        look=lambda account, id_: account("ec2").describe_vpc_attribute(
            VpcId=id_, Attribute="enableDnsHostnames"
        )["EnableDnsHostnames"]["Value"],
        shows=True,
        meddle=renamed("b"),
    ),
    Life(
        token="aws:ec2/subnet:Subnet",
        props={
            "vpcId": "{vpc}",
            "cidrBlock": "10.0.9.0/24",
            "availabilityZone": "us-east-1c",
            "tags": {"Name": "a", "kubernetes.io/role/elb": "1"},
        },
        change={"mapPublicIpOnLaunch": True, "tags": {"Name": "b"}},
        look=name_tag,
        shows={"Name": "b"},
        meddle=lambda account, id_: account("ec2").modify_subnet_attribute(
            SubnetId=id_, MapPublicIpOnLaunch={"Value": False}
        ),
    ),
    Life(
        token="aws:ec2/internetGateway:InternetGateway",
        before={"vpc": VPC},
        props={"vpcId": "{before.vpc.id}", "tags": {"Name": "a"}},
        change={"tags": {"Name": "b", "owner": "me"}},
        look=name_tag,
        shows={"Name": "b", "owner": "me"},
        meddle=_detached,
    ),
    Life(
        token=ADDRESS[0],
        props=ADDRESS[1],
        change={"tags": {"Name": "b"}},
        look=name_tag,
        shows={"Name": "b"},
        meddle=renamed("c"),
    ),
    Life(
        token=NAT[0],
        before={"address": ADDRESS},
        props={**NAT[1], "connectivityType": "public", "tags": {"Name": "a"}},
        change={"tags": {"Name": "b"}},
        look=name_tag,
        shows={"Name": "b"},
        meddle=renamed("c"),
    ),
    Life(
        token=TABLE[0],
        before={"address": ADDRESS, "nat": NAT},
        props={
            **TABLE[1],
            "routes": [
                {"cidrBlock": EVERYWHERE, "gatewayId": "{gateway}"},
                {"cidrBlock": "192.0.2.0/24", "gatewayId": "{gateway}"},
            ],
        },
        change={"routes": [{"cidrBlock": EVERYWHERE, "natGatewayId": "{before.nat.id}"}]},
        look=lambda account, id_: [
            route["DestinationCidrBlock"] for route in _table(account, id_)["Routes"]
        ],
        shows=["10.0.0.0/16", EVERYWHERE],
        meddle=_without_default_route,
    ),
    Life(
        token="aws:ec2/route:Route",
        before={"table": TABLE, "address": ADDRESS, "nat": NAT},
        props={
            "routeTableId": "{before.table.id}",
            "destinationCidrBlock": EVERYWHERE,
            "natGatewayId": "{before.nat.id}",
        },
        change={"natGatewayId": None, "gatewayId": "{gateway}"},
        look=lambda account, id_: [
            [*one] == ["GatewayId"] and one["GatewayId"] == account.gateway
            for one in _default_route(account)
        ],
        shows=[True],
        meddle=_without_default_route,
    ),
    Life(
        token="aws:ec2/routeTableAssociation:RouteTableAssociation",
        before={"table": TABLE, "other": OTHER_TABLE},
        props={"subnetId": "{subnet_a}", "routeTableId": "{before.other.id}"},
        change={"routeTableId": "{before.table.id}"},
        look=_associated,
        shows=[{"Name": "private"}],
        meddle=_disassociated,
    ),
    Life(
        token="aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        before={"table": TABLE, "other": OTHER_TABLE},
        props={"vpcId": "{vpc}", "routeTableId": "{before.other.id}"},
        change={"routeTableId": "{before.table.id}"},
        look=lambda account, id_: [
            {tag["Key"]: tag["Value"] for tag in table["Tags"]}
            for table in account("ec2").describe_route_tables(
                Filters=[
                    {"Name": "vpc-id", "Values": [account.vpc]},
                    {"Name": "association.main", "Values": ["true"]},
                ]
            )["RouteTables"]
        ],
        shows=[{"Name": "private"}],
    ),
    Life(
        token="aws:ec2/vpcEndpoint:VpcEndpoint",
        before={"table": TABLE, "other": OTHER_TABLE},
        props={
            "vpcId": "{vpc}",
            "serviceName": "com.amazonaws.us-east-1.s3",
            "vpcEndpointType": "Gateway",
            "routeTableIds": ["{before.other.id}", "{before.table.id}"],
            "policy": POLICY,
            "tags": {"Name": "s3"},
        },
        change={"routeTableIds": ["{before.table.id}"], "policy": OTHER_POLICY},
        look=lambda account, id_: [
            len(_endpoint(account, id_)["RouteTableIds"]),
            _endpoint(account, id_)["PolicyDocument"],
        ],
        shows=[1, OTHER_POLICY],
        meddle=renamed("other"),
    ),
    Life(
        token="aws:ec2/vpcEndpoint:VpcEndpoint",
        props={
            "vpcId": "{vpc}",
            "serviceName": "com.amazonaws.us-east-1.sts",
            "vpcEndpointType": "Interface",
            "subnetIds": ["{subnet_a}"],
            "securityGroupIds": ["{group}"],
            "privateDnsEnabled": True,
        },
        change={"subnetIds": ["{subnet_a}", "{subnet_b}"]},
        look=lambda account, id_: len(_endpoint(account, id_)["SubnetIds"]),
        shows=2,
        meddle=lambda account, id_: account("ec2").modify_vpc_endpoint(
            VpcEndpointId=id_, RemoveSubnetIds=[account.subnet_b]
        ),
    ),
    Life(
        token="aws:ec2/flowLog:FlowLog",
        props={
            "vpcId": "{vpc}",
            "trafficType": "ALL",
            "logDestinationType": "cloud-watch-logs",
            "logDestination": "arn:aws:logs:us-east-1:123456789012:log-group:flows",
            "iamRoleArn": "{pod_role}",
            "maxAggregationInterval": 60,
            "tags": {"Name": "flows"},
        },
        change={"tags": {"Name": "others"}},
        look=name_tag,
        shows={"Name": "others"},
        meddle=lambda account, id_: account("ec2").delete_flow_logs(FlowLogIds=[id_]),
    ),
)

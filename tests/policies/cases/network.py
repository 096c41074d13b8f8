"""What proves the rules about the network."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

VPC = recorded("aws:ec2/vpc:Vpc", asked="stack")
LOG = recorded("aws:ec2/flowLog:FlowLog", asked="stack").flowing("vpcId", VPC)
SUBNET = recorded("aws:ec2/subnet:Subnet")
CLUSTER = recorded("aws:eks/cluster:Cluster", asked="stack")
ENDPOINT = recorded("aws:ec2/vpcEndpoint:VpcEndpoint", asked="stack")
GATEWAY = recorded("aws:ec2/internetGateway:InternetGateway", asked="stack")
TABLE = recorded("aws:ec2/routeTable:RouteTable", asked="stack")
DATABASE_SUBNET = recorded("aws:ec2/subnet:Subnet", asked="stack").flowing("vpcId", VPC)
PLAIN_SUBNET = DATABASE_SUBNET.but({"tags": {}})
ASSOCIATION = (
    recorded("aws:ec2/routeTableAssociation:RouteTableAssociation", asked="stack")
    .flowing("subnetId", DATABASE_SUBNET)
    .flowing("routeTableId", TABLE)
)
BY_GATEWAY = recorded(
    "aws:ec2/route:Route", "network-subnets-public-internet", asked="stack"
).flowing("routeTableId", TABLE)
BY_NAT = recorded(
    "aws:ec2/route:Route", "network-subnets-private-a-internet", asked="stack"
).flowing("routeTableId", TABLE)
ROUTED = (VPC, DATABASE_SUBNET, TABLE, ASSOCIATION, GATEWAY)
MAIN_TABLE = Described(
    type="aws:ec2/defaultRouteTable:DefaultRouteTable",
    name="main",
    properties={"defaultRouteTableId": "rtb-0", "routes": [{"gatewayId": "igw-1"}]},
).flowing("defaultRouteTableId", VPC)
UNBOUND_TABLE = MAIN_TABLE.flowing("defaultRouteTableId")
MAIN_ASSOCIATION = (
    Described(
        type="aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        name="main-association",
        properties={"vpcId": "vpc-1", "routeTableId": "rtb-1"},
    )
    .flowing("vpcId", VPC)
    .flowing("routeTableId", TABLE)
)
HOLDERS = (
    recorded("aws:rds/subnetGroup:SubnetGroup", asked="stack").flowing("subnetIds", PLAIN_SUBNET),
    recorded("aws:elasticache/subnetGroup:SubnetGroup", asked="stack").flowing(
        "subnetIds", PLAIN_SUBNET
    ),
    recorded("aws:efs/mountTarget:MountTarget", asked="stack").flowing("subnetId", PLAIN_SUBNET),
)
PLAIN = (VPC, PLAIN_SUBNET, TABLE, ASSOCIATION, GATEWAY, BY_GATEWAY)
INTERNAL = {"kubernetes.io/role/internal-elb": "1"}
SERVICES = (
    "s3", "dynamodb", "ecr.api", "ecr.dkr", "sts", "logs", "kms", "secretsmanager", "ec2", "eks",
)  # fmt: skip


def _endpoint(service: str, region: str = "us-east-1") -> Described:
    name = f"com.amazonaws.{region}.{service}"
    return ENDPOINT.named(service).but({"serviceName": name}).flowing("vpcId", VPC)


def _routes(**route: Any) -> Described:
    return TABLE.but({"routes": [{"cidrBlock": "0.0.0.0/0", **route}]})


def _secondary(block: str) -> Described:
    return Described(
        type="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        name="network-more",
        properties={"cidrBlock": block, "vpcId": "vpc-1"},
    )


ALL_ENDPOINTS = tuple(_endpoint(service) for service in SERVICES)
SERVICE_BLOCK = "kubernetesNetworkConfig.serviceIpv4Cidr"

CASES = {
    "network-flow-logs": Cases(
        failing=(
            fails(VPC, at="", wanted="trafficType ALL"),
            fails(VPC, LOG.but({"trafficType": "REJECT"}), at=""),
            fails(VPC, LOG.but({"vpcId": "vpc-another"}).flowing("vpcId"), at=""),
        ),
        passing=(
            passes(VPC, LOG),
            passes(
                VPC.but({"id": "vpc-7"}),
                LOG.but({"trafficType": "ACCEPT"}),
                LOG.but({"vpcId": "vpc-7"}).flowing("vpcId"),
            ),
        ),
        unknown=passes(VPC, LOG.but({"trafficType": UNKNOWN})),
    ),
    "no-automatic-public-addresses": Cases(
        failing=(
            fails(
                SUBNET.but({"mapPublicIpOnLaunch": True}), at="mapPublicIpOnLaunch", wanted="false"
            ),
            fails(SUBNET.but({"mapPublicIpOnLaunch": "true"}), at="mapPublicIpOnLaunch"),
            fails(SUBNET.but({"mapPublicIpOnLaunch": "yes"}), at="mapPublicIpOnLaunch"),
        ),
        passing=(
            passes(SUBNET),
            passes(SUBNET.but({"mapPublicIpOnLaunch": None})),
        ),
        unknown=passes(SUBNET.but({"mapPublicIpOnLaunch": UNKNOWN})),
        secret=fails(
            SUBNET.but({"mapPublicIpOnLaunch": secret(value=True)}), at="mapPublicIpOnLaunch"
        ),
    ),
    "private-subnets-leave-by-nat": Cases(
        failing=(
            fails(*ROUTED, BY_GATEWAY, at="", wanted="NAT gateway"),
            fails(
                *ROUTED,
                BY_GATEWAY.but({"gatewayId": UNKNOWN}).flowing("gatewayId", GATEWAY),
                at="",
            ),
            fails(VPC, DATABASE_SUBNET, _routes(gatewayId="igw-1"), ASSOCIATION, at=""),
            fails(
                VPC,
                DATABASE_SUBNET,
                GATEWAY,
                _routes(gatewayId=UNKNOWN).flowing("routes", GATEWAY),
                ASSOCIATION,
                at="",
            ),
            fails(VPC, DATABASE_SUBNET, MAIN_TABLE, at=""),
            fails(VPC, DATABASE_SUBNET, TABLE, BY_GATEWAY, MAIN_ASSOCIATION, at=""),
            # A default table that is associated, with a subnet or as the main one.
            fails(
                VPC,
                DATABASE_SUBNET,
                UNBOUND_TABLE,
                ASSOCIATION.flowing("routeTableId", UNBOUND_TABLE),
                at="",
            ),
            fails(
                VPC,
                DATABASE_SUBNET,
                UNBOUND_TABLE,
                MAIN_ASSOCIATION.flowing("routeTableId", UNBOUND_TABLE),
                at="",
            ),
            fails(*(HOLDERS[0], *PLAIN), at=""),
            fails(*(HOLDERS[1], *PLAIN), at=""),
            fails(*(HOLDERS[2], *PLAIN), at=""),
            fails(PLAIN_SUBNET.but({"tags": INTERNAL}), TABLE, ASSOCIATION, BY_GATEWAY, at=""),
            fails(
                PLAIN_SUBNET.but({"tags": {"mlops:tier": "private"}}),
                TABLE,
                ASSOCIATION,
                BY_GATEWAY,
                at="",
            ),
        ),
        passing=(
            passes(*ROUTED, BY_NAT),
            passes(*ROUTED),
            passes(*PLAIN),
            passes(PLAIN_SUBNET.but({"tags": {"mlops:tier": "public"}}), *PLAIN[2:]),
            passes(*ROUTED, BY_GATEWAY.flowing("routeTableId")),
            passes(*ROUTED, BY_GATEWAY.but({"gatewayId": "vgw-1"})),
            passes(*ROUTED, BY_GATEWAY.but({"gatewayId": UNKNOWN})),
            passes(VPC, DATABASE_SUBNET, _routes(gatewayId="local"), ASSOCIATION),
            passes(VPC, DATABASE_SUBNET, _routes(natGatewayId="nat-1"), ASSOCIATION),
            # A subnet with a table of its own has nothing of the main one.
            passes(*ROUTED, MAIN_TABLE),
            passes(VPC, DATABASE_SUBNET, UNBOUND_TABLE),
            passes(VPC, DATABASE_SUBNET, TABLE, BY_GATEWAY, MAIN_ASSOCIATION.flowing("vpcId")),
        ),
        unknown=passes(VPC, DATABASE_SUBNET, TABLE.but({"routes": UNKNOWN}), ASSOCIATION),
    ),
    "network-endpoints": Cases(
        failing=(
            fails(VPC, *ALL_ENDPOINTS[1:], at="", wanted="VPC endpoint"),
            fails(VPC, *ALL_ENDPOINTS[1:], _endpoint("s3", "us-west-2"), at=""),
            fails(VPC, *ALL_ENDPOINTS[1:], _endpoint("s3").flowing("vpcId"), at=""),
        ),
        passing=(
            passes(VPC, *ALL_ENDPOINTS),
            passes(VPC, *ALL_ENDPOINTS, _endpoint("autoscaling")),
        ),
        unknown=passes(VPC, _endpoint("s3").but({"serviceName": UNKNOWN})),
    ),
    "regions-apart-in-addresses": Cases(
        failing=(
            fails(VPC, others=[VPC], at="cidrBlock", wanted="10.0.0.0/16 of network-vpc"),
            fails(VPC, others=[VPC.but({"cidrBlock": "10.0.128.0/20"})], at="cidrBlock"),
            fails(
                VPC.but({"cidrBlock": "172.16.0.0/12"}),
                others=[CLUSTER],
                at="cidrBlock",
                wanted="172.20.0.0/16 of cluster-eksCluster",
            ),
            fails(CLUSTER, others=[VPC.but({"cidrBlock": "172.20.0.0/20"})], at=SERVICE_BLOCK),
            fails(_secondary("10.1.0.0/16"), others=[_secondary("10.1.0.0/17")], at="cidrBlock"),
            fails(
                VPC.but({"cidrBlock": "10.1.0.0/16"}),
                others=[_secondary("10.1.0.0/17")],
                at="cidrBlock",
                role="standby",
            ),
            fails(
                VPC.but({"ipv6CidrBlock": "fd00:1::/32"}),
                others=[VPC.but({"cidrBlock": "10.1.0.0/16", "ipv6CidrBlock": "fd00:1::/48"})],
                at="ipv6CidrBlock",
            ),
        ),
        passing=(
            passes(VPC, others=[VPC.but({"cidrBlock": "10.1.0.0/16"})]),
            passes(VPC, CLUSTER, others=[CLUSTER, _secondary("10.1.0.0/16")]),
            passes(VPC, VPC.named("again"), others=[]),
            passes(VPC, others=[VPC], role="link"),
            passes(VPC.but({"cidrBlock": None, "ipv6CidrBlock": "::/0"}), others=[VPC]),
        ),
        unknown=passes(VPC.but({"cidrBlock": UNKNOWN}), others=[VPC]),
    ),
}

"""VPC and subnets."""

from __future__ import annotations

from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import observed, request
from rehearsal.providers.wire import Props


class Vpc(Resource):
    """DNS attributes are set by calls of their own, one attribute a call."""

    token: ClassVar[str] = "aws:ec2/vpc:Vpc"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"cidrBlock", "enableDnsSupport", "enableDnsHostnames", "instanceTenancy", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"cidrBlock"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("ec2", "CreateVpc", props, only=("cidrBlock", "instanceTenancy"))
        made = aws.client("ec2").create_vpc(
            **asked, TagSpecifications=tags.specification("vpc", aws, props)
        )
        return made["Vpc"]["VpcId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        for key, member in _DNS.items():
            if key in props:
                aws.client("ec2").modify_vpc_attribute(VpcId=id_, **{member: {"Value": props[key]}})

    @gone_is_none("InvalidVpcID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        ec2 = aws.client("ec2")
        vpc = ec2.describe_vpcs(VpcIds=[id_])["Vpcs"][0]
        shown = {key: _attribute(ec2, id_, member) for key, member in _DNS.items() if key in props}
        return {
            **observed(props, {**vpc, "Tags": tags.own(aws, vpc.get("Tags")), **shown}),
            "arn": f"arn:aws:ec2:{aws.region}:{aws.account_id}:vpc/{id_}",
            "cidrBlock": vpc["CidrBlock"],
            "ownerId": aws.account_id,
            "mainRouteTableId": _main_route_table(ec2, id_),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.configure(aws, id_, {k: new[k] for k in _DNS if k in new and new[k] != old.get(k)})
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_vpc(VpcId=id_)


class Subnet(Resource):
    token: ClassVar[str] = "aws:ec2/subnet:Subnet"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"vpcId", "cidrBlock", "availabilityZone", "mapPublicIpOnLaunch", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"vpcId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId", "cidrBlock", "availabilityZone"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "ec2", "CreateSubnet", props, only=("vpcId", "cidrBlock", "availabilityZone")
        )
        made = aws.client("ec2").create_subnet(
            **asked, TagSpecifications=tags.specification("subnet", aws, props)
        )
        return made["Subnet"]["SubnetId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("mapPublicIpOnLaunch") is not None:
            aws.client("ec2").modify_subnet_attribute(
                SubnetId=id_, MapPublicIpOnLaunch={"Value": props["mapPublicIpOnLaunch"]}
            )

    @gone_is_none("InvalidSubnetID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        subnet = aws.client("ec2").describe_subnets(SubnetIds=[id_])["Subnets"][0]
        return {
            **observed(props, {**subnet, "Tags": tags.own(aws, subnet.get("Tags"))}),
            "arn": subnet["SubnetArn"],
            "vpcId": subnet["VpcId"],
            "cidrBlock": subnet["CidrBlock"],
            "availabilityZone": subnet["AvailabilityZone"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if new.get("mapPublicIpOnLaunch") != old.get("mapPublicIpOnLaunch"):
            self.configure(aws, id_, new)
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_subnet(SubnetId=id_)


_DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


def _attribute(ec2: Any, vpc_id: str, member: str) -> bool:
    name = member[:1].lower() + member[1:]
    return ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[member]["Value"]


def _main_route_table(ec2: Any, vpc_id: str) -> str | None:
    mine = [
        {"Name": "vpc-id", "Values": [vpc_id]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    tables = ec2.describe_route_tables(Filters=mine)["RouteTables"]
    return tables[0]["RouteTableId"] if tables else None

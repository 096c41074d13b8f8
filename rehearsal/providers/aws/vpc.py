"""VPC and subnets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Vpc(Resource):
    """DNS attributes are set by calls of their own, one attribute a call."""

    token: ClassVar[str] = "aws:ec2/vpc:Vpc"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"cidrBlock", "enableDnsSupport", "enableDnsHostnames", "instanceTenancy", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"cidrBlock", "instanceTenancy"})

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
        shown = {member: _attribute(ec2, id_, member) for member in _DNS.values()}
        described = {**vpc, "Tags": tags.own(aws, vpc.get("Tags")), **shown}
        return {
            **reported(props, described, _VPC_SHOWN),
            "arn": aws.arn("ec2", f"vpc/{id_}"),
            "ownerId": aws.account_id,
            **_made_with_the_vpc(ec2, id_),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.configure(aws, id_, {k: new[k] for k in _DNS if k in new and new[k] != old.get(k)})
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_vpc(VpcId=id_)


class Subnet(Resource):
    """Public addressing is an attribute that a call of its own sets."""

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
        if props.get("mapPublicIpOnLaunch"):
            self._map_public_ip(aws, id_, True)

    @gone_is_none("InvalidSubnetID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        subnet = aws.client("ec2").describe_subnets(SubnetIds=[id_])["Subnets"][0]
        described = {**subnet, "Tags": tags.own(aws, subnet.get("Tags"))}
        return {
            **reported(props, described, _SUBNET_SHOWN),
            "arn": subnet["SubnetArn"],
            "ownerId": aws.account_id,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if new.get("mapPublicIpOnLaunch") != old.get("mapPublicIpOnLaunch"):
            self._map_public_ip(aws, id_, bool(new.get("mapPublicIpOnLaunch")))
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_subnet(SubnetId=id_)

    def _map_public_ip(self, aws: Aws, id_: str, wanted: bool) -> None:
        aws.client("ec2").modify_subnet_attribute(
            SubnetId=id_, MapPublicIpOnLaunch={"Value": wanted}
        )


_DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}
_VPC_SHOWN = ("cidrBlock", "enableDnsSupport", "enableDnsHostnames", "dhcpOptionsId", "tags")
_SUBNET_SHOWN = (
    "vpcId",
    "cidrBlock",
    "availabilityZone",
    "availabilityZoneId",
    "mapPublicIpOnLaunch",
    "tags",
)


def _attribute(ec2: Any, vpc_id: str, member: str) -> bool:
    name = member[:1].lower() + member[1:]
    return ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[member]["Value"]


def _made_with_the_vpc(ec2: Any, vpc_id: str) -> Props:
    """IDs of the route table, the security group and the network ACL that AWS makes."""
    mine = {"vpc-id": vpc_id}
    tables = ec2.describe_route_tables(Filters=filters({**mine, "association.main": "true"}))
    groups = ec2.describe_security_groups(Filters=filters({**mine, "group-name": "default"}))
    acls = ec2.describe_network_acls(Filters=filters({**mine, "default": "true"}))
    return {
        "mainRouteTableId": _first(tables["RouteTables"], "RouteTableId"),
        "defaultSecurityGroupId": _first(groups["SecurityGroups"], "GroupId"),
        "defaultNetworkAclId": _first(acls["NetworkAcls"], "NetworkAclId"),
    }


def _first(described: Sequence[dict[str, Any]], member: str) -> str | None:
    return described[0][member] if described else None


RESOURCES: Sequence[Resource] = (Vpc(), Subnet())

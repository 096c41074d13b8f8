"""How a VPC reaches the internet: its gateway, addresses and NAT gateways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props, as_object


class InternetGateway(Resource):
    """Made alone, then attached: it may stay without a VPC."""

    token: ClassVar[str] = "aws:ec2/internetGateway:InternetGateway"
    inputs: ClassVar[frozenset[str]] = frozenset({"vpcId", "tags"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = tags.specification("internet-gateway", aws, props)
        made = aws.client("ec2").create_internet_gateway(TagSpecifications=asked)
        return made["InternetGateway"]["InternetGatewayId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("vpcId"):
            aws.client("ec2").attach_internet_gateway(InternetGatewayId=id_, VpcId=props["vpcId"])

    @gone_is_none("InvalidInternetGatewayID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_internet_gateways(InternetGatewayIds=[id_])
        gateway = found["InternetGateways"][0]
        attached = [one["VpcId"] for one in gateway.get("Attachments", ())]
        shown = {
            "VpcId": attached[0] if attached else None,
            "Tags": tags.own(aws, gateway.get("Tags")),
        }
        return {
            **reported(props, shown, ("vpcId", "tags")),
            "arn": aws.arn("ec2", f"internet-gateway/{id_}"),
            "ownerId": aws.account_id,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("vpcId") != new.get("vpcId"):
            self._detach(aws, id_)
            self.configure(aws, id_, new)
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self._detach(aws, id_)
        aws.client("ec2").delete_internet_gateway(InternetGatewayId=id_)

    def _detach(self, aws: Aws, id_: str) -> None:
        now = self.read(aws, id_, {})
        if now and now.get("vpcId"):
            aws.client("ec2").detach_internet_gateway(InternetGatewayId=id_, VpcId=now["vpcId"])


class Eip(Resource):
    """An address; what it is associated with is decided by the NAT gateway or load
    balancer that takes it, so that its association is not among the outputs: it would
    show as drift as soon as the address is used."""

    token: ClassVar[str] = "aws:ec2/eip:Eip"
    inputs: ClassVar[frozenset[str]] = frozenset({"domain", "tags"})
    replaces: ClassVar[frozenset[str]] = frozenset({"domain"})

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("ec2").allocate_address(
            Domain=props.get("domain", "vpc"),
            TagSpecifications=tags.specification("elastic-ip", aws, props),
        )
        return made["AllocationId"]

    @gone_is_none("InvalidAllocationID.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        address = aws.client("ec2").describe_addresses(AllocationIds=[id_])["Addresses"][0]
        described = {**address, "Tags": tags.own(aws, address.get("Tags"))}
        dashed = address["PublicIp"].replace(".", "-")
        return {
            **reported(props, described, ("domain", "publicIp", "tags")),
            "allocationId": id_,
            "publicDns": f"ec2-{dashed}.{_zone_of(aws)}.amazonaws.com",
            "arn": aws.arn("ec2", f"elastic-ip/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").release_address(AllocationId=id_)


class NatGateway(Resource):
    """Public or private; deleted ones stay visible for an hour in the state `deleted`."""

    token: ClassVar[str] = "aws:ec2/natGateway:NatGateway"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"subnetId", "allocationId", "connectivityType", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"subnetId", "allocationId", "connectivityType"})
    required: ClassVar[frozenset[str]] = frozenset({"subnetId"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "ec2", "CreateNatGateway", props, only=("subnetId", "allocationId", "connectivityType")
        )
        made = aws.client("ec2").create_nat_gateway(
            **asked, TagSpecifications=tags.specification("natgateway", aws, props)
        )
        return made["NatGateway"]["NatGatewayId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").get_waiter("nat_gateway_available").wait(NatGatewayIds=[id_])

    @gone_is_none("NatGatewayNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_nat_gateways(NatGatewayIds=[id_])["NatGateways"]
        if not found or found[0]["State"] in ("deleting", "deleted"):
            return None
        gateway = found[0]
        addresses = [*gateway.get("NatGatewayAddresses", ())]
        address = as_object(addresses[0] if addresses else None)
        described = {**gateway, **address, "Tags": tags.own(aws, gateway.get("Tags"))}
        return reported(props, described, _NAT_SHOWN)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        ec2 = aws.client("ec2")
        if self.read(aws, id_, {}) is not None:
            ec2.delete_nat_gateway(NatGatewayId=id_)
            # Its address cannot be released, nor its subnet deleted, before it is gone.
            ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[id_])


_NAT_SHOWN = (
    "subnetId",
    "allocationId",
    "connectivityType",
    "publicIp",
    "privateIp",
    "networkInterfaceId",
    "associationId",
    "tags",
)


def _zone_of(aws: Aws) -> str:
    """Domain of the region's public names: us-east-1 has an older one."""
    return "compute-1" if aws.region == "us-east-1" else f"{aws.region}.compute"


RESOURCES: Sequence[Resource] = (InternetGateway(), Eip(), NatGateway())

"""NAT gateways: the interface in their subnet, and the address that they hold."""

from __future__ import annotations

from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call


def create_nat_gateway(call: Call) -> Answer:
    """CreateNatGateway."""
    answer = call.upstream()
    gateway = answer["NatGateway"]
    name = gateway["NatGatewayId"]
    owner = interfaces.Owner(
        arn=name, description=f"Interface for NAT Gateway {name}", service="amazon-vpc"
    )
    held = [address["NetworkInterfaceId"] for address in gateway["NatGatewayAddresses"]]
    interfaces.claim(call.here, owner, held)
    return answer


def delete_nat_gateway(call: Call) -> Answer:
    """DeleteNatGateway: gives back its address and its interface; EC2 goes on listing the
    gateway as deleted for an hour."""
    name = call.params["NatGatewayId"]
    ec2 = call.here.moto("ec2")
    held = set(interfaces.held_by(call.here, name))
    answer = call.upstream()
    for address in ec2.describe_addresses():
        if address.eni is not None and address.eni.id in held:
            ec2.disassociate_address(association_id=address.association_id)
    interfaces.release(call.here, name)
    return answer


OPERATIONS = {"CreateNatGateway": create_nat_gateway, "DeleteNatGateway": delete_nat_gateway}

"""Network interfaces that AWS services put into a VPC for their own use: they block the
deletion of subnets and security groups until their owner is gone, and nobody else may
delete them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.cloud.state import Region

KIND = "ec2:owned-interface"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who holds interfaces: `arn` identifies it, `description` is what EC2 shows."""

    arn: str
    description: str
    service: str
    """Name of the service, shown as the requester, for example `amazon-eks`."""


def attach(
    here: Region, owner: Owner, subnet_ids: Sequence[str], group_ids: Sequence[str] = ()
) -> list[str]:
    """One interface in each subnet, in use by `owner`; their identifiers."""
    ec2 = here.moto("ec2")
    made: list[str] = []
    for subnet_id in subnet_ids:
        interface: Any = ec2.create_network_interface(subnet_id, [], group_ids=list(group_ids))
        made.append(interface.id)
    claim(here, owner, made)
    return made


def claim(
    here: Region, owner: Owner, interface_ids: Sequence[str], group_ids: Sequence[str] = ()
) -> None:
    """Make interfaces that moto made belong to `owner`, in the security groups given."""
    ec2 = here.moto("ec2")
    for interface_id in interface_ids:
        interface: Any = ec2.get_network_interface(interface_id)
        interface.description = owner.description
        interface.status = "in-use"
        interface.requester_managed = True
        interface.requester_id = owner.service
        if group_ids:
            groups = [ec2.get_security_group_from_id(group_id) for group_id in group_ids]
            vars(interface)["_group_set"] = groups
        here.table(KIND)[interface_id] = {"owner": owner.arn, "service": owner.service}


def release(here: Region, owner_arn: str) -> None:
    """Delete every interface that `owner_arn` holds."""
    owned = here.table(KIND)
    for interface_id in [key for key, record in owned.items() if record["owner"] == owner_arn]:
        here.moto("ec2").enis.pop(interface_id, None)
        del owned[interface_id]


def hand_over(here: Region, owner_arn: str, new_arn: str) -> None:
    """What `owner_arn` holds is held under another ARN: its owner got another name."""
    for record in here.table(KIND).values():
        if record["owner"] == owner_arn:
            record["owner"] = new_arn


def owner_of(here: Region, interface_id: str) -> str | None:
    """ARN of the service's resource that holds an interface, or None."""
    record = here.table(KIND).get(interface_id)
    return record["owner"] if record else None


def held_by(here: Region, owner_arn: str) -> list[str]:
    """Identifiers of the interfaces that `owner_arn` holds."""
    return [key for key, record in here.table(KIND).items() if record["owner"] == owner_arn]


def drop(here: Region, interface_id: str) -> None:
    """Delete one interface, whoever holds it."""
    here.table(KIND).pop(interface_id, None)
    here.moto("ec2").enis.pop(interface_id, None)

"""The network ACL of the database subnets: PostgreSQL in from the private tier, answers out.

Part of a created `Network`: a second lock, should a security group be opened by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

POSTGRES = 5432
EPHEMERAL = (1024, 65535)
"""Ports on which clients await their answers; an ACL does not remember who asked."""


@dataclass(frozen=True, kw_only=True)
class DatabaseAclArgs:
    """Plain values decide the shape; inputs only flow through."""

    vpc_id: Input[str]
    subnet_ids: Sequence[Input[str]]
    clients: Sequence[str]
    """Addresses of the private subnets, in CIDR notation; append, never insert."""


class DatabaseAcl(Component):
    """Everything that is not named here is refused, in both directions."""

    acl_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: DatabaseAclArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        acl = aws.ec2.NetworkAcl(
            self.child("acl"),
            vpc_id=args.vpc_id,
            subnet_ids=list(args.subnet_ids),
            ingress=[_queries(place, block) for place, block in enumerate(args.clients)],
            egress=[_answers(place, block) for place, block in enumerate(args.clients)],
            tags=self.tags("acl"),
            opts=self.options(),
        )
        self.acl_id = acl.id
        self.register_outputs({"acl_id": self.acl_id})


def _queries(place: int, block: str) -> aws.ec2.NetworkAclIngressArgs:
    return aws.ec2.NetworkAclIngressArgs(
        rule_no=100 + 10 * place,
        action="allow",
        protocol="6",  # TCP, by number: AWS answers with numbers
        cidr_block=block,
        from_port=POSTGRES,
        to_port=POSTGRES,
    )


def _answers(place: int, block: str) -> aws.ec2.NetworkAclEgressArgs:
    first, last = EPHEMERAL
    return aws.ec2.NetworkAclEgressArgs(
        rule_no=100 + 10 * place,
        action="allow",
        protocol="6",
        cidr_block=block,
        from_port=first,
        to_port=last,
    )

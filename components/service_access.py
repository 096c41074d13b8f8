"""The security group in front of a service: one port, named clients, nothing out.

Below whatever runs on network interfaces of its own: interface endpoints, the database, the
file system. Rules are resources of their own, so that another client disturbs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class ServiceAccessArgs:
    """Plain values decide the shape; inputs only flow through."""

    description: str
    """What the group is for; AWS replaces the group when it changes."""
    vpc_id: Input[str]
    port: int
    """TCP."""
    clients: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Name of a client → ID of its security group."""
    blocks: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Name of a network → its addresses in CIDR notation."""


class ServiceAccess(Component):
    """A security group; AWS removes its default way out, as no rule for it is declared."""

    group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: ServiceAccessArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        group = self._group(args)
        for client, group_id in args.clients.items():
            self._from_group(args, group, client, group_id)
        for network, block in args.blocks.items():
            self._from_block(args, group, network, block)
        self.group_id = group.id
        self.register_outputs({"group_id": self.group_id})

    def _group(self, args: ServiceAccessArgs) -> aws.ec2.SecurityGroup:
        name = self.site.name(self.name)
        return aws.ec2.SecurityGroup(
            self.child("group"),
            name=name,
            description=args.description,
            vpc_id=args.vpc_id,
            tags=self.tags("group", name=name),
            opts=self.options(),
        )

    def _from_group(
        self,
        args: ServiceAccessArgs,
        group: aws.ec2.SecurityGroup,
        client: str,
        group_id: Input[str],
    ) -> aws.vpc.SecurityGroupIngressRule:
        return aws.vpc.SecurityGroupIngressRule(
            self.child(f"from-{client}"),
            security_group_id=group.id,
            referenced_security_group_id=group_id,
            ip_protocol="tcp",
            from_port=args.port,
            to_port=args.port,
            description=f"{self.name}: port {args.port} from {client}",
            tags=self.tags(f"from-{client}"),
            opts=self.options(),
        )

    def _from_block(
        self,
        args: ServiceAccessArgs,
        group: aws.ec2.SecurityGroup,
        network: str,
        block: Input[str],
    ) -> aws.vpc.SecurityGroupIngressRule:
        return aws.vpc.SecurityGroupIngressRule(
            self.child(f"from-{network}"),
            security_group_id=group.id,
            cidr_ipv4=block,
            ip_protocol="tcp",
            from_port=args.port,
            to_port=args.port,
            description=f"{self.name}: port {args.port} from {network}",
            tags=self.tags(f"from-{network}"),
            opts=self.options(),
        )

"""Who reaches a load balancer, and what the load balancer reaches: named ports and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class BalancerAccessArgs:
    """`target_ports` are ports of pods; they share the nodes' security group."""

    vpc_id: Input[str]
    client_cidrs: Sequence[str]
    listener_ports: Sequence[int]
    node_security_group_id: Input[str]
    target_ports: Sequence[int]


class BalancerAccess(Component):
    """A security group for a load balancer, and the way from there to the pods."""

    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: BalancerAccessArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.security_group_id = self._group(args).id
        for port in args.listener_ports:
            for cidr in args.client_cidrs:
                self._from_clients(port, cidr)
        for port in sorted(set(args.target_ports)):
            self._to_targets(args, port)
            self._at_targets(args, port)
        self.register_outputs({"security_group_id": self.security_group_id})

    def _group(self, args: BalancerAccessArgs) -> aws.ec2.SecurityGroup:
        name = self.site.name(self.name)
        return aws.ec2.SecurityGroup(
            self.child("group"),
            name=name,
            description=f"Load balancer {self.name}",
            vpc_id=args.vpc_id,
            revoke_rules_on_delete=True,
            tags=self.tags("group", name=name),
            opts=self.options(),
        )

    def _from_clients(self, port: int, cidr: str) -> aws.vpc.SecurityGroupIngressRule:
        part = f"from-{cidr}-{port}"
        network = {"cidr_ipv6": cidr} if ":" in cidr else {"cidr_ipv4": cidr}
        return aws.vpc.SecurityGroupIngressRule(
            self.child(part),
            security_group_id=self.security_group_id,
            description=f"Clients in {cidr}",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            **network,
            tags=self.tags(part),
            opts=self.options(),
        )

    def _to_targets(self, args: BalancerAccessArgs, port: int) -> aws.vpc.SecurityGroupEgressRule:
        part = f"to-pods-{port}"
        return aws.vpc.SecurityGroupEgressRule(
            self.child(part),
            security_group_id=self.security_group_id,
            description=f"Pods listening on {port}",
            referenced_security_group_id=args.node_security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags(part),
            opts=self.options(),
        )

    def _at_targets(self, args: BalancerAccessArgs, port: int) -> aws.vpc.SecurityGroupIngressRule:
        part = f"at-pods-{port}"
        return aws.vpc.SecurityGroupIngressRule(
            self.child(part),
            security_group_id=args.node_security_group_id,
            description=f"Load balancer {self.name}, to pods listening on {port}",
            referenced_security_group_id=self.security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags(part),
            opts=self.options(),
        )

"""The network load balancer of model traffic, in front of the cluster's gateway.

A network one, as an application load balancer cannot serve KServe's routes; TLS ends here and
begins again towards the gateway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.balancer_access import BalancerAccess, BalancerAccessArgs
from components.base import Component, Site
from components.console_balancer import HTTPS, TLS_POLICY
from components.physical_names import LOAD_BALANCER_LIMIT, fitted_name


@dataclass(frozen=True, kw_only=True)
class ModelBalancerArgs:
    """Ports are those of the gateway's pods; the health port and path are Istio's."""

    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    certificate_arn: Input[str]
    node_security_group_id: Input[str]
    access_logs_bucket: Input[str]
    """Network load balancers can write with a customer key, so this may be the logs bucket."""
    client_cidrs: Sequence[str]
    internal: bool = True
    target_port: int = 8443
    target_protocol: Literal["TLS", "TCP"] = "TLS"
    health_port: int = 15021
    health_path: str = "/healthz/ready"
    bucket_ready: Sequence[pulumi.Resource] = ()
    """The bucket's policy: AWS checks at once whether it may write access logs."""


class ModelBalancer(Component):
    """TLS for models, spread evenly over the zones."""

    arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """The load balancer's own zone, which alias records name."""
    target_group_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: ModelBalancerArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        balancer = self._balancer(args, self._access(args))
        group = self._target_group(args)
        self._listener(args, balancer, group)
        self.arn = balancer.arn
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.target_group_arn = group.arn
        self.register_outputs(
            {"dns_name": self.dns_name, "target_group_arn": self.target_group_arn}
        )

    def _access(self, args: ModelBalancerArgs) -> BalancerAccess:
        access = BalancerAccessArgs(
            vpc_id=args.vpc_id,
            client_cidrs=args.client_cidrs,
            listener_ports=(HTTPS,),
            node_security_group_id=args.node_security_group_id,
            target_ports=(args.target_port, args.health_port),
        )
        return BalancerAccess(self.name, access, self.site, self.options())

    def _balancer(self, args: ModelBalancerArgs, access: BalancerAccess) -> aws.lb.LoadBalancer:
        name = fitted_name(self.site, self.name, LOAD_BALANCER_LIMIT)
        return aws.lb.LoadBalancer(
            self.child("balancer"),
            name=name,
            load_balancer_type="network",
            internal=args.internal,
            subnets=args.subnet_ids,
            security_groups=[access.security_group_id],
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=self.site.protect_data,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(
                enabled=True, bucket=args.access_logs_bucket, prefix=self.name
            ),
            tags=self.tags("balancer", name=name),
            opts=self.options(depends_on=list(args.bucket_ready)),
        )

    def _target_group(self, args: ModelBalancerArgs) -> aws.lb.TargetGroup:
        name = fitted_name(self.site, f"{self.name}-gw", LOAD_BALANCER_LIMIT)
        return aws.lb.TargetGroup(
            self.child("gateway"),
            name=name,
            target_type="ip",
            vpc_id=args.vpc_id,
            port=args.target_port,
            protocol=args.target_protocol,
            deregistration_delay=60,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                protocol="HTTP",
                port=str(args.health_port),
                path=args.health_path,
                matcher="200",
                interval=10,
                healthy_threshold=2,
                unhealthy_threshold=2,
            ),
            tags=self.tags("gateway", name=name),
            opts=self.options(),
        )

    def _listener(
        self, args: ModelBalancerArgs, balancer: aws.lb.LoadBalancer, group: aws.lb.TargetGroup
    ) -> aws.lb.Listener:
        return aws.lb.Listener(
            self.child("tls"),
            load_balancer_arn=balancer.arn,
            port=HTTPS,
            protocol="TLS",
            ssl_policy=TLS_POLICY,
            certificate_arn=args.certificate_arn,
            # gRPC clients need HTTP/2, which TLS negotiates here.
            alpn_policy="HTTP2Preferred",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)
            ],
            tags=self.tags("tls"),
            opts=self.options(),
        )

"""The application load balancer of the consoles: MLflow, Grafana, Argo and their like.

The cluster joins each target group by a TargetGroupBinding; nothing in the cluster makes load
balancers, so that DNS has a target and a teardown leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.balancer_access import BalancerAccess, BalancerAccessArgs
from components.base import Component, Site
from components.physical_names import LOAD_BALANCER_LIMIT, fitted_name

HTTPS = 443
HTTP = 80
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3, and 1.2 with forward secrecy and authenticated ciphers only."""


@dataclass(frozen=True, kw_only=True)
class Console:
    """One console: the name people type, and the pods behind it. `name`: at most 23 characters.

    `protocol` is what the pods speak; the balancer does not verify the certificate of HTTPS.
    """

    name: str
    host: str
    port: int
    health_path: str = "/"
    health_codes: str = "200-399"
    protocol: Literal["HTTP", "HTTPS"] = "HTTP"

    @property
    def group(self) -> str:
        """Part of its target group's name, another one for another protocol: AWS replaces the
        group, and makes the new one while the old one has its name."""
        return self.name if self.protocol == "HTTP" else f"{self.name}-tls"


@dataclass(frozen=True, kw_only=True)
class ConsoleBalancerArgs:
    """Consoles keep the priority of their place: append new ones. Raises ValueError for two
    consoles of one name or host."""

    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    """Public subnets, or private ones where it is internal."""
    certificate_arn: Input[str]
    node_security_group_id: Input[str]
    access_logs_bucket: Input[str]
    """With S3-managed keys: application load balancers can write to no other."""
    consoles: Sequence[Console]
    client_cidrs: Sequence[str]
    internal: bool = True
    idle_timeout_seconds: int = 60
    bucket_ready: Sequence[pulumi.Resource] = ()
    """The bucket's policy: AWS checks at once whether it may write access logs."""

    def __post_init__(self) -> None:
        """Two consoles that answer to one host would hide one another."""
        for what, values in (
            ("name", [console.name for console in self.consoles]),
            ("host", [console.host for console in self.consoles]),
        ):
            if len(set(values)) != len(values):
                raise ValueError(f"consoles: each {what} once is expected, not {values}")


class ConsoleBalancer(Component):
    """HTTPS for consoles by host name; anything else is turned away."""

    arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """The load balancer's own zone, which alias records name."""
    target_group_arns: Mapping[str, pulumi.Output[str]]
    """By console; what TargetGroupBindings name."""

    def __init__(
        self, name: str, args: ConsoleBalancerArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        balancer = self._balancer(args, self._access(args))
        listener = self._listener(args, balancer)
        self._redirect(balancer)
        groups = {console.name: self._target_group(args, console) for console in args.consoles}
        for index, console in enumerate(args.consoles):
            self._rule(listener, console, groups[console.name], 10 * (index + 1))
        self.arn = balancer.arn
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.target_group_arns = {console: group.arn for console, group in groups.items()}
        self.register_outputs(
            {"dns_name": self.dns_name, "target_group_arns": self.target_group_arns}
        )

    def _access(self, args: ConsoleBalancerArgs) -> BalancerAccess:
        access = BalancerAccessArgs(
            vpc_id=args.vpc_id,
            client_cidrs=args.client_cidrs,
            listener_ports=(HTTPS, HTTP),
            node_security_group_id=args.node_security_group_id,
            target_ports=[console.port for console in args.consoles],
        )
        return BalancerAccess(self.name, access, self.site, self.options())

    def _balancer(self, args: ConsoleBalancerArgs, access: BalancerAccess) -> aws.lb.LoadBalancer:
        name = fitted_name(self.site, self.name, LOAD_BALANCER_LIMIT)
        return aws.lb.LoadBalancer(
            self.child("balancer"),
            name=name,
            load_balancer_type="application",
            internal=args.internal,
            subnets=args.subnet_ids,
            security_groups=[access.security_group_id],
            idle_timeout=args.idle_timeout_seconds,
            drop_invalid_header_fields=True,
            enable_deletion_protection=self.site.protect_data,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(
                enabled=True, bucket=args.access_logs_bucket, prefix=self.name
            ),
            tags=self.tags("balancer", name=name),
            opts=self.options(depends_on=list(args.bucket_ready)),
        )

    def _listener(
        self, args: ConsoleBalancerArgs, balancer: aws.lb.LoadBalancer
    ) -> aws.lb.Listener:
        unknown_host = aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="text/plain", status_code="404", message_body="no such console"
        )
        return aws.lb.Listener(
            self.child("https"),
            load_balancer_arn=balancer.arn,
            port=HTTPS,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=args.certificate_arn,
            routing_http_response_strict_transport_security_header_value="max-age=31536000",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(type="fixed-response", fixed_response=unknown_host)
            ],
            tags=self.tags("https"),
            opts=self.options(),
        )

    def _redirect(self, balancer: aws.lb.LoadBalancer) -> aws.lb.Listener:
        to_https = aws.lb.ListenerDefaultActionRedirectArgs(
            port=str(HTTPS), protocol="HTTPS", status_code="HTTP_301"
        )
        return aws.lb.Listener(
            self.child("http"),
            load_balancer_arn=balancer.arn,
            port=HTTP,
            protocol="HTTP",
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="redirect", redirect=to_https)],
            tags=self.tags("http"),
            opts=self.options(),
        )

    def _target_group(self, args: ConsoleBalancerArgs, console: Console) -> aws.lb.TargetGroup:
        name = fitted_name(self.site, console.group, LOAD_BALANCER_LIMIT)
        return aws.lb.TargetGroup(
            self.child(console.name),
            name=name,
            target_type="ip",
            vpc_id=args.vpc_id,
            port=console.port,
            protocol=console.protocol,
            deregistration_delay=30,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path=console.health_path,
                matcher=console.health_codes,
                protocol=console.protocol,
                interval=15,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            tags=self.tags(console.name, name=name),
            opts=self.options(),
        )

    def _rule(
        self, listener: aws.lb.Listener, console: Console, group: aws.lb.TargetGroup, priority: int
    ) -> aws.lb.ListenerRule:
        part = f"{console.name}-rule"
        host = aws.lb.ListenerRuleConditionHostHeaderArgs(values=[console.host])
        return aws.lb.ListenerRule(
            self.child(part),
            listener_arn=listener.arn,
            priority=priority,
            conditions=[aws.lb.ListenerRuleConditionArgs(host_header=host)],
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
            tags=self.tags(part),
            opts=self.options(),
        )

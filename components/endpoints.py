"""VPC endpoints: AWS services inside the network, so that traffic to them needs no NAT.

Part of a created `Network`. S3 and DynamoDB are free and always there; the others are chosen,
since each costs by the hour and zone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.service_access import ServiceAccess, ServiceAccessArgs

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    """Plain values decide the shape; inputs only flow through."""

    vpc_id: Input[str]
    cidr: Input[str]
    """Addresses of the VPC, which may reach the interface endpoints."""
    subnet_ids: Sequence[Input[str]]
    """Private subnets, one per zone."""
    route_table_ids: Sequence[Input[str]]
    """Of the private subnets."""
    services: Sequence[str] = ()
    """Interface endpoints by the service's short name: `ecr.api`, `sts`, …"""


class Endpoints(Component):
    """Gateway endpoints with policies, interface endpoints with private names."""

    s3_endpoint_id: pulumi.Output[str]
    """For bucket policies that admit this network only."""

    def __init__(
        self, name: str, args: EndpointsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.s3_endpoint_id = self._gateway(args, "s3", s3_policy(site)).id
        self._gateway(args, "dynamodb", dynamodb_policy(site))
        if args.services:
            access = self._access(args)
            for service in args.services:
                self._interface(args, service, access)
        self.register_outputs({"s3_endpoint_id": self.s3_endpoint_id})

    def _gateway(self, args: EndpointsArgs, service: str, policy: str) -> aws.ec2.VpcEndpoint:
        return aws.ec2.VpcEndpoint(
            self.child(service),
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{self.site.region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=list(args.route_table_ids),
            policy=policy,
            tags=self.tags(service),
            opts=self.options(),
        )

    def _access(self, args: EndpointsArgs) -> ServiceAccess:
        access = ServiceAccessArgs(
            description="Interface endpoints: HTTPS from the VPC",
            vpc_id=args.vpc_id,
            port=HTTPS,
            blocks={"vpc": args.cidr},
        )
        return ServiceAccess(self.child("access"), access, self.site, self.options())

    def _interface(
        self, args: EndpointsArgs, service: str, access: ServiceAccess
    ) -> aws.ec2.VpcEndpoint:
        part = service.replace(".", "-")
        return aws.ec2.VpcEndpoint(
            self.child(part),
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{self.site.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=list(args.subnet_ids),
            security_group_ids=[access.group_id],
            private_dns_enabled=True,
            tags=self.tags(part),
            opts=self.options(),
        )


def s3_policy(site: Site) -> str:
    """The account's own buckets, and AWS's buckets with image layers and system packages.

    A stolen credential of another account cannot carry data out through the endpoint.
    Source: Amazon ECR user guide, interface VPC endpoints; Amazon Linux 2023 user guide,
    repositories.
    """
    public = (
        f"arn:aws:s3:::prod-{site.region}-starport-layer-bucket/*",
        f"arn:aws:s3:::al2023-repos-{site.region}-de612dc2/*",
    )
    return _policy(
        _own_resources(site, "OwnBuckets", "s3:*"),
        {
            "Sid": "ImageLayersAndPackages",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": list(public),
        },
    )


def dynamodb_policy(site: Site) -> str:
    """The account's own tables."""
    return _policy(_own_resources(site, "OwnTables", "dynamodb:*"))


def _own_resources(site: Site, sid: str, actions: str) -> dict[str, object]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": "*",
        "Action": actions,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceAccount": site.account_id}},
    }


def _policy(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

"""The network half of a stack file: addresses, zones, ways in, and the other region."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from infra.fields import (
    AccountId,
    ClientBlock,
    Label,
    NamedBlock,
    Prefix,
    Region,
    Section,
    SubnetIds,
    VpcBlock,
)

InterfaceEndpoint: TypeAlias = Literal[
    "ecr.api",
    "ecr.dkr",
    "sts",
    "logs",
    "kms",
    "secretsmanager",
    "ec2",
    "elasticloadbalancing",
    "autoscaling",
    "eks",
    "eks-auth",
]


class AdoptedNetwork(Section):
    """A VPC that the organisation already has, with a subnet of each tier per zone."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$", description="the ID of the VPC to adopt")
    public_subnet_ids: SubnetIds
    private_subnet_ids: SubnetIds
    database_subnet_ids: SubnetIds


class Network(Section):
    """The VPC: its address block, zones and tiers, or the one to adopt."""

    ownership: Literal["create", "adopt"] = Field(
        description='"create" or "adopt": the platform cannot do without a network'
    )
    cidr: VpcBlock
    """Of the VPC, also of an adopted one: other stacks' blocks are checked against it."""
    zones: tuple[
        Annotated[str, Field(description="an availability zone, such as us-east-1a")], ...
    ] = Field(
        min_length=2,
        max_length=3,
        description="two or three zones of the region; append, never insert: "
        "a zone's place decides its subnets",
    )
    nat: Literal["per-zone", "single"] = Field(description='"per-zone" or "single"')
    interface_endpoints: tuple[
        Annotated[
            InterfaceEndpoint,
            Field(description="a service of the list in infra/network_settings.py"),
        ],
        ...,
    ] = Field(description="a list of services, such as [ecr.api, ecr.dkr, sts]")
    adopted: AdoptedNetwork | None = Field(
        default=None, description='the IDs of the network to adopt, given exactly with "adopt"'
    )


class Reachability(Section):
    """How people and CI reach the Kubernetes API and the database."""

    mode: Literal["private", "session-manager", "public"] = Field(
        description='"private" (a runner inside the VPC), "session-manager" (a tunnel) or '
        '"public" (limited to named blocks)'
    )
    cidrs: tuple[NamedBlock, ...] = Field(
        default=(), max_length=40, description="a list of public blocks, only for public"
    )


class Entrance(Section):
    """A load balancer: who may come to it, from inside or from the internet."""

    internal: bool = Field(description="true, or false where clients come from the internet")
    client_cidrs: tuple[ClientBlock, ...] = Field(
        min_length=1, max_length=20, description="a list of 1 to 20 blocks of clients"
    )


class Edge(Section):
    """The entrances of people (consoles) and of callers of models."""

    consoles: Entrance
    models: Entrance


class Peer(Section):
    """The other region's stack by its declared names, so that nothing reads its state."""

    environment: Label
    account_id: AccountId
    region: Region
    prefix: Prefix
    cidr: VpcBlock
    data_generation: int = Field(
        ge=1, le=99, description="the generation of the peer's data, 1 to 99"
    )

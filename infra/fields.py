"""The base of every section of a stack file and the kinds of value that sections share.

A field's description completes the sentence "expected …": it is what a refusal says and what
an editor shows.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from catalog.instances import instances
from catalog.kubernetes import VERSIONS as KUBERNETES_VERSIONS
from catalog.regions import REGIONS


class UnreadError(AttributeError):
    """A rule asked for a field whose value was refused; the rule cannot be judged."""


class Section(BaseModel):
    """Part of a stack file: strict, frozen, refusing unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    if not TYPE_CHECKING:  # Seen by a type checker, it would hide misspelt attributes.

        def __getattr__(self, name: str) -> object:
            """Reached only for absent attributes: those of a partly refused section."""
            if name in type(self).model_fields:
                raise UnreadError(name)
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")


Ownership: TypeAlias = Literal["create", "adopt", "off"]


_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_MOMENT = rf"(mon|tue|wed|thu|fri|sat|sun):{_CLOCK}"

DailyWindow: TypeAlias = Annotated[str, Field(pattern=rf"^{_CLOCK}-{_CLOCK}$")]
"""`HH:MM-HH:MM` in UTC."""
WeeklyWindow: TypeAlias = Annotated[str, Field(pattern=rf"^{_MOMENT}-{_MOMENT}$")]
"""`ddd:HH:MM-ddd:HH:MM` in UTC."""


def member_of(values: Collection[str]) -> Callable[[str], str]:
    """A validator that accepts only `values`."""

    def check(value: str) -> str:
        if value not in values:
            raise ValueError("is not in the catalogue")
        return value

    return check


def _private_block(value: str) -> str:
    block = _network(value)
    if not 16 <= block.prefixlen <= 20:
        raise ValueError("has the wrong size")
    if not any(block.subnet_of(private) for private in PRIVATE_RANGES):
        raise ValueError("is not private")
    return value


def _service_block(value: str) -> str:
    block = _network(value)
    if not 12 <= block.prefixlen <= 24:
        raise ValueError("has the wrong size")
    if not any(block.subnet_of(private) for private in RFC_1918):
        raise ValueError("is not private")
    return value


def _named_block(value: str) -> str:
    block = _network(value)
    if block.prefixlen < 16 or block.is_private:
        raise ValueError("is too wide, or not public")
    return value


def _client_block(value: str) -> str:
    if _network(value).prefixlen == 0:
        raise ValueError("is the whole world")
    return value


def _network(value: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(value, strict=True)


RFC_1918 = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
PRIVATE_RANGES = (*RFC_1918, ipaddress.IPv4Network("100.64.0.0/10"))

AccountId: TypeAlias = Annotated[
    str, Field(pattern=r"^\d{12}$", description="an AWS account ID: 12 digits in quotes")
]
Region: TypeAlias = Annotated[
    str,
    AfterValidator(member_of(REGIONS)),
    Field(
        description="a region of catalog/regions.py, such as us-east-1",
        json_schema_extra={"enum": [*REGIONS]},
    ),
]
Prefix: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[a-z]([a-z0-9]|-[a-z0-9]){1,29}$",
        max_length=30,
        description="a start of names: 2 to 30 lower-case letters, digits and single hyphens",
    ),
]
Label: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[a-z]([a-z0-9]|-[a-z0-9])*$",
        max_length=20,
        description="a name of at most 20 lower-case letters, digits and single hyphens",
    ),
]
Namespace: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$",
        min_length=2,
        max_length=100,
        description="a registry namespace in lower case, such as mlops-platform",
    ),
]
Email: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        max_length=254,
        description="an e-mail address",
    ),
]
TagValue: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.:/=+@-]+( [A-Za-z0-9_.:/=+@-]+)*$",
        max_length=128,
        description="a value that AWS accepts in a tag: letters, digits, spaces and _.:/=+-@",
    ),
]
Domain: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$",
        max_length=253,
        description="a domain name in lower case, such as mlops-platform.com",
    ),
]
VpcBlock: TypeAlias = Annotated[
    str,
    AfterValidator(_private_block),
    Field(description="a private IPv4 block between /16 and /20, such as 10.0.0.0/16"),
]
ServiceBlock: TypeAlias = Annotated[
    str,
    AfterValidator(_service_block),
    Field(description="a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 between /12 and /24"),
]
ClientBlock: TypeAlias = Annotated[
    str,
    AfterValidator(_client_block),
    Field(description="an IPv4 block of clients, such as 10.0.0.0/8, never 0.0.0.0/0"),
]
NamedBlock: TypeAlias = Annotated[
    str,
    AfterValidator(_named_block),
    Field(description="a public IPv4 block of /16 or narrower, never 0.0.0.0/0"),
]
KubernetesVersion: TypeAlias = Annotated[
    str,
    AfterValidator(member_of(KUBERNETES_VERSIONS)),
    Field(
        description=f"one of the supported versions {', '.join(KUBERNETES_VERSIONS)}, in quotes",
        json_schema_extra={"enum": [*KUBERNETES_VERSIONS]},
    ),
]
InstanceType: TypeAlias = Annotated[
    str,
    AfterValidator(member_of(instances("ec2"))),
    Field(description="an EC2 instance type of catalog/instances.csv, such as m5.large"),
]
RoleArn: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^arn:aws:iam::\d{12}:role/[A-Za-z0-9_+=,.@/-]+$",
        description="the ARN of an IAM role",
    ),
]
PrincipalArn: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^arn:aws:iam::\d{12}:(role|user)/[A-Za-z0-9_+=,.@*/-]+$",
        description="the ARN of an IAM role or user, * allowed in its name",
    ),
]
KeyArn: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^arn:aws:kms:[a-z0-9-]+:\d{12}:key/(mrk-)?[0-9a-f-]{32,36}$",
        description="the ARN of a KMS key",
    ),
]
SubnetIds: TypeAlias = Annotated[
    tuple[
        Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$", description="the ID of a subnet")],
        ...,
    ],
    Field(min_length=2, max_length=3, description="the IDs of subnets, one per zone"),
]
LogDays: TypeAlias = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip
"""The values that CloudWatch accepts (PutRetentionPolicy)."""

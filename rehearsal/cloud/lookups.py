"""What is in the simulated account: the questions that refusals ask before a call."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rehearsal.cloud import borrowed
from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.keys import key_named
from rehearsal.cloud.policy_documents import covers, principals, readable
from rehearsal.cloud.state import Region

UNUSABLE = ("PendingDeletion", "PendingReplicaDeletion", "Disabled")
_ARM = re.compile(r"^(a1|[a-z]+\d+g[a-z]*|im4gn|is4gen|[a-z]+\d+gen)$")
_IAM_PRINCIPAL = re.compile(r"^arn:aws:iam::(\d{12}):(role|user|root)")


def subnets(here: Region) -> dict[str, Any]:
    """Every subnet of a region by identifier, as moto keeps it."""
    return {k: v for by_id in here.moto("ec2").subnets.values() for k, v in by_id.items()}


def zones(here: Region, subnet_ids: Iterable[str]) -> set[str]:
    """The availability zones of the subnets that exist among `subnet_ids`."""
    known = subnets(here)
    return {known[each].availability_zone for each in subnet_ids if each in known}


def absent_subnet(call: Call, subnet_ids: Iterable[str]) -> str | None:
    """The first of `subnet_ids` that does not exist in the region."""
    known = subnets(call.here)
    return next((each for each in subnet_ids if each not in known), None)


def security_groups(here: Region) -> dict[str, Any]:
    """Every security group of a region by identifier, as moto keeps it."""
    return {k: v for by_id in here.moto("ec2").groups.values() for k, v in by_id.items()}


def absent_group(call: Call, group_ids: Iterable[str]) -> str | None:
    """The first of `group_ids` that does not exist in the region."""
    known = security_groups(call.here)
    return next((each for each in group_ids if each not in known), None)


def interfaces_in(here: Region, subnet_id: str) -> list[Any]:
    """Network interfaces in a subnet."""
    return [each for each in here.moto("ec2").enis.values() if each.subnet.id == subnet_id]


def role(call: Call, arn: str) -> Any | None:
    """The role with an ARN (path and all), as moto keeps it."""
    for each in call.cloud.moto("iam").roles.values():
        if each.arn == arn:
            return each
    return None


def absent_role(call: Call, arn: str | None) -> str | None:
    """A complaint if `arn` names a role of this account that does not exist."""
    if not arn or f"::{call.account}:role/" not in arn or role(call, arn) is not None:
        return None
    return f"Role {arn} does not exist"


def trusts(call: Call, arn: str, service: str, action: str = "sts:AssumeRole") -> bool:
    """Whether the trust policy of a role lets a service assume it. True for a role that is
    not of this account: nothing is known about it."""
    found = role(call, arn)
    if found is None:
        return f"::{call.account}:" not in arn
    return any(
        statement.get("Effect") == "Allow"
        and service in principals(statement, "Service")
        and covers(statement.get("Action"), action)
        for statement in readable(found.assume_role_policy_document)
    )


def principal_exists(call: Call, arn: str) -> bool:
    """Whether a policy may name a principal: a user or role of this account must exist."""
    if arn in ("*", call.account):
        return True
    match = _IAM_PRINCIPAL.match(arn)
    if match is None:
        return (not arn.startswith("arn:aws:iam:") and ":sts:" in arn) or arn.isdecimal()
    account, kind = match.groups()
    if account != call.account or kind == "root":
        return True
    if kind == "role":
        return role(call, arn) is not None
    return any(user.arn == arn for user in call.cloud.moto("iam").users.values())


def absent_principals(call: Call, document: str) -> Iterator[str]:
    """Principals that a policy names and the account does not have."""
    for statement in readable(document):
        for arn in principals(statement, "AWS"):
            if not principal_exists(call, arn):
                yield arn


def key_problem(call: Call, name: str | None) -> str | None:
    """A complaint if a KMS key that is named does not exist here, or cannot be used. Keys
    of AWS (`alias/aws/…`) are always there."""
    if not name or "alias/aws/" in name:
        return None
    parts = name.split(":")
    if name.startswith("arn:") and len(parts) > 5:
        if parts[4] != call.account:
            return None
        if parts[3] != call.region:
            return f"The key {name} is in {parts[3]}, not in {call.region}"
    found = key_named(call, name)
    if found is None:
        return f"The KMS key {name} does not exist"
    if found.key_state in UNUSABLE:
        return f"The KMS key {name} is in state {found.key_state}"
    return None


@functools.cache
def instance_types() -> frozenset[str]:
    """Every EC2 instance type that botocore knows."""
    return frozenset(borrowed.shape("ec2", "InstanceType").enum)


def architecture(instance_type: str) -> str:
    """`arm64` for Graviton, else `x86_64`."""
    return "arm64" if _ARM.match(instance_type.partition(".")[0]) else "x86_64"

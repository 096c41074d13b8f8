"""Who is in a security group: whatever has the group in a property that puts it there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from policies.openings import FORMS, GROUPS
from policies.properties import Unknown, is_unknown, unwrapped
from policies.subject import Stack, Subject, family

PUT_THERE = (
    "securitygroups",
    "securitygroupids",
    "securitygroupid",
    "securitygroupselectorterms",
)
"""Ends of the names, in small letters, of what puts something into groups: `vpcSecurityGroupIds`,
an annotation of a service. `securityGroup` is not among them: it names whom a rule lets in."""


def groups_of(one: Subject, stack: Stack) -> Iterator[Subject]:
    """The group itself, or that whose rule stands alone."""
    if family(one.type) in GROUPS:
        yield one
        return
    for group in stack.of(*GROUPS):
        if _is_in(group, one, "securityGroupId"):
            yield group


def members_of(group: Subject, stack: Stack) -> Iterator[Subject]:
    """What has the group's rules before it. Raises Unknown where a preview cannot tell."""
    for one in stack.subjects:
        if family(one.type) not in FORMS and any(
            _is_in(group, one, key) for key in one.properties.raw
        ):
            yield one


def _is_in(group: Subject, one: Subject, key: str) -> bool:
    value = one.properties.raw.get(key)
    flows = group.urn in one.property_dependencies.get(key, ())
    if flows and is_unknown(unwrapped(value)) and not _puts_there(key):
        raise Unknown(key)
    known = _ids(group)
    return any(flows or text in known for text in _named(key, value))


def _ids(group: Subject) -> frozenset[str]:
    """The group's ID: outputs may have it in the ARN alone."""
    told = (group.properties.raw.get(key) for key in ("id", "arn"))
    texts = (one for one in map(unwrapped, told) if isinstance(one, str) and not is_unknown(one))
    return frozenset(one.rpartition("/")[2] for one in texts)


def _named(key: str, value: Any, inside: bool = False) -> Iterator[str]:
    """Texts at `key`, or below it, of what puts something into groups."""
    plain, inside = unwrapped(value), inside or _puts_there(key)
    if isinstance(plain, Mapping):
        for name, below in cast("Mapping[str, Any]", plain).items():
            yield from _named(name, below, inside)
    elif isinstance(plain, list):
        for below in cast("list[Any]", plain):
            yield from _named("", below, inside)
    elif inside and isinstance(plain, str):
        # An annotation lists groups in one text.
        yield from (one.strip() for one in plain.split(","))


def _puts_there(key: str) -> bool:
    return key.lower().replace("-", "").endswith(PUT_THERE)

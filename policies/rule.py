"""A rule as a record: its name, why and how to fix, what it applies to, and its predicate.

Three scopes: a resource by itself, at preview and `up`; a resource in its stack, once all of it is
known; a resource beside the other region's stack, judged on two states together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from policies.finding import Broken
from policies.repair import Draft
from policies.stack_settings import Role
from policies.subject import Stack, Subject, family

Level: TypeAlias = Literal["mandatory", "advisory"]
Severity: TypeAlias = Literal["critical", "high", "medium", "low"]

ResourcePredicate: TypeAlias = Callable[[Subject], Iterator[Broken]]
StackPredicate: TypeAlias = Callable[[Subject, Stack], Iterator[Broken]]
PairPredicate: TypeAlias = Callable[[Subject, Stack, Stack], Iterator[Broken]]
"""The subject, its own stack, and the others' resources together."""
Repair: TypeAlias = Callable[[Subject, Draft], None]
"""Sets what the rule wants, in place; sets nothing where the rule holds already."""

EVERY_ROLE: frozenset[Role] = frozenset({"primary", "standby", "link"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule says of itself."""

    number: int
    """Its number in the catalogue."""
    name: str
    """Kebab case; what an exemption and a report name."""
    because: str
    """One sentence: what goes wrong otherwise."""
    fix: str
    """One sentence: what to write instead."""
    severity: Severity
    reference: str
    """Address of the documentation that the rule rests on."""
    types: tuple[str, ...] = ()
    """Resource types, without the suffix of AWS v7; empty for `applies`."""
    applies: Callable[[str], bool] | None = None
    """Whether a type is meant, for rules about more types than can be listed."""
    level: Level = "mandatory"
    roles: frozenset[Role] = field(default_factory=lambda: EVERY_ROLE)
    """Roles of the stacks that it holds in."""

    def concerns(self, type_: str) -> bool:
        """Whether resources of the type are judged."""
        if self.applies is not None:
            return self.applies(type_)
        return family(type_) in self.types


@dataclass(frozen=True, kw_only=True)
class ResourceRule(Rule):
    """Judges a resource by itself."""

    broken: ResourcePredicate
    repair: Repair | None = None
    """Only of what an update can change in place."""


@dataclass(frozen=True, kw_only=True)
class StackRule(Rule):
    """Judges a resource among all of its stack."""

    broken: StackPredicate


@dataclass(frozen=True, kw_only=True)
class PairRule(Rule):
    """Judges a resource beside the other region's stack; within one stack it says nothing."""

    broken: PairPredicate

"""What a rule finds: where a resource breaks it, and the finding that people read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from policies.properties import Properties

Outcome: TypeAlias = Literal["violation", "advice", "unknown", "exempted"]
"""A mandatory rule is broken; an advisory one is; it cannot be judged before `up`; it is broken
and an exemption with a date says that it may be."""


@dataclass(frozen=True)
class Broken:
    """Where a rule is broken: property path, what is there, what is wanted instead."""

    path: str
    found: str
    wanted: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A broken rule at a resource, ready for any report."""

    rule: str
    outcome: Outcome
    severity: str
    urn: str
    resource: str
    """Logical name."""
    type: str
    path: str
    found: str
    wanted: str
    because: str
    fix: str
    reference: str
    note: str = ""
    """Reason and date of the exemption."""

    @property
    def message(self) -> str:
        """The finding in lines, as a terminal and the engine show it."""
        head = f"{self.resource} ({self.type}): {self.path or 'resource'} is {self.found}"
        lines = [
            f"{head}, wanted: {self.wanted}",
            f"why: {self.because}",
            f"fix: {self.fix}",
            f"see: {self.reference}",
        ]
        return "\n".join([*lines, self.note] if self.note else lines)


def must_be(of: Properties, key: str, wanted: bool | str | float) -> Iterator[Broken]:
    """`key` must be exactly `wanted`; missing is not."""
    if isinstance(wanted, bool):
        found: bool | str | float | None = of.flag(key)
    else:
        found = of.text(key) if isinstance(wanted, str) else of.number(key)
    if found != wanted:
        told = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        yield Broken(of.at(key), of.shown(key), told)


def must_have(of: Properties, key: str, wanted: str) -> Iterator[Broken]:
    """`key` must be set, be it to something that is not known yet."""
    if not of.has(key) or (of.knows(key) and not of.scalar(key)):
        yield Broken(of.at(key), of.shown(key), wanted)


def must_not_be(of: Properties, key: str, forbidden: bool, wanted: str) -> Iterator[Broken]:
    """`key` must not be `forbidden`; missing is fine."""
    if of.flag(key) is forbidden:
        yield Broken(of.at(key), of.shown(key), wanted)


def must_be_one_of(of: Properties, key: str, allowed: Collection[str]) -> Iterator[Broken]:
    """`key` must be one of `allowed`; missing is not."""
    if of.text(key) not in allowed:
        yield Broken(of.at(key), of.shown(key), f"one of {', '.join(sorted(allowed))}")


def must_be_at_least(of: Properties, key: str, least: float, unit: str) -> Iterator[Broken]:
    """`key` must be a number of `least` or more; missing is not."""
    found = of.number(key)
    if found is None or found < least:
        yield Broken(of.at(key), of.shown(key), f"{least:g} {unit} or more")

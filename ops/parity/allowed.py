"""Differences that are meant: each with a reason, and each still needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ops.parity.difference import Difference

FILE = Path(__file__).with_name("allowed.yaml")


class AllowedError(ValueError):
    """A list that cannot be read; says which entry, and what was expected."""


class Allowance(BaseModel):
    """Either resources that one side alone has, or inputs that may be others.

    `*` stands for any characters; a name in brackets is a member of a list.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    resources: tuple[str, ...] = Field(min_length=1, strict=False)
    """Short type and logical name, such as `NodeGroup/*`."""
    inputs: tuple[str, ...] = Field(default=(), strict=False)
    only: Literal["primary", "standby"] | None = None
    reason: str = Field(min_length=20)

    @model_validator(mode="after")
    def _one_of_both(self) -> Allowance:
        if bool(self.inputs) == (self.only is not None):
            raise ValueError("expected exactly one of inputs and only")
        return self

    def covers(self, difference: Difference) -> bool:
        """Whether it is about this difference."""
        if not _matches(difference.resource, self.resources):
            return False
        if self.only is not None:
            return difference.kind == _ONE_SIDED[self.only]
        return difference.kind == "differs" and _matches(difference.path, self.inputs)


_ONE_SIDED = {"primary": "only in the first", "standby": "only in the second"}


@dataclass(frozen=True)
class Judgement:
    """What is not allowed, and what is allowed in vain."""

    differences: int
    unexpected: Sequence[Difference]
    unused: Sequence[Allowance]

    @property
    def passed(self) -> bool:
        return not self.unexpected and not self.unused


def read(path: Path = FILE) -> tuple[Allowance, ...]:
    """The list in a YAML file. Raises AllowedError."""
    try:
        entries: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(entries, list):
            raise AllowedError(f"{path.name}: expected a list of allowances")
        return tuple(Allowance.model_validate(each) for each in cast("list[object]", entries))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise AllowedError(f"{path.name}: {error}") from None


def judge(found: Iterable[Difference], allowed: Sequence[Allowance]) -> Judgement:
    """The differences of a primary (first) and its standby (second) against the list."""
    used: set[int] = set()
    unexpected: list[Difference] = []
    count = 0
    for difference in found:
        count += 1
        covering = [place for place, one in enumerate(allowed) if one.covers(difference)]
        used.update(covering)
        if not covering:
            unexpected.append(difference)
    unused = [one for place, one in enumerate(allowed) if place not in used]
    return Judgement(count, unexpected, unused)


def _matches(text: str, patterns: Sequence[str]) -> bool:
    # A bracket is a character here, not a set of them.
    return any(fnmatchcase(text, one.replace("[", "[[]")) for one in patterns)

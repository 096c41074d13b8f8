"""Which cluster is meant: where it is, what it is called, and where its objects are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Place:
    """`stored` also tells this cluster from an earlier one of its name."""

    region: str
    name: str
    stored: str


@dataclass(frozen=True)
class Described:
    """A cluster as EKS describes it."""

    version: str
    incarnation: str = ""
    """What tells it from an earlier one of its name: the objects of that one are gone."""


def stored_as(name: str, incarnation: str) -> str:
    """Where the objects of a cluster are kept; `incarnation` is when it was made."""
    return f"{name} {incarnation}".strip()


class Reaction(Protocol):
    """What a cluster does by itself when something changes in it."""

    def changed(self, place: Place, body: Mapping[str, Any]) -> None:
        """An object or a release came, changed or went."""
        ...

    def require_finalized(self, place: Place, body: Mapping[str, Any]) -> None:
        """Raises PluginError where the deletion of `body` would never end."""
        ...


class NoReaction:
    """A cluster in which nothing runs."""

    def changed(self, place: Place, body: Mapping[str, Any]) -> None:
        """Nothing."""

    def require_finalized(self, place: Place, body: Mapping[str, Any]) -> None:
        """Everything goes at once."""

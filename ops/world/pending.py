"""What a killed engine leaves: operations that began and of which nobody knows how they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Pending:
    """One operation that the state says is under way."""

    urn: str
    type: str
    operation: str
    """As the engine says it: `creating`, `updating`, `deleting`, …"""
    inputs: Mapping[str, object] = field(hash=False, compare=False)

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]


class PendingReads(Protocol):
    """Looking at the state, and for what was made."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        ...

    def pending(self) -> Sequence[Pending]:
        """Operations that are under way according to the state."""
        ...

    def unread(self) -> Sequence[str]:
        """URNs of resources that were taken into the state and not read yet."""
        ...

    def tagged(self, identity: str) -> Sequence[str]:
        """ARNs of what carries this `mlops:id`."""
        ...

    def looked_up(self, pending: Pending) -> str | None:
        """ID of what came of a creation whose type nothing marks, by what it belongs to."""
        ...


class PendingVerbs(PendingReads, Protocol):
    """Changing the state, never the account. Each raises Refused while an engine is at work on
    the stack."""

    def settle(self, ids: Mapping[Pending, str | None]) -> None:
        """End all of these operations in one change of the state: what has an ID is taken into
        it, the rest is dropped. One change, since importing a state ends every operation in it."""
        ...

    def read_anew(self, urns: Sequence[str]) -> None:
        """Read resources from the account; those that are not there leave the state."""
        ...

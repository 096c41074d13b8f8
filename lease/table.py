"""The table as the fence needs it, and what can go wrong with it."""

from __future__ import annotations

from typing import Protocol

from lease.protocol import Lease


class TableError(Exception):
    """The table did not do what was asked, for whatever reason: nothing was renewed."""


class Unreachable(TableError):
    """No answer, or none in time. A swap may have happened all the same."""


class LostCondition(TableError):
    """The record is not what was compared with: somebody else changed it. Read it again."""


class Table(Protocol):
    """One record of one platform, linearisable across regions."""

    def read(self) -> Lease | None:
        """The record as it is now. Raises TableError."""
        ...

    def swap(self, seen: Lease | None, new: Lease) -> None:
        """Put `new` in place of `seen`, of which every part is compared.

        `None` stands for no record. Raises LostCondition, Unreachable, TableError.
        """
        ...

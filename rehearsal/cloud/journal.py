"""The calls that the gateway answered, in order, for tests and reports to read."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One answered call."""

    number: int
    time: float
    """Unix time at which the call arrived, seconds."""
    seconds: float
    service: str
    region: str
    operation: str
    parameters: str
    """Digest of the parameters: equal calls have equal digests, values are not kept."""
    status: int
    error: str | None
    caller: str
    """Who called: a resource's type and name, or what the client calls itself."""
    by: str
    """Who answered: `moto`, `operation`, `refusal`, `validation` or `fault`."""


class Journal:
    """Keeps every entry until it is cleared."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._count = 0
        self._lock = threading.Lock()

    def record(
        self,
        started: float,
        *,
        caller: str,
        service: str,
        region: str,
        operation: str,
        parameters: str,
        status: int,
        error: str | None,
        by: str,
    ) -> None:
        """`started`: Unix time at which the call arrived."""
        with self._lock:
            self._count += 1
            self._entries.append(
                Entry(
                    number=self._count,
                    time=started,
                    seconds=time.time() - started,
                    caller=caller,
                    service=service,
                    region=region,
                    operation=operation,
                    parameters=parameters,
                    status=status,
                    error=error,
                    by=by,
                )
            )

    def entries(self, after: int = 0) -> list[dict[str, object]]:
        """Entries with a number above `after`, as plain data."""
        with self._lock:
            return [asdict(entry) for entry in self._entries if entry.number > after]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        with self._lock:
            self._entries.clear()

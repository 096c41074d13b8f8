"""The simulated cloud's control endpoints, as a drill uses them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from rehearsal.cloud.outages import Outage


class Control:
    """The control endpoints of the cloud at `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def now(self) -> float:
        """Seconds since 1970, by the cloud's clock."""
        return float(self._ask("GET", "clock")["now"])

    def advance(self, seconds: float) -> float:
        """Move the clock ahead; the time it then shows."""
        return float(self._ask("POST", "clock", {"advance": seconds})["now"])

    def lose(self, region: str) -> None:
        """Take a region out of service."""
        self._ask("POST", "faults", {"kind": "lost-region", "region": region})

    def rest(self) -> None:
        """Nobody drives the clock any more: what begins is ready at once again."""
        self._ask("POST", "rest")

    def slow_replicas(self, region: str, seconds: float) -> None:
        """Have the database replicas of a region fall behind, beyond the usual."""
        self._ask("POST", "faults", {"kind": "slow-replica", "region": region, "seconds": seconds})

    def stop_replicas(self, region: str) -> None:
        """Have the database replicas of a region replay nothing more."""
        self._ask("POST", "faults", {"kind": "stopped-replica", "region": region})

    def restore(self) -> None:
        """End all faults."""
        self._ask("DELETE", "faults")

    def lost(self) -> Sequence[str]:
        """Regions that are out of service."""
        faults = self._ask("GET", "faults")
        return [each["region"] for each in faults if each["kind"] == "lost-region"]

    def outages(self) -> Sequence[Outage]:
        """When regions were out of service."""
        return [Outage(**each) for each in self._ask("GET", "outages")]

    def _ask(self, method: str, path: str, document: object = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        url = f"{self._endpoint}/_rehearsal/{path}"
        # The gateway's own control endpoint, always http on loopback.
        request = urllib.request.Request(url, body, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

"""What Prometheus sees of an agent."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from lease.agent import Standing
from lease.protocol import Milliseconds

STATES = ("unknown", "open", "closing", "closed")


class Metrics:
    """Set after each look; in a registry of its own, so that nothing else is shown."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._epoch = self._gauge("lease_epoch", "Highest epoch that the agent has seen")
        self._holder = self._gauge(
            "lease_holder", "1 for the region that holds the lease", labels=("region",)
        )
        self._held = self._gauge("lease_held", "1 while the table names the agent's region")
        self._guarded = self._gauge(
            "lease_guarded", "1 while the last round saw a guard run in the database"
        )
        self._state = self._gauge(
            "lease_database_state", "1 for the state of this region's database", labels=("state",)
        )
        self._fenced = self._gauge(
            "lease_fenced", "1 while it was seen that no writer has a session and none gets one"
        )
        self._left = self._gauge(
            "lease_seconds_left", "Seconds until closing begins unless the agent renews"
        )
        self._skew = self._gauge(
            "lease_database_clock_ahead_seconds", "The database's clock less the agent's"
        )
        self._looks = Counter(
            "lease_looks", "Rounds of the agent", ("outcome",), registry=self.registry
        )
        for outcome in ("fine", "trouble"):
            self._looks.labels(outcome)

    def show(self, standing: Standing, now: Milliseconds) -> None:
        """`now` by the monotonic clock."""
        self._epoch.set(standing.epoch)
        self._holder.clear()
        if standing.holder:
            self._holder.labels(standing.holder).set(1)
        self._held.set(standing.held)
        self._guarded.set(standing.guarded)
        for state in STATES:
            self._state.labels(state).set(state == standing.state)
        self._fenced.set(standing.state == "closed")
        self._left.set(max(0, standing.open_until - now) / 1_000)
        self._skew.set(standing.database_ahead / 1_000)
        self._looks.labels("trouble" if standing.trouble else "fine").inc()

    def _gauge(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

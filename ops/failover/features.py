"""What a failover says of features: the registry comes with the database, the online store begins
empty, and only the operator knows how long it takes to fill it."""

from __future__ import annotations

from ops.failover.target import FEAST, Failover

KEY = "services.learning.feast.online_store.rematerialisation_minutes"


def features_line(wanted: Failover) -> str:
    """Line of a plan and of a report."""
    minutes = wanted.features_seconds / 60
    return (
        f"features: served by {FEAST} once they are materialised again, {minutes:.0f} min after "
        f"the services ({KEY}): feast materialize, over all of the time that they reach back"
    )

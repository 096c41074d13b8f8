"""A pair with the site that takes over, and clients that write to it throughout."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.errors import Refused
from ops.executor import carry_out
from ops.failover.runbook import failover
from ops.failover.target import Consent
from ops.journal import Entry, opened
from tests.drills.clients import Client, Row, written
from tests.drills.pair import Pair, lag, pair, until
from tests.drills.site import Site
from tests.ops.memory.region import BACKUPS, wanted

BUSY = {"everywhere", "east"}
"""Clients that can write before anything is lost."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One client goes where the public names lead. One on each side stays there, and tries to
    write whatever happens."""

    pair: Pair
    site: Site
    everywhere: Client
    east: Client
    west: Client

    @property
    def clients(self) -> tuple[Client, ...]:
        return (self.everywhere, self.east, self.west)

    def acknowledged(self) -> set[Row]:
        """Rows of all clients."""
        return set[Row]().union(*(client.rows for client in self.clients))

    def quiet(self) -> None:
        """No client writes any more."""
        for client in self.clients:
            client.stop()

    def failed_over(self, journal: Path) -> Entry:
        """`mlops failover --apply`, again while it wants another sign of the loss. Returns the
        journal's entry with which it began."""
        hands = self.site.hands()
        book = failover(wanted(), Consent(), BACKUPS, hands.reads)
        with opened(journal, book.name, book.target, sync=lambda _: None) as log:
            while True:
                try:
                    assert carry_out(book, log, hands)
                except Refused as refused:
                    if "lost region: 1 of 3 signals" not in str(refused):
                        raise
                    time.sleep(0.1)
                else:
                    return log.run()[0]


@contextmanager
def stage(template: Path, seed: int) -> Generator[Stage]:
    """In full swing: both sides that may write do, and the copy follows."""
    with pair(template, lag(seed, 0.05, 0.25)) as running:
        east, west = running.primary.rds, running.standby.rds
        site = Site(running.standby, running.table)
        with (
            Client("everywhere", lambda: west if site.region.traffic.here else east) as everywhere,
            Client("east", lambda: east) as eastern,
            Client("west", lambda: west) as western,
        ):
            everywhere.until_it_writes()
            eastern.until_it_writes()
            until("rows arrive", lambda: {name for name, _ in written(west.server)} == BUSY)
            yield Stage(pair=running, site=site, everywhere=everywhere, east=eastern, west=western)

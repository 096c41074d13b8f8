"""A pair under streaming replication: two regions, the link between them, and the fence."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lease.protocol import declared_closed, first, taken
from tests.control_plane.postgres import socket_folder
from tests.drills.clients import OWNER, TABLE
from tests.drills.link import Link
from tests.drills.rds import Rds
from tests.drills.side import Side, Table
from tests.lease.fenced import asked, fenced_in
from tests.ops.memory.region import DATABASE, LOST, STANDBY

EAST, WEST = LOST, STANDBY
IDENTIFIERS = {EAST: "mlops-production-mlflow-g1", WEST: DATABASE}


class Pair:
    """East has been the primary so far, and West follows it."""

    def __init__(self, folder: Path, delay: Callable[[], float]) -> None:
        self.table = Table(first("mlops", EAST))
        east, west = (Rds(region, name, folder, delay) for region, name in IDENTIFIERS.items())
        east.peer, west.peer = west, east
        self.primary, self.standby = Side(east, self.table), Side(west, self.table)

    @property
    def sides(self) -> tuple[Side, Side]:
        return (self.primary, self.standby)

    @property
    def links(self) -> list[Link]:
        """Between the regions."""
        return [side.rds.link for side in self.sides]

    def begin(self, template: Path) -> None:
        """The first primary."""
        server = self.primary.rds.add(self.primary.rds.identifier)
        server.copied_from(template)
        server.start()
        self.primary.begin()

    def begin_away(self, template: Path) -> None:
        """As it is some time after a failover: West is the primary, and East is back and closed,
        with the database that it had."""
        self.table.record = declared_closed(taken(first("mlops", EAST), WEST))
        self.changed_places()
        for side in self.sides:
            server = side.rds.add(side.rds.identifier)
            server.copied_from(template)
            server.start()
            side.begin()
        until("East is closed", lambda: self.standby.standing.state == "closed")

    def follow(self) -> None:
        """A copy of the primary, in the other region."""
        self._copy()
        self.standby.begin()

    def renew(self) -> None:
        """A new generation in the standby's region: a fresh copy, in place of what is there."""
        self.standby.rds.retire(self.standby.rds.identifier, "last")
        self._copy()

    def _copy(self) -> None:
        source, copy = self.primary.rds, self.standby.rds
        copy.replicate(source.arn(source.identifier), source.identifier, copy.identifier)

    def end(self) -> None:
        """Whatever runs."""
        for side in self.sides:
            side.end()
            side.rds.end()

    def cut(self) -> None:
        """The primary's region is alone: no replication, no table."""
        self.table.cut_off.add(self.primary.region)
        for link in self.links:
            link.cut()

    def mend(self) -> None:
        """All reach each other again."""
        self.table.cut_off.clear()
        for link in self.links:
            link.mend()

    def kill(self) -> None:
        """The primary's region is gone: database and agents. What had left it still arrives."""
        self.primary.server.kill()
        self.primary.end()
        self.table.cut_off.add(self.primary.region)

    def come_back(self) -> None:
        """The region that was lost is there again, its agents before its database."""
        self.mend()
        if not self.primary.server.process:
            self.primary.begin()
            self.primary.server.start()

    def changed_places(self) -> None:
        """The standby is the primary from now on."""
        self.primary, self.standby = self.standby, self.primary


@contextmanager
def pair(template: Path, delay: Callable[[], float]) -> Generator[Pair]:
    """With agents on both sides, until the end of the block."""
    with single(template, delay) as made:
        made.follow()
        yield made


@contextmanager
def single(template: Path, delay: Callable[[], float] = lambda: 0.0) -> Generator[Pair]:
    """The primary with its agent; its region has a peer without a database."""
    with _ready(delay) as made:
        made.begin(template)
        yield made


@contextmanager
def fled(template: Path, delay: Callable[[], float]) -> Generator[Pair]:
    """Some time after a failover, with agents on both sides."""
    with _ready(delay) as made:
        made.begin_away(template)
        yield made


@contextmanager
def _ready(delay: Callable[[], float]) -> Generator[Pair]:
    """Links, and nothing that runs yet."""
    with socket_folder() as folder, ExitStack() as stack:
        made = Pair(folder, delay)
        stack.callback(made.end)
        for side in made.sides:
            stack.enter_context(side.rds.endpoint)
            stack.enter_context(side.rds.link)
        yield made


@contextmanager
def made_template() -> Generator[Path]:
    """The files of a server with the platform's roles, the fence and the clients' table."""
    with socket_folder() as folder:
        with fenced_in(folder / "s") as server:
            made = server.psql("-c", TABLE, user="superuser", database=OWNER.database)
            assert made.returncode == 0, made.stderr
            assert asked(server, "SHOW server_version_num", user="superuser") >= "150000"
        yield folder / "s" / "data"


def lag(seed: int, typical: float, slow: float) -> Callable[[], float]:
    """Draws seconds under way between nothing and `slow`, most likely `typical`; the same for
    the same seed."""
    draw = random.Random(seed)
    return lambda: draw.triangular(0.0, slow, typical)


def until(what: str, holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for it, looking often."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)

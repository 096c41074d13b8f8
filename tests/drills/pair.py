"""A pair under streaming replication: two regions, the link between them, and the fence."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lease.protocol import first
from tests.control_plane.postgres import socket_folder
from tests.control_plane.server import free_port
from tests.drills.clients import OWNER, TABLE
from tests.drills.link import Link
from tests.drills.server import Server
from tests.drills.side import Side, Table
from tests.lease.fenced import asked, fenced_in
from tests.ops.memory.region import LOST, STANDBY

EAST, WEST = LOST, STANDBY


class Pair:
    """East has been the primary so far; `primary` and `standby` change places at a handover."""

    def __init__(self, folder: Path, delay: Callable[[], float]) -> None:
        self.table = Table(first("mlops", EAST))
        self.sides = {
            region: Side(region, Server(folder / region, free_port()), self.table)
            for region in (EAST, WEST)
        }
        self.links = {
            region: Link(free_port(), lambda side=side: side.server.port, delay)
            for region, side in self.sides.items()
        }
        """By the region to which each leads."""
        self.primary, self.standby = self.sides[EAST], self.sides[WEST]

    def begin(self, template: Path) -> None:
        """The first primary, and a copy of it."""
        self.primary.server.copied_from(template)
        self.primary.server.start()
        self.rebuild(self.standby, self.primary)
        for side in self.sides.values():
            side.begin()

    def end(self) -> None:
        """Whatever runs."""
        for side in self.sides.values():
            side.end()
            side.server.kill()

    def rebuild(self, side: Side, source: Side) -> None:
        """A new generation there: a fresh copy of `source`, which it follows over the link."""
        side.server.kill()
        side.server.backed_up_from(source.server)
        side.server.follow(self.links[source.region].port)

    def cut(self) -> None:
        """The primary's region is alone: no replication, no table."""
        self.table.cut_off.add(self.primary.region)
        for link in self.links.values():
            link.cut()

    def mend(self) -> None:
        """All reach each other again."""
        self.table.cut_off.clear()
        for link in self.links.values():
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
    with socket_folder() as folder, ExitStack() as stack:
        made = Pair(folder, delay)
        stack.callback(made.end)
        for link in made.links.values():
            stack.enter_context(link)
        made.begin(template)
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

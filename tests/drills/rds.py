"""RDS of one region, as far as runbooks ask it about PostgreSQL: its instances are servers of this
machine, and the name that clients know leads to one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from ops.errors import Refused, Retryable
from ops.world.database import AVAILABLE, Instance, Lag, Snapshot, Source
from tests.control_plane.server import free_port
from tests.drills.link import Link
from tests.drills.server import Server
from tests.lease.fenced import password_of
from tests.ops.memory.region import ACCOUNT

MODEL = Instance(
    identifier="",
    arn="",
    status=AVAILABLE,
    endpoint="",
    engine_version="15",
    instance_class="db.r5.large",
    storage_gib=100,
    encryption_key="key",
)


class Rds:
    """One region's. Answers that were lost are Retryable, as in the live world."""

    def __init__(
        self, region: str, identifier: str, folder: Path, delay: Callable[[], float]
    ) -> None:
        self.region = region
        self.identifier = identifier
        """What the region's clients and agents know, by its endpoint."""
        self.servers: dict[str, Server] = {}
        self._known: dict[str, Instance] = {}
        self._folder = folder / region
        self._made = 0
        self.endpoint = Link(free_port(), self._port, lambda: 0.0)
        """For this region's clients and agents."""
        self.peer: Rds | None = None
        self.link = Link(free_port(), self._peers_port, delay)
        """To what the peer's clients know, as far away as it is."""

    @property
    def server(self) -> Server:
        """Where the endpoint leads."""
        return self.servers[self.identifier]

    def conninfo(self, user: str, database: str = "postgres") -> str:
        """For psycopg, by the endpoint."""
        return make_conninfo(
            host="127.0.0.1",
            port=self.endpoint.port,
            user=user,
            dbname=database,
            password=password_of(user),
            connect_timeout=2,
        )

    def add(self, identifier: str, **facts: Any) -> Server:
        """A server that is yet to be filled and started. Raises Refused for a name in use."""
        if identifier in self.servers:
            raise Refused(f"DBInstanceAlreadyExists: {identifier}")
        self._made += 1
        self.servers[identifier] = Server(self._folder / f"g{self._made}", free_port())
        self._known[identifier] = replace(
            MODEL,
            arn=self.arn(identifier),
            resource_id=f"db-{self.region}-{self._made}",
            identifier=identifier,
            **facts,
        )
        return self.servers[identifier]

    def end(self) -> None:
        """All servers."""
        for server in self.servers.values():
            server.kill()

    def instance(self, identifier: str) -> Instance | None:
        known = self._known.get(identifier)
        if known is None:
            return None
        if not self._asked(identifier, "SELECT pg_is_in_recovery()"):
            return replace(known, follows=None)
        return known if known.follows else replace(known, status="creating")

    def lag(self, identifier: str) -> Lag | None:
        """As RDS measures ReplicaLag."""
        behind = "extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"
        found = self._asked(identifier, f"SELECT {behind} WHERE pg_is_in_recovery()")
        return None if found is None else Lag(seconds=float(found))

    def written(self, identifier: str) -> int | None:
        """Bytes of the log."""
        position = "pg_current_wal_lsn() - '0/0'"
        found = self._asked(
            identifier,
            f"SELECT CASE WHEN NOT pg_is_in_recovery() THEN {position} END",
        )
        return None if found is None else int(found)

    def replayed(self, identifier: str) -> int | None:
        """Bytes of its source's log."""
        position = "pg_last_wal_replay_lsn() - '0/0'"
        found = self._asked(identifier, f"SELECT {position} WHERE pg_is_in_recovery()")
        return None if found is None else int(found)

    def snapshots(self, identifier: str) -> Sequence[Snapshot]:
        """The one that RDS takes by itself."""
        if identifier not in self.servers:
            return []
        taken = time.time()
        return [Snapshot(name="rds:today", status=AVAILABLE, taken_at=taken, encrypted=True)]

    def promote(self, identifier: str, backup_days: int) -> None:
        if not self._asked(identifier, "SELECT pg_is_in_recovery()"):
            raise Refused(f"InvalidDBInstanceState: {identifier} is not a read replica")
        self._asked(identifier, "SELECT pg_promote(wait => false)")

    def discard(self, snapshot: str) -> None:
        raise Refused(f"DBSnapshotNotFound: {snapshot}")

    def restore(self, source: Source, like: str, identifier: str) -> None:
        """To a moment, from the base backup and the archived log of `like`."""
        if source.moment is None:
            raise Refused("InvalidParameterCombination: only moments are restored here")
        self._asked(like, "SELECT pg_switch_wal()")  # RDS archives every five minutes by itself
        origin = self._of(like)
        self.add(identifier, restored_from=source.label).recover(origin, source.moment)

    def rename(self, identifier: str, name: str) -> None:
        """Every connection by the endpoint ends."""
        server = self._of(identifier)
        if name in self.servers:
            raise Refused(f"DBInstanceAlreadyExists: {name}")
        del self.servers[identifier]
        self.servers[name] = server
        self._known[name] = replace(
            self._known.pop(identifier), identifier=name, arn=self.arn(name)
        )
        self.endpoint.mend()

    def replicate(self, source: str, like: str, identifier: str) -> None:
        """Over the link, of an instance of the other region."""
        origin = self.peer and self.peer.with_arn(source)
        if self.peer is None or origin is None:
            raise Refused(f"DBInstanceNotFound: {source}")
        copy = self.add(identifier, follows=source)
        copy.back_up(origin, copy.data)
        copy.follow(self.link.port)

    def with_arn(self, arn: str) -> Server | None:
        """The server of that instance."""
        names = [name for name, known in self._known.items() if known.arn == arn]
        return self.servers[names[0]] if names else None

    def arn(self, identifier: str) -> str:
        """Of an instance with that identifier."""
        return f"arn:aws:rds:{self.region}:{ACCOUNT}:db:{identifier}"

    def retire(self, identifier: str, snapshot: str) -> None:
        """Delete it."""
        self._of(identifier).discard()
        del self.servers[identifier], self._known[identifier]

    def retire_others(self) -> None:
        """Delete what an operator deletes once a new generation has proven itself."""
        for identifier in set(self.servers) - {self.identifier}:
            self.retire(identifier, "")

    def snapshot(self, identifier: str, name: str) -> None:
        """Take a base backup in place of the one before."""
        server = self._of(identifier)
        server.back_up(server, server.backup)

    def _port(self) -> int:
        """Raises ConnectionRefusedError while no instance has the name."""
        if self.identifier not in self.servers:
            raise ConnectionRefusedError(self.identifier)
        return self.server.port

    def _peers_port(self) -> int:
        if self.peer is None:
            raise ConnectionRefusedError(f"{self.region} has no peer")
        return self.peer._port()

    def _of(self, identifier: str) -> Server:
        if identifier not in self.servers:
            raise Refused(f"DBInstanceNotFound: {identifier}")
        return self.servers[identifier]

    def _asked(self, identifier: str, query: str) -> Any:
        try:
            return self._of(identifier).asked(query)
        except psycopg.Error as error:
            raise Retryable(f"{identifier}: {error}") from error

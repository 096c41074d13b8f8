"""PostgreSQL in RDS, as far as runbooks ask it: how far a primary has written its log, and how far
a replica has replayed that.

A log grows while the agents let writers in, and rests else. A replica has what was written until so
long ago as CloudWatch's ReplicaLag says; one whose source is lost, or that replays nothing, stays
where it is while that figure grows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rehearsal.site.agents import Agents
from rehearsal.site.names import Client

START_BYTES, BYTES_A_SECOND = 1 << 24, 4096
"""Of a log: its first segment, and what writers add."""
WRITTEN, REPLAYED = "pg_current_wal_flush_lsn", "pg_last_wal_replay_lsn"
REGION = re.compile(r"\.(?P<region>[a-z]{2}-[a-z]+-\d)\.rds\.amazonaws\.com$")
WINDOW = timedelta(minutes=5)


class Unanswered(Exception):
    """What a client of PostgreSQL is told instead of an answer."""


class Postgres:
    """All servers of one platform. `now`: seconds since 1970."""

    def __init__(
        self,
        client: Client,
        agents: Agents,
        now: Callable[[], float],
        lost: Callable[[], Sequence[str]],
        platform: str,
    ) -> None:
        self._client, self._agents, self._now, self._lost = client, agents, now, lost
        self._platform = platform
        self._replayed: dict[str, int] = {}

    def answer(self, host: str, asked: Mapping[str, str]) -> int | None:
        """The value of a query to the server `host`, None for NULL. Raises Unanswered."""
        region = self._region(host)
        server = self._server(region, host)
        if (asked["user"], asked["password"]) != self._login(region):
            raise Unanswered(f'password authentication failed for user "{asked["user"]}"')
        follows = bool(server.get("ReadReplicaSourceDBInstanceIdentifier"))
        if WRITTEN in asked["query"]:
            return None if follows else self._log(self._now())
        if REPLAYED in asked["query"]:
            return self._replay(region, server) if follows else None
        raise Unanswered(f"the rehearsal does not know {asked['query']!r}")

    def _region(self, host: str) -> str:
        found = REGION.search(host)
        if found is None or found["region"] in self._lost():
            raise Unanswered("connection timed out")
        return found["region"]

    def _server(self, region: str, host: str) -> Mapping[str, Any]:
        """Whose address it is now."""
        for each in self._client("rds", region).describe_db_instances()["DBInstances"]:
            if each.get("Endpoint", {}).get("Address") == host:
                if each["DBInstanceStatus"] in ("creating", "renaming"):
                    raise Unanswered("the database system is starting up")
                return each
        raise Unanswered(f'could not translate host name "{host}" to address')

    def _login(self, region: str) -> tuple[str, str]:
        vault = self._client("secretsmanager", region)
        text = vault.get_secret_value(SecretId=f"{self._platform}-db-exporter")["SecretString"]
        known = json.loads(text)
        return known["username"], known["password"]

    def _log(self, moment: float) -> int:
        """Bytes that were written until then."""
        return START_BYTES + int(self._agents.open_seconds(moment) * BYTES_A_SECOND)

    def _replay(self, region: str, replica: Mapping[str, Any]) -> int:
        """Bytes that a replica has; never fewer than it once had."""
        known = replica["DbiResourceId"]
        has = self._log(self._now() - self._lag(region, replica["DBInstanceIdentifier"]))
        self._replayed[known] = max(has, self._replayed.get(known, 0))
        return self._replayed[known]

    def _lag(self, region: str, identifier: str) -> float:
        now = datetime.now(UTC)
        found = self._client("cloudwatch", region).get_metric_statistics(
            Namespace="AWS/RDS", MetricName="ReplicaLag",
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": identifier}],
            StartTime=now - WINDOW, EndTime=now + timedelta(minutes=1),
            Period=60, Statistics=["Maximum"],
        )["Datapoints"]  # fmt: skip
        return max((float(point["Maximum"]) for point in found), default=0.0)

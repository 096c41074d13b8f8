"""`python -m lease`: one agent, until SIGTERM. Exit status 2 when a setting is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import closing

from kubernetes import client, config

from lease.agent import Agent
from lease.clock import SystemClock
from lease.dynamo import DynamoTable, dynamo_client
from lease.health import served
from lease.kubernetes_cluster import KubernetesCluster
from lease.log_lines import LOG, start_logging
from lease.metrics import Metrics
from lease.postgres import Postgres
from lease.rounds import Rounds
from lease.settings import Settings, SettingsError, settings
from lease.threads import ThreadedTable, ThreadedWriters
from lease.writers import Writers

WRONG_SETTINGS = 2


def main() -> int:
    """Exit status."""
    start_logging()
    try:
        chosen = settings(os.environ)
    except SettingsError as error:
        for line in str(error).splitlines():
            LOG.error(line)
        return WRONG_SETTINGS
    asyncio.run(_run(chosen))
    return 0


async def _run(chosen: Settings) -> None:
    """SIGTERM ends the agent and not the lease: the region's other agent, or the next one, goes
    on with it, and if none does, the guard closes the database."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    clock, metrics = SystemClock(), Metrics()
    with closing(Postgres("", chosen.budget.request_timeout)) as database:
        agent = Agent(
            chosen.region, chosen.budget, clock, _table(chosen), database, _writers(chosen)
        )
        rounds = Rounds(agent, clock, metrics, chosen.budget)
        problems = {"/livez": rounds.stuck, "/readyz": rounds.unready}
        with served(chosen.port, metrics.registry, problems) as port:
            LOG.info("started", extra={"fields": {"region": chosen.region, "port": port}})
            await rounds.until(stopped)
    LOG.info("stopped")


def _table(chosen: Settings) -> ThreadedTable:
    timeout = chosen.budget.request_timeout
    dynamo = dynamo_client(chosen.region, timeout)
    return ThreadedTable(DynamoTable(dynamo, chosen.table, chosen.platform), timeout)


def _writers(chosen: Settings) -> ThreadedWriters:
    if chosen.writers:
        config.load_config()  # pyright: ignore[reportUnknownMemberType]
    api = client.ApiClient()
    timeout = chosen.budget.request_timeout
    writers = Writers(KubernetesCluster(api, chosen.memory, timeout), chosen.writers)
    return ThreadedWriters(writers, timeout)


if __name__ == "__main__":
    sys.exit(main())

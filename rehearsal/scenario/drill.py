"""A lost region and what is around the account meanwhile: clock, names, balancers, clusters."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.site.cluster import ClusterApi
from rehearsal.site.control import Control
from rehearsal.site.front import Front
from rehearsal.site.jobs import Jobs
from rehearsal.site.names import Names
from rehearsal.site.server import Site, serving

if TYPE_CHECKING:
    from rehearsal.scenario.world import World

SITE = "MLOPS_REHEARSED_SITE"
"""Tells a runbook that it is rehearsed, and where its outside is."""
CALLER = "AWS_SDK_UA_APP_ID"
"""Tells AWS, and so the simulated cloud's record, who calls."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a command of an operator did."""

    code: int
    text: str
    wall_seconds: float
    waited_seconds: float
    """By which it moved the clock ahead instead of waiting."""


@dataclass(kw_only=True)
class Drill:
    """One loss of `region`, the home of `primary`, whose place `standby` takes."""

    primary: str
    standby: str
    region: str
    refuge: str
    """Region of the standby."""
    platform: str
    site: Site
    lost_at: float
    """Seconds since 1970, by the simulated clock."""
    mark: int = 0
    """Number of the last call before the loss."""
    journal: Path = field(default_factory=Path)

    @property
    def control(self) -> Control:
        """The cloud's clock and faults."""
        return self.site.control

    def fence(self, client: Any) -> Mapping[str, Any]:
        """The fence's record: holder, epoch and the ends of leases; empty where there is none."""
        key = {"platform": {"S": self.platform}}
        found = client.get_item(TableName=f"{self.platform}-fence", Key=key, ConsistentRead=True)
        return found.get("Item") or {}


def around(world: World, primary: str, standby: str) -> Drill:
    """What is around the stacks of `world`; nothing is lost yet."""
    control, client = Control(world.cloud.endpoint), world.account.client
    objects = Objects(world.workspace.objects)
    clusters = ClusterApi(client, objects, control.now)
    jobs = Jobs(client, objects, control.now, control.outages)
    platform = str(world.settings(primary)["prefix"])
    front = Front(client, clusters, control.lost, platform)
    return Drill(
        primary=primary,
        standby=standby,
        region=world.regions[primary][0],
        refuge=world.regions[standby][0],
        platform=platform,
        site=Site(control, Names(client, control.now), clusters, front, jobs),
        lost_at=control.now(),
        mark=world.last_call(),
        journal=world.workspace.root / f"failover-{standby}.jsonl",
    )


def operated(world: World, drill: Drill, command: Sequence[str]) -> Told:
    """`mlops` with this command, by the operator of the standby."""
    from rehearsal.scenario.world import project_root

    began, lead = time.monotonic(), drill.control.now() - time.time()
    with serving(drill.site) as url:
        stack = world.stacks[drill.standby]
        named = f"mlops-{command[0]}"
        done = subprocess.run(
            [sys.executable, "-m", "ops.main", *command, "--project", str(stack.project)],
            cwd=project_root(), env={**stack.surroundings(), SITE: url, CALLER: named},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    text = done.stdout + done.stderr
    (world.workspace.logs / f"{named}-{time.time():.0f}.txt").write_text(text)
    return Told(
        code=done.returncode,
        text=text,
        wall_seconds=time.monotonic() - began,
        waited_seconds=drill.control.now() - time.time() - lead,
    )


def journalled(drill: Drill) -> list[dict[str, Any]]:
    """The lines of the failover's journal."""
    lines = drill.journal.read_text().splitlines() if drill.journal.exists() else []
    return [json.loads(line) for line in lines]

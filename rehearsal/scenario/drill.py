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

from rehearsal.engine.workspace import Settings
from rehearsal.leftovers.inventory import Item
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.site.agents import Side
from rehearsal.site.control import Control
from rehearsal.site.server import Site, serving, surrounding

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
    sides: Sequence[Side] = ()
    """Of the primary, and of its standby."""
    items: frozenset[Item] = frozenset()
    """What the account held while all was well."""
    states: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The stacks' states then."""
    journal: Path = field(default_factory=Path)
    """Of the failover."""
    return_journal: Path = field(default_factory=Path)
    """Of the failback."""

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
    control = Control(world.cloud.endpoint)
    platform = str(world.settings(primary)["prefix"])
    sides = [_side(world.settings(stack)) for stack in (primary, standby)]
    objects = Objects(world.workspace.objects)
    return Drill(
        primary=primary,
        standby=standby,
        region=world.regions[primary][0],
        refuge=world.regions[standby][0],
        platform=platform,
        site=surrounding(world.account.client, control, objects, platform, sides),
        lost_at=control.now(),
        sides=sides,
        states=dict(world.states),
        journal=world.workspace.root / f"failover-{standby}.jsonl",
        return_journal=world.workspace.root / f"failback-{standby}.jsonl",
    )


def _side(settings: Settings) -> Side:
    prefix, generation = settings["prefix"], settings["data_generation"]
    return Side(
        region=settings["region"],
        database=f"{prefix}-mlflow-g{generation}",
        artifacts=f"{prefix}-artifacts-{settings['account_id']}-g{generation}",
    )


def known(world: World, primary: str, standby: str) -> Drill:
    """The surroundings of the two, made when they are first asked for."""
    drill = world.drill
    if drill is None or (drill.primary, drill.standby) != (primary, standby):
        world.drill = drill = around(world, primary, standby)
    return drill


def lost(world: World) -> Drill:
    """The loss of a region that an earlier step began."""
    if world.drill is None:
        raise ValueError("expected a step that loses a region before")
    return world.drill


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


def journalled(journal: Path) -> list[dict[str, Any]]:
    """The lines of a runbook's journal."""
    lines = journal.read_text().splitlines() if journal.exists() else []
    return [json.loads(line) for line in lines]


def step_seconds(lines: Sequence[Mapping[str, Any]], step: str) -> float:
    """From a step's beginning to its end; 0 for one that held already."""
    at = {line["event"]: float(line["at"]) for line in lines if line["step"] == step}
    return at["done"] - at["step"] if {"done", "step"} <= at.keys() else 0.0

"""Everything that the steps of one rehearsal act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.pulumi import Stack, Watcher, nobody
from rehearsal.engine.running_plugins import Plugins
from rehearsal.engine.workspace import SETTINGS_KEY, Workspace
from rehearsal.leftovers.inventory import Item
from rehearsal.scenario.account import Account
from rehearsal.scenario.drill import Drill
from rehearsal.scenario.landing_zone import prepare


@dataclass
class World:
    """A workspace, a simulated account and the stacks that are rehearsed in them."""

    workspace: Workspace
    cloud: CloudProcess
    account: Account
    stacks: Mapping[str, Stack]
    regions: Mapping[str, Sequence[str]]
    """Regions by stack, as the stack files say: one, or the two that a link spans."""
    reached: Sequence[str]
    """The same regions and those of peers, in which a primary keeps copies."""
    watch: Watcher = nobody
    before: dict[str, frozenset[Item]] = field(default_factory=dict[str, frozenset[Item]])
    """What the account held before each stack was deployed."""
    added: dict[str, frozenset[Item]] = field(default_factory=dict[str, frozenset[Item]])
    """What each stack's later edits brought into the account."""
    created: dict[str, int] = field(default_factory=dict[str, int])
    """Resources that a stack's preview announced to create."""
    states: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """State that each stack's latest change left, as `pulumi stack export` gives it."""

    drill: Drill | None = None
    """What is around the account while a region is lost and since; None before."""

    def items(self) -> frozenset[Item]:
        """What the account holds now, in every region that the stacks reach."""
        return self.account.items(self.reached)

    def settings(self, stack: str) -> dict[str, Any]:
        """The settings of a stack, as they were edited last."""
        return settings_of(self.workspace, stack)

    def last_call(self) -> int:
        """Number of the latest recorded call."""
        calls = self.account.calls()
        return calls[-1].number if calls else 0


def settings_of(workspace: Workspace, stack: str) -> dict[str, Any]:
    """The settings in the workspace's copy of a stack file."""
    document = yaml.safe_load(workspace.stack_file(stack).read_text())
    return document["config"][SETTINGS_KEY]


def open_world(
    workspace: Workspace,
    cloud: CloudProcess,
    names: Sequence[str],
    parallel: int,
    watch: Watcher,
    plugins: Plugins | None = None,
) -> World:
    """A world with the named stacks, each made in the workspace's backend.

    Without `plugins` every command starts its own.
    """
    environment = workspace.environment(cloud.endpoint)
    stacks = {
        name: Stack(
            name, workspace.project, workspace.logs, environment, parallel, (cloud.pid,),
            workspace.policy_pack,
        )
        for name in names
    }  # fmt: skip
    if plugins:
        for stack in stacks.values():
            stack.attach(plugins.attachment, plugins.pids)
    settings = {name: settings_of(workspace, name) for name in names}
    account = Account(cloud.endpoint, settings[names[0]]["account_id"])
    regions = {name: _regions(one) for name, one in settings.items()}
    world = World(workspace, cloud, account, stacks, regions, _reached(settings.values()), watch)
    for stack in stacks.values():
        stack.create()
    prepare(account, settings.values())
    return world


def _regions(settings: Mapping[str, Any]) -> Sequence[str]:
    if settings["role"] == "link":
        return [settings[end]["region"] for end in ("primary", "standby")]
    return [settings["region"]]


def _reached(settings: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    own = {region for one in settings for region in _regions(one)}
    return sorted(own | {one["peer"]["region"] for one in settings if one.get("peer")})


def project_root() -> Path:
    """The project that this package stands in."""
    return Path(__file__).resolve().parents[2]

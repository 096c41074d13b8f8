"""Plugins run for as long as a rehearsal, and its commands attach to them."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from rehearsal.engine import running_plugins, workspace
from rehearsal.engine.process import trees
from rehearsal.engine.running_plugins import PluginDidNotStart
from rehearsal.engine.workspace import Workspace

pytestmark = pytest.mark.rehearsal


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "project").mkdir()
    return workspace.create(tmp_path / "workspace", tmp_path / "project")


def _environment(space: Workspace) -> dict[str, str]:
    there = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    return {**os.environ, **there, "MLOPS_REHEARSAL_OBJECTS": str(space.objects)}


def test_each_command_gets_the_same_providers_and_a_fresh_language_host(space: Workspace) -> None:
    with running_plugins.running(space, _environment(space)) as plugins:
        first, second = plugins.attachment(), plugins.attachment()
        hosts = trees([plugins.hosts.pid])
    assert first["PULUMI_DEBUG_PROVIDERS"] == second["PULUMI_DEBUG_PROVIDERS"]
    assert first["PULUMI_DEBUG_LANGUAGES"] != second["PULUMI_DEBUG_LANGUAGES"]
    # The process that forks them, the second host, and a pack that waits for its command.
    assert len(hosts) == 3, "the host of the first command has ended"


def test_none_is_left_behind_even_after_an_error(space: Workspace) -> None:
    processes: list[psutil.Process] = []

    def fail() -> None:
        with running_plugins.running(space, _environment(space)) as plugins:
            plugins.attachment()
            processes.extend(trees(plugins.pids))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    # Beside the plugins the process that forks hosts, a host, and a pack that waits.
    assert len(processes) == len(workspace.PLUGINS) + 3
    assert [one for one in processes if one.is_running()] == []


def test_a_plugin_that_does_not_start_is_told_with_its_log(space: Workspace) -> None:
    environment = _environment(space)
    del environment["MLOPS_REHEARSAL_OBJECTS"]
    running = running_plugins.running(space, environment)
    with pytest.raises(PluginDidNotStart, match="MLOPS_REHEARSAL_OBJECTS"), running:
        pass

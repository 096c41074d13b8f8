"""A region that is lost while something is done in it: the standby takes over all the same, and
once the region is back what was begun is told and finished, without opening what stays closed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from rehearsal.engine import cloud_process, running_plugins, workspace
from rehearsal.engine.pulumi import Outcome, nobody
from rehearsal.scenario import lost_region
from rehearsal.scenario.drill import Drill, Told, around, operated
from rehearsal.scenario.lifecycle import grow_compute_and_retention, new_compute_generation
from rehearsal.scenario.verdict import Verdict
from rehearsal.scenario.world import World, open_world, project_root

pytestmark = [pytest.mark.rehearsal, pytest.mark.nightly, pytest.mark.timeout(2400)]

PRIMARY, STANDBY = "production", "dr"
AWAY_SECONDS = 4 * 3600.0
"""For which the region is away: longer than the deadline of a dump."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Both regions, deployed."""
    space = workspace.create(tmp_path / "workspace", project_root())
    cloud = cloud_process.start(tmp_path)
    with ExitStack() as ends:
        ends.callback(cloud.stop)
        environment = space.environment(cloud.endpoint)
        plugins = ends.enter_context(running_plugins.running(space, environment))
        made = open_world(space, cloud, (PRIMARY, STANDBY), 64, nobody, plugins)
        for stack in made.stacks.values():
            outcome = stack.up(judged=False)
            assert outcome.succeeded, outcome.output
        yield made


@pytest.mark.parametrize("interrupted", [False, True], ids=["left alone", "interrupted"])
def test_a_region_lost_in_the_middle_of_its_deployment(world: World, interrupted: bool) -> None:
    """Whether its operator lets the engine try on or stops it."""
    broken = _deployment_that_loses_its_region(world, interrupted=interrupted)
    print(f"the deployment gave up after {broken.wall_seconds:.0f} s")
    assert not broken.succeeded
    _taken_over(world)
    drill = _returned(world)
    settled = operated(world, drill, ["recover", "--stack", PRIMARY, "--apply"])
    assert settled.code == 0, settled.text
    finished = world.stacks[PRIMARY].up(judged=False)
    assert finished.succeeded, finished.output
    assert finished.changed
    _passed(lost_region.stay_closed(world, PRIMARY))


def _deployment_that_loses_its_region(world: World, *, interrupted: bool) -> Outcome:
    """An `up` of the primary with changes, and the loss as soon as it made the first of them."""
    world.workspace.edit(PRIMARY, grow_compute_and_retention)
    world.workspace.edit(PRIMARY, new_compute_generation)
    mark, done = world.last_call(), list[Outcome]()

    def deploy() -> None:
        done.append(world.stacks[PRIMARY].up(judged=False))

    with _meanwhile(deploy, lambda: any(call.writes for call in world.account.calls(mark))):
        _passed(lost_region.lose(STANDBY)(world, PRIMARY))
        if interrupted:
            _interrupt_the_engine()
    return done[0]


@pytest.mark.parametrize("under_way", ["snapshot", "dump"])
def test_a_region_lost_in_the_middle_of_a_backup(world: World, under_way: str) -> None:
    before = around(world, PRIMARY, STANDBY)
    before.control.advance(0)  # from now on what takes long takes its time
    broken = _backup_that_loses_its_region(world, before, under_way)
    assert broken.code == 1, broken.text
    _taken_over(world)
    elsewhere = _drill(world)
    assert "no dump" in _verified(world, elsewhere, STANDBY, 1)
    _backed_up(world, elsewhere, STANDBY, "elsewhere")
    assert "fresh and whole" in _verified(world, elsewhere, STANDBY, 0)
    drill = _returned(world)
    said = _verified(world, drill, PRIMARY, 1)
    assert {"snapshot": "failed, so this is no backup", "dump": "no dump"}[under_way] in said
    again = operated(world, drill, _backup("begun", PRIMARY))
    assert again.code == 1, again.text
    assert "it failed, so this is no backup" in again.text
    _backed_up(world, drill, PRIMARY, "next")
    assert "fresh and whole" in _verified(world, drill, PRIMARY, 0)
    rds = world.account.client("rds", drill.region)
    snapshots = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert {each["Status"] for each in snapshots} == {"available"}


def _backup_that_loses_its_region(world: World, before: Drill, under_way: str) -> Told:
    done = list[Told]()
    jobs = before.site.jobs

    def back_up() -> None:
        done.append(operated(world, before, _backup("begun", PRIMARY)))

    def begun() -> bool:
        if under_way == "dump":
            return bool(jobs.running(before.region))
        rds = world.account.client("rds", before.region)
        return bool(rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"])

    with _meanwhile(back_up, begun):
        _passed(lost_region.lose(STANDBY)(world, PRIMARY))
        drill = _drill(world)
        drill.site = replace(drill.site, jobs=jobs)
    return done[0]


def _backup(name: str, stack: str) -> list[str]:
    return ["backup", "now", "--stack", stack, "--name", name, "--apply"]


def _backed_up(world: World, drill: Drill, stack: str, name: str) -> None:
    told = operated(world, drill, _backup(name, stack))
    assert told.code == 0, told.text


def _verified(world: World, drill: Drill, stack: str, code: int) -> str:
    """What `mlops verify-backups` says; it must end with `code`."""
    told = operated(world, drill, ["verify-backups", "--stack", stack])
    assert told.code == code, told.text
    return told.text


@contextmanager
def _meanwhile(work: Callable[[], None], begun: Callable[[], bool]) -> Generator[None]:
    """Go on as soon as the work has `begun`, and afterwards wait for its end."""
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive() and not begun():
        time.sleep(0.05)
    assert thread.is_alive(), "it ended before it was seen to begin"
    yield
    thread.join()


def _interrupt_the_engine() -> None:
    """As Ctrl-C does."""
    for one in psutil.Process().children():
        if Path(one.cmdline()[0]).name == "pulumi":
            one.send_signal(signal.SIGINT)


def _taken_over(world: World) -> None:
    _passed(lost_region.fail_over(world, STANDBY))
    _passed(lost_region.declared(world, STANDBY))


def _returned(world: World) -> Drill:
    """The region is back, after hours."""
    drill = _drill(world)
    drill.control.advance(AWAY_SECONDS)
    _passed(lost_region.come_back(world, PRIMARY))
    return drill


def _drill(world: World) -> Drill:
    assert world.drill is not None
    return world.drill


def _passed(verdict: Verdict) -> None:
    failed = [f"{check.name}: {check.detail}" for check in verdict.checks if not check.passed]
    assert verdict.checks
    assert failed == []

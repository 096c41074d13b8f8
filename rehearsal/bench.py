"""`make bench`: the figures that this project is held to, measured anew and put beside their
targets. Prints a table and writes `bench.json`; a missed target is told, never hidden."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rehearsal.engine import cloud_process, running_plugins, workspace
from rehearsal.engine.pulumi import Outcome, nobody
from rehearsal.engine.workspace import Settings
from rehearsal.pack_bench import measured
from rehearsal.pack_mutants import recorded
from rehearsal.scenario.lifecycle import bring_up
from rehearsal.scenario.steps import Step, deploy
from rehearsal.scenario.world import World, open_world, project_root
from rehearsal.timeline import SLOW, TYPICAL, Graph, simulate
from rehearsal.timeline.engine import resources, steps
from rehearsal.timeline.graph import from_engine

STACK = "production"
STANDBY = "dr"
PARALLEL = 64
MULTIPLE = 10


@dataclass(frozen=True)
class Figure:
    """One measured value beside its target; lower is better for every one of them."""

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        return self.target is None or self.value <= self.target


def measure(root: Path) -> list[Figure]:
    """All figures, in the order of the table. Each rehearsal gets an account of its own."""
    base = _rehearsed(root / "base", lambda _: None, STANDBY)
    large = _rehearsed(root / "large", ten_times_the_pools_and_buckets)
    return [
        *_engine(base),
        *_simulated(base),
        _scaling(base, large),
        _refusal(root),
        *_policies(base),
        _mutants(),
        *_recovery(),
    ]


@dataclass(frozen=True)
class _Run:
    preview: Outcome
    up: Outcome
    again: Outcome
    graph: Graph
    seconds: float
    """Wall time of the four steps, each with the checks that it is judged by."""
    state: Mapping[str, Any]
    others: Mapping[str, Graph]
    """Of the stacks that were deployed after it, in the same account."""


def _rehearsed(root: Path, change: Callable[[Settings], None], *others: str) -> _Run:
    root.mkdir()
    space = workspace.create(root, project_root())
    space.edit(STACK, change)
    cloud = cloud_process.start(root)
    try:
        with running_plugins.running(space, space.environment(cloud.endpoint)) as plugins:
            world = open_world(space, cloud, [STACK, *others], PARALLEL, nobody, plugins)
            return _run(world, others)
    finally:
        cloud.stop()


def _run(world: World, others: Sequence[str]) -> _Run:
    started = time.monotonic()
    preview, up, again, _ = (_good(step, world) for step in bring_up(STACK))
    seconds = time.monotonic() - started
    state = world.states[STACK]
    graph = _graph(state, up)
    deployed = {name: _good(Step(name, "up", deploy), world) for name in others}
    graphs = {name: _graph(world.states[name], outcome) for name, outcome in deployed.items()}
    return _Run(preview, up, again, graph, seconds, state, graphs)


def _graph(state: Mapping[str, Any], up: Outcome) -> Graph:
    with up.log.open() as lines:
        return from_engine(resources(state), steps(lines))


def _good(step: Step, world: World) -> Outcome:
    verdict = step.take(world)
    if verdict.outcome is None or not verdict.passed:
        wrong = "\n".join(f"{one.name}: {one.detail}" for one in verdict.checks if not one.passed)
        raise SystemExit(f"{step.title} failed:\n{wrong}")
    return verdict.outcome


def _engine(run: _Run) -> list[Figure]:
    peak = max(one.peak_mib for one in (run.preview, run.up, run.again))
    made = run.up.changed.get("create", 0)
    return [
        Figure("up of production", run.up.wall_seconds, "s", note=f"{made} resources"),
        Figure("preview", run.preview.wall_seconds, "s", 20),
        Figure("second up", run.again.wall_seconds, "s"),
        Figure("preview, up, second up and refresh, judged", run.seconds, "s", 60),
        Figure("memory of all processes together", peak, "MiB", 1536),
    ]


def _simulated(run: _Run) -> list[Figure]:
    typical = simulate(run.graph, PARALLEL, TYPICAL)
    slow = simulate(run.graph, PARALLEL, SLOW)
    ends = " → ".join(one.operation.name for one in typical.critical_path[-3:])
    ratio = typical.makespan / typical.critical_seconds
    return [
        Figure("simulated makespan, typical", typical.makespan, "s", 1320),
        Figure("simulated makespan, slow", slow.makespan, "s"),
        Figure("critical path, typical", typical.critical_seconds, "s", note=f"… {ends}"),
        Figure("makespan / critical path", ratio, "x", 1.1),
        *_others_simulated(run),
    ]


def _others_simulated(run: _Run) -> Iterator[Figure]:
    for stack, graph in run.others.items():
        name = f"first deployment of {stack}, simulated"
        for kind, times in (("typical", TYPICAL), ("slow", SLOW)):
            yield Figure(f"{name}, {kind}", simulate(graph, PARALLEL, times).makespan, "s")


def _policies(run: _Run) -> list[Figure]:
    pack = measured(project_root() / "policies", STACK, run.state)
    told = f"{pack.resources} resources, one after the other"
    return [
        Figure("policies: added to a preview, at most", pack.preview_seconds, "s", 5, told),
        Figure("policies: start", pack.start_seconds, "s", 1.5),
        Figure("policies: a resource, repaired and judged", pack.resource_ms, "ms", 5),
        Figure("policies: the largest release", pack.release_ms, "ms", 100),
        Figure("policies: the whole stack", pack.stack_seconds, "s"),
        Figure("policies: memory", pack.memory_mib, "MiB", 150),
    ]


def _recovery() -> list[Figure]:
    """What a failover would take and lose, against the targets of the standby's stack file."""
    command = [sys.executable, "-m", "ops.main", "recovery-figures", "--stack", STANDBY, "--json"]
    done = subprocess.run(
        command, cwd=project_root(), check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}")
    return [
        Figure(f"failover: {row['name']}", row["minutes"], "min", row["target"], row["key"])
        for row in json.loads(done.stdout)
    ]


def _mutants() -> Figure:
    found = recorded(project_root())
    name = "policies: mutants that no test notices"
    return Figure(name, found.missed_percent, "%", 10, found.told)


def _scaling(base: _Run, large: _Run) -> Figure:
    ratio = large.up.wall_seconds / base.up.wall_seconds
    made = large.up.changed.get("create", 0)
    name = f"up with {MULTIPLE} times the node pools and buckets"
    return Figure(name, ratio, "x", 12, f"{made} resources, {large.up.wall_seconds:.1f} s")


def ten_times_the_pools_and_buckets(settings: Settings) -> None:
    """Nine more of every node pool, and nine more buckets for each that there is."""
    groups = settings["cluster"]["node_groups"]
    for name, group in list(groups.items()):
        groups |= {f"{name}-{n}": copy.deepcopy(group) for n in range(2, MULTIPLE + 1)}
    purposes = ("models", "artifacts", "features", "backups", "logs", "access")
    extra = [f"{purpose}{n}" for purpose in purposes for n in range(2, MULTIPLE + 1)]
    settings["buckets"]["extra"] = [*settings["buckets"].get("extra", ()), *extra]


def _refusal(root: Path) -> Figure:
    """Time until a stack file with a wrong key is refused, interpreter start included."""
    document = root / "bad.json"
    document.write_text(json.dumps({"environment": 1}))
    program = (
        "import pathlib, sys; from infra.settings import SettingsError, parse\n"
        "try: parse('production', pathlib.Path(sys.argv[1]).read_text())\n"
        "except SettingsError: sys.exit(3)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, str(document)], cwd=project_root(), check=False
    )
    seconds = time.monotonic() - started
    if done.returncode != 3:
        raise SystemExit("a bad stack file was not refused")
    return Figure("a bad stack file is refused", seconds, "s", 2)


def table(figures: Sequence[Figure]) -> Table:
    """Figures beside their targets."""
    made = Table("figure", "measured", "target", "", "note", title="Figures")
    for one in figures:
        target = "" if one.target is None else f"≤ {one.target:g} {one.unit}"
        verdict = "" if one.target is None else ("met" if one.met else "MISSED")
        made.add_row(one.name, f"{one.value:.2f} {one.unit}", target, verdict, one.note)
    return made


def main(
    output: Annotated[Path, typer.Option(help="JSON file to write")] = Path("bench.json"),
) -> None:
    """Measure, print the table, write the JSON."""
    console = Console()
    told = "rehearsing production twice, once ten times as large, and dr once"
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as folder, console.status(told):
        figures = measure(Path(folder))
    console.print(table(figures))
    rows = [asdict(one) | {"met": one.met} for one in figures]
    part = output.with_suffix(".part")
    part.write_text(json.dumps({"cores": os.cpu_count(), "figures": rows}, indent=2) + "\n")
    part.replace(output)


if __name__ == "__main__":
    typer.run(main)

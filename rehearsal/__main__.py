"""`mlops rehearse`: the real engine builds the committed stacks on a simulated cloud."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from rehearsal.engine import cloud_process, running_plugins, workspace
from rehearsal.engine.cloud_process import CloudDidNotStart, CloudProcess
from rehearsal.engine.pulumi import EngineFailed
from rehearsal.engine.running_plugins import PluginDidNotStart
from rehearsal.engine.tools import MissingTool
from rehearsal.engine.workspace import CREDENTIALS, Workspace
from rehearsal.progress import Ticker
from rehearsal.report import Report, show, write, write_states
from rehearsal.scenario.lifecycle import come_up, lifecycle, lose_region
from rehearsal.scenario.lineup import Lineup, UnknownStack, committed, lined_up
from rehearsal.scenario.record import recorded
from rehearsal.scenario.steps import Step
from rehearsal.scenario.verdict import Verdict
from rehearsal.scenario.world import World, open_world, project_root

STACKS = ("production", "dr", "link")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def rehearse(
    stack: Annotated[
        list[str] | None, typer.Option(help="stack to rehearse; may be given again")
    ] = None,
    whole: Annotated[
        bool, typer.Option(help="also change, tear down and build anew, not only bring up")
    ] = True,
    lose_primary: Annotated[
        bool, typer.Option("--lose-primary", help="with --no-whole: also lose the primary's region")
    ] = False,
    keep: Annotated[
        bool, typer.Option(help="leave the simulated account up and print its endpoint")
    ] = False,
    output: Annotated[
        Path, typer.Option(help="folder for rehearsal.json and rehearsal.html")
    ] = Path(),
    states: Annotated[
        Path | None,
        typer.Option(help="folder for the state that each stack's last change left, <stack>.json"),
    ] = None,
    parallel: Annotated[
        int, typer.Option(min=1, max=512, help="operations that the engine runs at once")
    ] = 64,
) -> None:
    """Deploy, deploy again, refresh, change, tear down and rebuild, with no AWS account."""
    console = Console()
    # SIGINT too: whoever starts this in the background of a script has it ignored.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _interrupted)
    try:
        stacks = lined_up(stack or STACKS, committed(project_root()))
        _tell_what_is_implied(console, stacks)
        folders = _Folders(output, states)
        steps = lifecycle(stacks) if whole and not keep else come_up(stacks)
        if lose_primary and not (whole and not keep):
            steps += lose_region(stacks)
        passed = _rehearse(console, stacks, steps, keep, folders, parallel)
    except (
        CloudDidNotStart,
        PluginDidNotStart,
        EngineFailed,
        MissingTool,
        UnknownStack,
    ) as error:
        console.print(Text.assemble(("error", "red"), f": {error}"), highlight=False)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        console.print("interrupted: nothing is left running and no report was written")
        raise SystemExit(130) from None
    raise SystemExit(0 if passed else 1)


@dataclass(frozen=True)
class _Folders:
    """Folders for what is written."""

    report: Path
    states: Path | None


def _rehearse(
    console: Console,
    stacks: Lineup,
    steps: Sequence[Step],
    keep: bool,
    folders: _Folders,
    parallel: int,
) -> bool:
    started = datetime.now(UTC)
    with _workspace(keep) as space:
        cloud = cloud_process.start(space.root, keep=keep)
        kept = False
        try:
            with (
                running_plugins.running(space, space.environment(cloud.endpoint)) as plugins,
                Ticker(console, len(steps)) as ticker,
            ):
                world = open_world(space, cloud, stacks.stacks, parallel, ticker.watch, plugins)
                verdicts = _played(console, world, steps, ticker)
            report = recorded(verdicts, world, parallel, started)
            if folders.states:
                write_states(world.states, folders.states)
            kept = keep
        finally:
            if not kept:
                cloud.stop()
    _present(console, report, folders.report)
    if kept:
        _tell_how_to_look(console, cloud, space)
    return not report.failures


def _played(console: Console, world: World, steps: Sequence[Step], ticker: Ticker) -> list[Verdict]:
    """Take the steps until one fails: what follows would only repeat its failure."""
    verdicts: list[Verdict] = []
    for step in steps:
        verdicts.append(_taken(step, world, ticker))
        if not verdicts[-1].passed:
            _keep_logs(console, world.workspace)
            break
    return verdicts


def _present(console: Console, report: Report, output: Path) -> None:
    show(report, console)
    written = write(report, output)
    console.print(Text(f"\nwrote {written.json} and {written.html}"), highlight=False)


def _taken(step: Step, world: World, ticker: Ticker) -> Verdict:
    ticker.begin(step)
    verdict = step.take(world)
    ticker.end(verdict)
    return verdict


@contextmanager
def _workspace(keep: bool) -> Generator[Workspace]:
    """A workspace that goes away afterwards, unless the account in it is to be kept."""
    root = Path(tempfile.mkdtemp(prefix="mlops-rehearsal-"))
    done = False
    try:
        yield workspace.create(root, project_root())
        done = True
    finally:
        if not (keep and done):
            shutil.rmtree(root, ignore_errors=True)


def _keep_logs(console: Console, space: Workspace) -> None:
    target = Path(tempfile.mkdtemp(prefix="mlops-rehearsal-logs-"))
    shutil.copytree(space.logs, target, dirs_exist_ok=True)
    shutil.copy(space.root / "cloud.log", target)
    console.print(Text(f"the engine's and the simulated cloud's logs are in {target}"))


def _tell_how_to_look(console: Console, cloud: CloudProcess, space: Workspace) -> None:
    settings = " ".join(f"{key}={value}" for key, value in CREDENTIALS.items())
    console.print(
        f"\nThe simulated account is up at {cloud.endpoint}; look around, for example:\n"
        f"  export {settings} AWS_DEFAULT_REGION=us-east-1\n"
        f"  aws --endpoint-url {cloud.endpoint} eks list-clusters\n"
        f"End it with: kill {cloud.pid} && rm -r {space.root}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


def _tell_what_is_implied(console: Console, stacks: Lineup) -> None:
    for source, reader in stacks.implied.items():
        told = f"{reader} reads the outputs of {source}: {source} is brought up before it"
        console.print(Text(told))


def _interrupted(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    app(prog_name="mlops rehearse")

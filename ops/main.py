"""The `mlops` command: what operators and newcomers type."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from ops.parity.command import parity as compare_regions
from infra.outputs import OutputsError
from infra.settings import SettingsError
from ops.errors import RunbookError
from ops.failover import command as failover_command
from ops.failover.target import Consent
from ops.run import Options

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Rehearse and operate the MLOps platform.",
)

PASSED_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of a command that hands every argument to another program."""


@app.callback()
def commands() -> None:
    """Keeps `mlops` a group of commands, however few it has."""


@app.command(add_help_option=False, context_settings=PASSED_ON)
def rehearse(context: typer.Context) -> None:
    """Build the committed stacks on a simulated cloud, with the real engine and no account."""
    _become(rehearsal_command(context.args))


@app.command(add_help_option=False, context_settings=PASSED_ON)
def images(context: typer.Context) -> None:
    """List every image that a stack runs, for a mirror; with --write, lock their digests."""
    _become(images_command(context.args))


@app.command(add_help_option=False, context_settings=PASSED_ON)
def policy(context: typer.Context) -> None:
    """Judge a state or manifests by the policy pack; list and explain its rules."""
    _become(policy_command(context.args))


app.command(name="parity")(compare_regions)
Stack = Annotated[str, typer.Option(help="The stack to work on.")]
Apply = Annotated[bool, typer.Option("--apply", help="Carry it out; without, only plan.")]
Confirm = Annotated[
    list[str],
    typer.Option(help="Name of what cannot be undone, in place of typing it. Repeatable."),
]
Journal = Annotated[
    Path | None, typer.Option(help="The journal; by default .mlops/journals/<runbook>-<stack>.")
]
Project = Annotated[Path, typer.Option(help="Folder of the stack files.")]
Saved = Annotated[
    Path | None,
    typer.Option(help="Outputs as `pulumi stack output --json` wrote them, not the state's."),
]


@app.command()
def failover(
    stack: Stack = "dr",
    apply: Apply = False,
    confirm: Confirm = [],  # noqa: B006 - typer's way to say none
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Lose more than recovery.rpo_minutes of writes.")
    ] = False,
    lost: Annotated[
        bool, typer.Option("--lost", help="The region is lost, whatever the signals say.")
    ] = False,
    without: Annotated[
        list[str], typer.Option(help="A model that is not waited for. Repeatable.")
    ] = [],  # noqa: B006
    primary: Annotated[
        str | None, typer.Option(help="The stack that is lost, if not the one of source_stack.")
    ] = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = Path(),
) -> None:
    """Make the standby region the primary. Plans, unless told to --apply; resumes by itself."""
    asked = failover_command.Asked(
        stack=stack,
        primary=primary,
        outputs=outputs,
        without=tuple(without),
        consent=Consent(loss=accept_loss, lost=lost),
    )
    options = _options(project, apply=apply, confirm=confirm, journal=journal)
    _ends(lambda: failover_command.run(asked, options))


def _options(project: Path, *, apply: bool, confirm: list[str], journal: Path | None) -> Options:
    return Options(
        project=project,
        apply=apply,
        confirmed=tuple(confirm),
        journal=journal,
        ask=_typed if sys.stdin.isatty() else None,
    )


def _typed(name: str) -> str:
    return str(typer.prompt(f"This cannot be undone. Type {name} to go on", default=""))


def _ends(run: Callable[[], int]) -> NoReturn:
    """Exit with what `run` answers; what it raises is told without a traceback."""
    try:
        raise typer.Exit(run())
    except (RunbookError, SettingsError, OutputsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def policy_command(arguments: list[str]) -> list[str]:
    """The command line of the policy pack, which knows nothing of the rest."""
    return [sys.executable, "-m", "policies.command", *arguments]


def images_command(arguments: list[str]) -> list[str]:
    """The command line that lists images; it makes the program's plans, so it is a part of it."""
    return [sys.executable, "-m", "infra.images", *arguments]


def rehearsal_command(arguments: list[str]) -> list[str]:
    """The command line that rehearses; it alone knows its options, `--help` included."""
    return [sys.executable, "-m", "rehearsal", *arguments]


def _become(command: list[str]) -> NoReturn:
    """The program takes this process over, so that Ctrl-C and a kill reach it and nothing else."""
    os.execv(command[0], command)  # noqa: S606 - an argument list, no shell


if __name__ == "__main__":
    app()

"""The `mlops` command: what operators and newcomers type."""

import os
import sys
from typing import Any, NoReturn

import typer

from ops.commands import register
from ops.parity.command import parity as compare_regions

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
register(app)


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

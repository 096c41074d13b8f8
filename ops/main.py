"""The `mlops` command: what operators and newcomers type."""

import os
import sys

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Rehearse and operate the MLOps platform.",
)


@app.callback()
def commands() -> None:
    """Keeps `mlops` a group of commands, however few it has."""


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def rehearse(context: typer.Context) -> None:
    """Build the committed stacks on a simulated cloud, with the real engine and no account."""
    command = rehearsal_command(context.args)
    # The rehearsal takes this process over, so that Ctrl-C and a kill reach it and nothing else.
    os.execv(command[0], command)  # noqa: S606 - an argument list, no shell


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def images(context: typer.Context) -> None:
    """List every image that a stack runs, for a mirror; with --write, lock their digests."""
    command = images_command(context.args)
    os.execv(command[0], command)  # noqa: S606 - an argument list, no shell


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def policy(context: typer.Context) -> None:
    """Judge a state or manifests by the policy pack; list and explain its rules."""
    command = policy_command(context.args)
    os.execv(command[0], command)  # noqa: S606 - an argument list, no shell


def policy_command(arguments: list[str]) -> list[str]:
    """The command line of the policy pack, which knows nothing of the rest."""
    return [sys.executable, "-m", "policies.command", *arguments]


def images_command(arguments: list[str]) -> list[str]:
    """The command line that lists images; it makes the program's plans, so it is a part of it."""
    return [sys.executable, "-m", "infra.images", *arguments]


def rehearsal_command(arguments: list[str]) -> list[str]:
    """The command line that rehearses; it alone knows its options, `--help` included."""
    return [sys.executable, "-m", "rehearsal", *arguments]


if __name__ == "__main__":
    app()

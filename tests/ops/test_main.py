"""The mlops command, as a user types it."""

import sys

from typer.testing import CliRunner

from ops.main import app, images_command, policy_command, rehearsal_command


def test_without_a_command_mlops_says_what_it_can_do() -> None:
    shown = CliRunner().invoke(app, [])
    assert "rehearse" in shown.output
    assert "no account" in shown.output


def test_an_unknown_command_is_refused() -> None:
    refused = CliRunner().invoke(app, ["reherse"])
    assert refused.exit_code == 2
    assert "No such command 'reherse'" in refused.output


def test_a_rehearsal_gets_every_argument_as_it_was_typed() -> None:
    command = rehearsal_command(["--stack", "production", "--keep", "--help"])
    assert command == [
        sys.executable,
        "-m",
        "rehearsal",
        "--stack",
        "production",
        "--keep",
        "--help",
    ]


def test_the_list_of_images_gets_every_argument_as_it_was_typed() -> None:
    command = images_command(["dr", "--write"])
    assert command == [sys.executable, "-m", "infra.images", "dr", "--write"]


def test_the_policy_command_gets_every_argument_as_it_was_typed() -> None:
    command = policy_command(["check", "--state", "a.json"])
    assert command == [sys.executable, "-m", "policies.command", "check", "--state", "a.json"]

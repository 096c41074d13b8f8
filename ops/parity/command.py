"""`mlops parity`: whether a standby is what it stands in for, from two exported states."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from ops.parity import allowed
from ops.parity.allowed import AllowedError, Judgement
from ops.parity.difference import differences
from ops.parity.state import State, StateError, read

CANNOT_JUDGE = 2


def parity(
    state: Annotated[
        list[Path], typer.Option(help="a file of `pulumi stack export`; give both regions' stacks")
    ],
    allow: Annotated[
        Path, typer.Option(help="the differences that are meant, with their reasons")
    ] = allowed.FILE,
) -> None:
    """Compare two stacks' resource graphs. Exit with 1 when they differ in what is not allowed."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        primary, standby = by_role([read(path) for path in state])
        judgement = allowed.judge(differences(primary, standby), allowed.read(allow))
    except (StateError, AllowedError) as error:
        console.print(Text.assemble(("error", "red"), f": {error}"))
        raise typer.Exit(CANNOT_JUDGE) from None
    _show(console, primary, standby, judgement)
    raise typer.Exit(0 if judgement.passed else 1)


def by_role(states: list[State]) -> tuple[State, State]:
    """The primary and its standby, in whichever order they were given. Raises StateError."""
    roles = {one.told.role: one for one in states}
    if len(states) != 2 or roles.keys() != {"primary", "standby"}:
        told = ", ".join(f"{one.file} is {one.told.role}" for one in states) or "none was given"
        raise StateError(f"--state: expected one primary and one standby: {told}")
    return roles["primary"], roles["standby"]


def _show(console: Console, primary: State, standby: State, judgement: Judgement) -> None:
    for difference in judgement.unexpected:
        console.print(Text.assemble(("differs", "red"), f": {difference}"))
    for entry in judgement.unused:
        console.print(
            Text.assemble(("allowed in vain", "red"), f": {', '.join(entry.resources)}; remove it")
        )
    count = len(primary.resources) + len(standby.resources)
    console.print(
        Text(
            f"{count} resources of {primary.told.environment} and {standby.told.environment}, "
            f"{judgement.differences} differences, {len(judgement.unexpected)} not allowed, "
            f"{len(judgement.unused)} allowances that nothing needs"
        )
    )

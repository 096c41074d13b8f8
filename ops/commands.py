"""The runbooks' commands and their options; `ops/main.py` puts them under `mlops`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from infra.outputs import OutputsError
from infra.settings import SettingsError
from ops import fence_status, state_command
from ops import recovery_figures as figures
from ops.backfill import command as backfill_command
from ops.backups import command as backups
from ops.consistency import command as consistency_command
from ops.drill import command as drill_command
from ops.errors import RunbookError
from ops.failback import command as failback_command
from ops.failover import command as failover_command
from ops.failover.target import Consent
from ops.run import Options

Stack = Annotated[str, typer.Option(help="The stack to work on.")]
Apply = Annotated[bool, typer.Option("--apply", help="Carry it out; without, only plan.")]
Confirm = Annotated[
    list[str] | None,
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
Without = Annotated[
    list[str] | None, typer.Option(help="A model that is not waited for. Repeatable.")
]
Name = Annotated[str | None, typer.Option(help="Name of the backup; by default the hour's.")]
Version = Annotated[str | None, typer.Option(help="Version of the object, as S3 names it.")]
HERE = Path()

backup = typer.Typer(no_args_is_help=True, help="Take a backup beside the nightly ones.")
fence = typer.Typer(no_args_is_help=True, help="Which region may write.")


def failover(
    stack: Stack = "dr",
    apply: Apply = False,
    confirm: Confirm = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Lose more than recovery.rpo_database_minutes.")
    ] = False,
    lost: Annotated[
        bool, typer.Option("--lost", help="The region is lost, whatever the signals say.")
    ] = False,
    planned: Annotated[
        bool,
        typer.Option("--planned", help="The region lives and is left: wait for its last write."),
    ] = False,
    without: Without = None,
    primary: Annotated[
        str | None, typer.Option(help="The stack that is lost, if not the one of source_stack.")
    ] = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Make the standby region the primary. Plans, unless told to --apply; resumes by itself."""
    asked = failover_command.Asked(
        stack=stack,
        primary=primary,
        outputs=outputs,
        without=tuple(without or ()),
        consent=Consent(loss=accept_loss, lost=lost),
        planned=planned,
    )
    options = _options(project, apply, confirm, journal)
    ends(lambda: failover_command.run(asked, options))


def failback(
    stack: Stack = "dr",
    apply: Apply = False,
    abort: Annotated[
        bool,
        typer.Option("--abort", help="Go back from one whose copy was not promoted yet."),
    ] = False,
    confirm: Confirm = None,
    without: Without = None,
    primary: Annotated[
        str | None, typer.Option(help="The stack to return to, if not the one of source_stack.")
    ] = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Return to the production stack's region, and lose no acknowledged row."""
    asked = failback_command.Asked(
        stack=stack,
        primary=primary,
        outputs=outputs,
        without=tuple(without or ()),
        abort=abort,
    )
    options = _options(project, apply, confirm, journal)
    ends(lambda: failback_command.run(asked, options))


def recovery_figures(
    stack: Stack = "dr",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, in minutes.")] = False,
    project: Project = HERE,
) -> None:
    """Tell what a failover is expected to take and lose, against the stack file's targets."""
    ends(lambda: figures.show(stack, project, as_json=as_json))


def drill(
    stack: Stack = "dr",
    apply: Apply = False,
    name: Annotated[
        str | None, typer.Option(help="Name of the drill; by default the hour's.")
    ] = None,
    without: Without = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Try what a failover would do, beside the living platform; 1 where a target is missed."""
    asked = drill_command.Asked(
        stack=stack, name=name, outputs=outputs, without=tuple(without or ())
    )
    options = _options(project, apply, None, journal)
    ends(lambda: drill_command.run(asked, options))


@fence.command("status")
def show_fence(stack: Stack = "production", project: Project = HERE) -> None:
    """Show who may write, in which epoch, and until when; 1 where nobody writes."""
    ends(lambda: fence_status.status(stack, project))


@fence.callback()
def fence_group() -> None:
    """Keeps `mlops fence` a group of commands, however few it has."""


@backup.command("now")
def take_backup(
    stack: Stack = "production",
    apply: Apply = False,
    name: Name = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Take a snapshot of the database and a dump of each database in it."""
    options = _options(project, apply, None, journal)
    ends(lambda: backups.now(stack, name, outputs, options))


@backup.callback()
def backup_group() -> None:
    """Keeps `mlops backup` a group of commands, however few it has."""


def backup_kubernetes(
    stack: Stack = "production",
    apply: Apply = False,
    name: Name = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Back up the cluster's objects and volumes, as the nightly backup does."""
    options = _options(project, apply, None, journal)
    ends(lambda: backups.kubernetes(stack, name, outputs, options))


def consistency(
    stack: Stack = "dr",
    apply: Apply = False,
    hours: Annotated[float, typer.Option(min=0.1, help="How far back runs are looked at.")] = 24.0,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """List runs whose models did not come over with the database; marks them with --apply."""
    options = _options(project, apply, None, journal)
    ends(lambda: consistency_command.run(stack, hours, outputs, options))


def backfill(
    stack: Stack = "link",
    apply: Apply = False,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Copy objects older than their bucket's rule; tell the images that one region lacks."""
    ends(lambda: backfill_command.run(stack, _options(project, apply, None, journal)))


def verify_backups(
    stack: Stack = "production",
    quick: Annotated[
        bool, typer.Option("--quick", help="Compare S3's checksums; read no dump.")
    ] = False,
    outputs: Saved = None,
    project: Project = HERE,
) -> None:
    """Look whether dumps and snapshots are there, fresh and whole; 1 where they are not."""
    ends(lambda: backups.verify(stack, project, outputs, thoroughly=not quick))


def restore_database(
    stack: Stack = "production",
    apply: Apply = False,
    snapshot: Annotated[str | None, typer.Option(help="The snapshot's name.")] = None,
    moment: Annotated[
        str | None, typer.Option(help="A moment with its zone, such as 2026-11-28T04:30:00Z.")
    ] = None,
    confirm: Confirm = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Put the database as it was in a snapshot, or at a moment, in the place of the one there."""
    options = _options(project, apply, confirm, journal)
    ends(lambda: backups.database(stack, snapshot, moment, outputs, options))


def restore_model(
    place: Annotated[
        str, typer.Argument(help="The model's folder: s3://bucket/key, or a key of its bucket.")
    ],
    stack: Stack = "production",
    apply: Apply = False,
    version: Version = None,
    confirm: Confirm = None,
    outputs: Saved = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Bring back deleted objects of a model, or an older version of one object."""
    options = _options(project, apply, confirm, journal)
    ends(lambda: backups.model(stack, place, version, outputs, options))


def restore_state(
    backend: Annotated[
        str, typer.Argument(help="The state's address, as pulumi login takes it: s3://…?region=…")
    ],
    stack: Stack = "production",
    apply: Apply = False,
    version: Version = None,
    confirm: Confirm = None,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Make an older version of a stack's state the latest one."""
    options = _options(project, apply, confirm, journal)
    ends(lambda: backups.state(stack, backend, version, options))


def bootstrap_state(
    stack: Stack = "production",
    apply: Apply = False,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Make the bucket, the key and the copy of the state of all stacks; repairs what is there."""
    options = _options(project, apply, None, journal)
    ends(lambda: state_command.bootstrap(stack, options))


def recover(
    stack: Stack = "production",
    apply: Apply = False,
    unlock: Annotated[
        bool, typer.Option("--unlock", help="The engine is dead: take its lock away too.")
    ] = False,
    journal: Journal = None,
    project: Project = HERE,
) -> None:
    """Settle what a killed engine left pending: found by name or tag, taken in or dropped."""
    options = _options(project, apply, None, journal)
    ends(lambda: state_command.settle(stack, options, dead=unlock))


def register(app: typer.Typer) -> None:
    """Put every runbook under `app`."""
    app.command()(failover)
    app.command()(failback)
    app.command("recovery-figures")(recovery_figures)
    app.command()(drill)
    app.command("verify-backups")(verify_backups)
    app.command("consistency")(consistency)
    app.command("backfill")(backfill)
    app.command("backup-kubernetes")(backup_kubernetes)
    app.command("restore-database")(restore_database)
    app.command("restore-model")(restore_model)
    app.command("restore-state")(restore_state)
    app.command("bootstrap-state")(bootstrap_state)
    app.command("recover")(recover)
    app.add_typer(backup, name="backup")
    app.add_typer(fence, name="fence")


def ends(run: Callable[[], int]) -> NoReturn:
    """Exit with what `run` answers; what it raises is told without a traceback."""
    try:
        raise typer.Exit(run())
    except (RunbookError, SettingsError, OutputsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _options(
    project: Path, apply: bool, confirm: list[str] | None, journal: Path | None
) -> Options:
    return Options(
        project=project,
        apply=apply,
        confirmed=tuple(confirm or ()),
        journal=journal,
        ask=_typed if sys.stdin.isatty() else None,
    )


def _typed(name: str) -> str:
    return str(typer.prompt(f"This cannot be undone. Type {name} to go on", default=""))

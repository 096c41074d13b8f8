"""`mlops drill`, as an operator types it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from infra import stack_file
from infra.settings import Settings
from ops import journal
from ops.backups.verify import Backups
from ops.drill.measured import Measured, lines, measured
from ops.drill.runbook import drill
from ops.errors import Refused
from ops.executor import Hands
from ops.failover.checks import absent
from ops.failover.steps import failover_steps
from ops.failover.target import Failover, failover_of
from ops.progress import progress
from ops.recovery_time import AnyStep
from ops.regions import region
from ops.report import report
from ops.run import JOURNALS, Options, applied, shown
from ops.step import Runbook
from ops.world.scratch import DrillReads, DrillWorld

NOTES = Path(".mlops") / "drills"
"""Below the project's folder, beside the journals."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line says beyond what every runbook takes."""

    stack: str
    name: str | None
    """Of the drill; None for the hour's."""
    outputs: Path | None
    without: tuple[str, ...]


def run(asked: Asked, options: Options) -> int:
    """Plan or apply; the exit status, 1 where a target is missed. Raises RunbookError,
    SettingsError or OutputsError."""
    from ops.live.scratch import Scratch

    name, primary = _named(asked.name), _primary(asked.stack, options.project)
    here = region(asked.stack, options.project, asked.outputs)
    wanted = failover_of(asked.stack, here.settings, primary, here.outputs, asked.without)
    backups = Backups(bucket=here.outputs.buckets["backups"].name, database=wanted.database)
    book = drill(wanted, here.target, backups, name)
    scratch = Scratch(here.parts.aws, here.parts.database, options.project / NOTES, asked.stack)
    reads = here.parts.reads()
    hands = Hands(
        reads=DrillReads(site=reads, scratch=scratch),
        world=DrillWorld(site=reads, scratch=scratch),
        clock=here.parts.clock,
        progress=progress(),
        confirm=options.confirm,
    )
    steps = failover_steps(wanted, installed=not absent(wanted, reads))
    drilled = Drilled(name=name, wanted=wanted, failover=steps, report=scratch.note(name))
    return carried(drilled, book, hands, _own_journal(options, asked.stack, name))


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What a drill is of, and where its report goes."""

    name: str
    wanted: Failover
    failover: Sequence[AnyStep]
    """Steps that a failover would have now."""
    report: Path


def carried(
    drilled: Drilled,
    book: Runbook[DrillReads, DrillWorld],
    hands: Hands[DrillReads, DrillWorld],
    options: Options,
) -> int:
    """Plan or apply, tell the figures and write them; a drill that is over tells them again."""
    say = hands.progress.said
    if not options.apply:
        allowed = shown(book, hands.reads, hands.progress, options)
        say("nothing was changed; --apply carries it out")
        return 0 if allowed else 1
    with _alone(options, book):
        told = applied(book, hands, options)
    if told is None:
        path = options.journal_of(book.name, book.target.stack)
        told = report(book, journal.seen(path, book.name, book.target).run())
    found = measured(drilled.name, drilled.wanted, drilled.failover, told)
    _written(found, drilled.report)
    for line in [*lines(found), f"report: {drilled.report}"]:
        say(line)
    return 0 if found.within else 1


def _alone(
    options: Options, book: Runbook[DrillReads, DrillWorld]
) -> AbstractContextManager[journal.Journal]:
    """Each drill sweeps what the others left, so there is one at a time, whatever their names."""
    lock = options.project / JOURNALS / f"drills-{book.target.stack}.lock"
    return journal.opened(lock, book.name, book.target)


def _written(found: Measured, path: Path) -> None:
    path.write_text(found.document(), encoding="utf-8")


def _own_journal(options: Options, stack: str, name: str) -> Options:
    """A journal for each drill: one that was given up is not resumed by the next."""
    path = options.project / JOURNALS / f"drill-{stack}-{name}.jsonl"
    return replace(options, journal=options.journal or path)


def _named(name: str | None) -> str:
    """The drill's name, which is a part of a database's. Raises Refused for one that is not."""
    found = name or f"{datetime.now(UTC):%Y%m%d%H}"
    if re.fullmatch(r"[a-z0-9]{1,16}", found) is None:
        raise Refused(f"--name {found}: expected at most 16 lower-case letters and digits")
    return found


def _primary(stack: str, project: Path) -> Settings:
    settings = stack_file.read(stack, project)
    if settings.source_stack is None:
        raise Refused(
            f"stack {stack}: role {settings.role}: expected a stack that stands in for another "
            "region's, such as dr: mlops drill --stack dr"
        )
    return stack_file.read(settings.source_stack.rpartition("/")[2], project)

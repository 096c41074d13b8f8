"""`mlops failback`, as an operator types it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infra import stack_file
from ops.backups.verify import Backups
from ops.errors import Refused
from ops.executor import Hands
from ops.failback.abort import abort
from ops.failback.runbook import failback
from ops.failback.target import Failback, failback_of
from ops.failover.features import features_line
from ops.recovery_time import outage_told, write_outage
from ops.regions import Region, region
from ops.report import Report, handover_lines
from ops.run import Options, perform
from ops.world.pair import PairReads, PairWorld


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line says beyond what every runbook takes."""

    stack: str
    primary: str | None
    """The production stack; None for the one that the stack file names."""
    outputs: Path | None
    """Outputs of `stack` that were saved; None to ask the state."""
    without: tuple[str, ...]
    abort: bool


def run(asked: Asked, options: Options) -> int:
    """Plan or apply; the exit status. Raises RunbookError, SettingsError or OutputsError."""
    primary = _primary(asked, options.project)
    away = region(asked.stack, options.project, asked.outputs)
    home = region(primary, options.project)
    wanted = failback_of(
        asked.stack, away.settings, away.outputs, home.settings, home.outputs, asked.without
    )
    hands = _hands(home, away, options)

    def told(found: Report) -> list[str]:
        reached = handover_lines(found, wanted.home.rto_seconds)
        return [*reached, features_line(wanted.home)]

    if asked.abort:
        return perform(abort(wanted), hands, options)
    book = failback(wanted, _backups(away, wanted), hands.reads)
    if not options.apply:
        for line in outage_told(write_outage(book.steps), wanted.home.rto_seconds):
            hands.progress.said(line)
        hands.progress.said(features_line(wanted.home))
    return perform(book, hands, options, told)


def _backups(away: Region, wanted: Failback) -> Backups:
    return Backups(bucket=away.outputs.buckets["backups"].name, database=wanted.away.database)


def _hands(home: Region, away: Region, options: Options) -> Hands[PairReads, PairWorld]:
    one = home.hands(options)
    return Hands(
        reads=PairReads(home=one.reads, away=away.parts.reads()),
        world=PairWorld(home=one.world, away=away.parts.world()),
        clock=one.clock,
        progress=one.progress,
        confirm=one.confirm,
    )


def _primary(asked: Asked, project: Path) -> str:
    settings = stack_file.read(asked.stack, project)
    if settings.source_stack is None:
        raise Refused(
            f"stack {asked.stack}: role {settings.role}: expected the stack that stands in for "
            "another region's, such as dr: mlops failback --stack dr"
        )
    return asked.primary or settings.source_stack.rpartition("/")[2]

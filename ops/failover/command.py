"""`mlops failover`, as an operator types it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infra import stack_file
from infra.settings import Settings
from ops.backups.verify import Backups
from ops.errors import Refused
from ops.failover.features import features_line
from ops.failover.runbook import failover
from ops.failover.target import Consent, Failover, failover_of
from ops.recovery_time import recovery_time, told
from ops.regions import region
from ops.report import Report, recovery_lines
from ops.run import Options, perform


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line says beyond what every runbook takes."""

    stack: str
    primary: str | None
    """The stack that is lost; None for the one that the stack file names."""
    outputs: Path | None
    """Outputs that were saved; None to ask the state."""
    without: tuple[str, ...]
    consent: Consent


def run(asked: Asked, options: Options) -> int:
    """Plan or apply; the exit status. Raises RunbookError, SettingsError or OutputsError."""
    primary = _primary(asked, options.project)
    here = region(asked.stack, options.project, asked.outputs, lost_region=primary.region)
    wanted = failover_of(asked.stack, here.settings, primary, here.outputs, asked.without)
    backups = Backups(bucket=here.outputs.buckets["backups"].name, database=wanted.database)
    hands = here.hands(options)
    book = failover(wanted, asked.consent, backups, hands.reads)
    if not options.apply:
        for line in told(recovery_time(book.steps), wanted.rto_seconds):
            hands.progress.said(line)
        hands.progress.said(features_line(wanted))
    return perform(
        book,
        hands,
        options,
        lambda found: _lines(found, wanted),
    )


def _lines(found: Report, wanted: Failover) -> list[str]:
    reached = recovery_lines(found, wanted.rto_seconds, wanted.rpo_seconds)
    return [*reached, features_line(wanted)]


def _primary(asked: Asked, project: Path) -> Settings:
    settings = stack_file.read(asked.stack, project)
    if settings.source_stack is None:
        raise Refused(
            f"stack {asked.stack}: role {settings.role}: expected a stack that stands in for "
            "another region's, such as dr: mlops failover --stack dr"
        )
    return stack_file.read(asked.primary or settings.source_stack.rpartition("/")[2], project)

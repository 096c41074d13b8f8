"""`mlops failover`, as an operator types it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra import stack_file
from infra.settings import Settings
from ops.backups.verify import Backups
from ops.errors import Refused
from ops.failover.departure import Departure
from ops.failover.features import features_line
from ops.failover.runbook import failover
from ops.failover.steps import FailoverStep
from ops.failover.target import Consent, Failover, failover_of
from ops.recovery_time import outage_told, recovery_time, told, write_outage
from ops.regions import region
from ops.report import Report, handover_lines, recovery_lines
from ops.run import Options, perform
from ops.world.site import SiteReads


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
    planned: bool = False
    """Whether the region lives, and is left on purpose."""


def run(asked: Asked, options: Options) -> int:
    """Plan or apply; the exit status. Raises RunbookError, SettingsError or OutputsError."""
    primary = _primary(asked, options.project)
    if asked.planned and asked.consent != Consent():
        raise Refused("--planned loses nothing: leave out --lost and --accept-loss")
    lost = None if asked.planned else primary.region
    here = region(asked.stack, options.project, asked.outputs, lost_region=lost)
    wanted = failover_of(asked.stack, here.settings, primary, here.outputs, asked.without)
    backups = Backups(bucket=here.outputs.buckets["backups"].name, database=wanted.database)
    hands = here.hands(options)
    left = _departure(wanted, hands.reads) if asked.planned else None
    book = failover(wanted, asked.consent, backups, hands.reads, left)
    if not options.apply:
        for line in [*_expected(book.steps, wanted, left), features_line(wanted)]:
            hands.progress.said(line)
    return perform(book, hands, options, lambda found: _lines(found, wanted, left))


def _departure(wanted: Failover, reads: SiteReads) -> Departure:
    """The database that is left, as the replica's source names it. Raises Refused without one."""
    from ops.live.aws import Aws
    from ops.live.databases import Databases
    from ops.live.log_positions import LogPositions

    found = reads.database.instance(wanted.database)
    if found is None:
        raise Refused(f"{wanted.database}: does not exist; deploy the standby first")
    aws = Aws(wanted.lost_region)
    database = Databases(aws, LogPositions(aws, wanted.target.platform, wanted.lost_region))
    # A run that is resumed after the promotion has no source any more, and asks it nothing.
    return Departure(database=database, identifier=(found.follows or "").rpartition(":")[2])


def _expected(steps: Sequence[FailoverStep], wanted: Failover, left: Departure | None) -> list[str]:
    if left is None:
        return told(recovery_time(steps), wanted.rto_seconds)
    return outage_told(write_outage(steps), wanted.rto_seconds)


def _lines(found: Report, wanted: Failover, left: Departure | None) -> list[str]:
    if left is not None:
        return [*handover_lines(found, wanted.rto_seconds), features_line(wanted)]
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

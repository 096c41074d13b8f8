"""`mlops failover`, as an operator types it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra import stack_file
from infra.outputs import Outputs
from infra.settings import Settings
from ops.backups.verify import Backups
from ops.errors import Refused
from ops.failover.runbook import failover
from ops.failover.target import Consent, failover_of
from ops.progress import Progress, progress
from ops.recovery_time import recovery_time, told
from ops.report import lines
from ops.run import Options, applied, hands_of, shown

if TYPE_CHECKING:
    from ops.live.site import Parts

NOTHING = "every goal held already: nothing was done"


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
    settings, primary = _settings(asked, options.project)
    outputs, parts = _region(asked, settings, primary, options.project)
    wanted = failover_of(asked.stack, settings, primary, outputs, asked.without)
    backups = Backups(bucket=outputs.buckets["backups"].name, database=wanted.database)
    tell, reads = progress(), parts.reads()
    book = failover(wanted, asked.consent, backups, reads)
    if options.apply:
        done = applied(book, hands_of(reads, parts.world(), parts.clock, tell, options), options)
        _tell(tell, lines(done, wanted.rto_seconds, wanted.rpo_seconds) if done else [NOTHING])
        return 0
    allowed = shown(book, reads, tell, options)
    _tell(tell, told(recovery_time(book.steps), wanted.rto_seconds))
    tell.said("nothing was changed; --apply carries it out")
    return 0 if allowed else 1


def _tell(tell: Progress, said: Iterable[str]) -> None:
    for line in said:
        tell.said(line)


def _settings(asked: Asked, project: Path) -> tuple[Settings, Settings]:
    settings = stack_file.read(asked.stack, project)
    if settings.source_stack is None:
        raise Refused(
            f"stack {asked.stack}: role {settings.role}: expected a stack that stands in for "
            "another region's, such as dr: mlops failover --stack dr"
        )
    primary = asked.primary or settings.source_stack.rpartition("/")[2]
    return settings, stack_file.read(primary, project)


def _region(
    asked: Asked, settings: Settings, primary: Settings, project: Path
) -> tuple[Outputs, Parts]:
    from ops.live.engine import Engine, saved_outputs
    from ops.live.site import parts

    engine = Engine(asked.stack, project)
    outputs = saved_outputs(asked.outputs) if asked.outputs else engine.outputs()
    return outputs, parts(settings, outputs, engine, primary.prefix, primary.region)

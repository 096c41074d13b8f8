"""`mlops recovery-figures`: what a failover of a stack would take and lose, against its targets.

From stack files and the catalogue alone: no account, no state, the same in each run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from infra import stack_file
from infra.settings import Settings
from ops.errors import Refused
from ops.failover.steps import failover_steps
from ops.failover.target import Failover, features_seconds
from ops.progress import progress
from ops.recovery_point import recovery_point
from ops.recovery_time import SAMPLES, recovery_time
from ops.regions import target_of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Minutes, and at most how many there may be; None where nothing is promised."""

    name: str
    minutes: float
    target: int | None = None
    key: str = ""
    """Of the target, in the stack file."""

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.target is None or self.minutes <= self.target


def show(stack: str, project: Path, *, as_json: bool) -> int:
    """Tell the figures; 1 where a target is missed. Raises SettingsError or Refused."""
    settings = stack_file.read(stack, project)
    if settings.source_stack is None:
        raise Refused(
            f"stack {stack}: role {settings.role}: expected a stack that stands in for another "
            "region's, such as dr: mlops recovery-figures --stack dr"
        )
    found = list(figures(stack, settings))
    tell = progress()
    for line in _as_json(found) if as_json else _as_text(found):
        tell.said(line)
    return 0 if all(each.met for each in found) else 1


def figures(stack: str, settings: Settings) -> Iterator[Figure]:
    """All of them, over a thousand samples."""
    yield from _times(stack, settings)
    yield from _losses(settings)


def _times(stack: str, settings: Settings) -> Iterator[Figure]:
    found = recovery_time(failover_steps(_sketch(stack, settings), installed=True))
    yield _figure("everything, median", found.everything.median, settings, "rto_median_minutes")
    yield _figure("everything, 95th percentile", found.everything.p95, settings, "rto_p95_minutes")
    yield _figure("inference, 95th percentile", found.inference.p95, settings, "inference_minutes")
    cold = found.cold_inference.p95 / 60
    yield Figure(name="inference without a warm GPU node, 95th percentile", minutes=cold)


def _losses(settings: Settings) -> Iterator[Figure]:
    found = recovery_point()
    for name, spread, key in (
        ("rows", found.rows, "rpo_database_minutes"),
        ("rows, of a region that is cut off", found.rows_cut_off, "rpo_database_minutes"),
        ("objects", found.objects, "rpo_minutes"),
        ("files", found.files, "rpo_minutes"),
    ):
        yield _figure(f"lost {name}, 95th percentile", spread.p95, settings, key)


def _figure(name: str, seconds: float, settings: Settings, key: str) -> Figure:
    target: int = getattr(settings.recovery, key)
    return Figure(name=name, minutes=seconds / 60, target=target, key=f"recovery.{key}")


def _sketch(stack: str, settings: Settings) -> Failover:
    """The failover without the names that only outputs know: no time hangs on them."""
    recovery = settings.recovery
    return Failover(
        target=target_of(stack, settings),
        lost_region=settings.region,
        database="database",
        backup_days=settings.database.backup_retention_days,
        file_system="files",
        pools={},
        gpu=None,
        workloads={},
        models=(),
        features_seconds=features_seconds(settings),
        rpo_seconds=recovery.rpo_database_minutes * 60.0,
        rto_seconds=recovery.rto_minutes * 60.0,
    )


def _as_text(found: list[Figure]) -> Iterator[str]:
    yield f"expected of a failover, over {SAMPLES} samples of the catalogue's times and lags:"
    width = max(len(each.name) for each in found)
    for each in found:
        verdict = "within" if each.met else "BEYOND"
        target = f"  {verdict} {each.key} ({each.target})" if each.target else ""
        yield f"  {each.name:<{width}}  {each.minutes:5.1f} min{target}"


def _as_json(found: list[Figure]) -> Iterator[str]:
    yield json.dumps([asdict(each) for each in found], indent=2)

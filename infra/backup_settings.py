"""The backup section of a stack file: when and how long."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section

_CRON = r"^[0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+$"


class BackupSettings(Section):
    """Velero's nightly backup, at 3 am EST as the runbook's snapshots, and the dumps' before it."""

    schedule: str = Field(
        default="0 8 * * *", pattern=_CRON, description="a cron expression of five fields, in UTC"
    )
    dump_schedule: str = Field(
        default="0 6 * * *",
        pattern=_CRON,
        description="when each database is dumped: a cron expression of five fields, in UTC",
    )
    retention_days: int = Field(
        default=30, ge=1, le=3650, description="days that a backup is kept, 1 to 3650"
    )

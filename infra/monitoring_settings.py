"""The monitoring section of a stack file: how long and how much Prometheus keeps."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section


class MonitoringSettings(Section):
    """Prometheus, at the runbook's sizes."""

    retention_days: int = Field(default=30, ge=1, le=365, description="days of metrics, 1 to 365")
    disk_gib: int = Field(
        default=100, ge=20, le=16_384, description="GiB of each replica's volume, 20 to 16384"
    )

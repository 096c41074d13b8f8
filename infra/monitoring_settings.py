"""The monitoring section of a stack file: what Prometheus keeps, where its alerts lead."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section
from infra.log_settings import CollectorSettings


class MonitoringSettings(Section):
    """Prometheus, at the runbook's sizes."""

    retention_days: int = Field(default=30, ge=1, le=365, description="days of metrics, 1 to 365")
    disk_gib: int = Field(
        default=100, ge=20, le=16_384, description="GiB of each replica's volume, 20 to 16384"
    )
    runbooks: str = Field(
        default="docs/alerts.md",
        pattern=r"^[^\s#]+$",
        max_length=200,
        description="the address of the page of runbooks, to which `#<alert>` is added",
    )
    logs: CollectorSettings = Field(default_factory=CollectorSettings)

"""The log collector's half of the monitoring section; groups and retention are under `logs`."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section


class CollectorSettings(Section):
    """What nodes send to CloudWatch, kept for `logs.retention_days`."""

    buffer_mib: int = Field(
        default=512,
        ge=64,
        le=8192,
        description="MiB of a node's disk that each stream may take while CloudWatch cannot be "
        "reached, 64 to 8192",
    )
    keep_health_checks: bool = Field(
        default=False, description="whether access logs keep lines about probes that went well"
    )

"""The monitoring section of a stack file."""

from __future__ import annotations

from infra.fields import Section


class MonitoringSettings(Section):
    """Prometheus, Grafana, Alertmanager, receivers."""

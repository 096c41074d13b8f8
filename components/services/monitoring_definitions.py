"""The Prometheus operator's definitions, from their own release: monitors need nothing else."""

from __future__ import annotations

from catalog.charts import CHARTS
from components.services.plan import Release, ServicePlan


def monitoring_definitions() -> ServicePlan:
    """Before every release that has a monitor: charts leave it out without a word if the kind
    is not there."""
    return ServicePlan(
        name="monitoring-definitions",
        parts=[Release(name="release", chart=CHARTS["prometheus-operator-crds"], values={})],
        provides={"monitoring.coreos.com": "release"},
    )

"""Rule groups as Prometheus reads them, from the model of signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.signals.alert import Alert, Recording, condition
from catalog.signals.applications import APPLICATIONS
from catalog.signals.backup import BACKUP, REPLICATES
from catalog.signals.cluster import CLUSTER
from catalog.signals.cost import COST, COST_RECORDINGS
from catalog.signals.data import DATABASE, RECOVERY_POINT, ROWS_AT_RISK, STORAGE
from catalog.signals.fence import FENCE
from catalog.signals.logs import LOGS
from catalog.signals.models import MODELS
from catalog.signals.objectives import burn_alerts, recordings
from catalog.signals.operations import OPERATIONS
from catalog.signals.security import SECURITY
from catalog.signals.sources import JOBS, SOURCES, sources_of
from catalog.signals.training import TRAINING


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules that are evaluated together, recordings first."""

    name: str
    alerts: tuple[Alert, ...]
    recordings: tuple[Recording, ...] = ()


GROUPS = (
    Group(name="applications", alerts=APPLICATIONS),
    Group(name="models", alerts=MODELS),
    Group(name="training", alerts=TRAINING),
    Group(name="cluster", alerts=CLUSTER),
    Group(name="storage", alerts=STORAGE),
    Group(name="database", alerts=DATABASE),
    Group(name="fence", alerts=FENCE),
    Group(name="backup", alerts=BACKUP),
    Group(name="operations", alerts=OPERATIONS),
    Group(name="logs", alerts=LOGS),
    Group(name="security", alerts=SECURITY),
    Group(name="cost", alerts=COST, recordings=COST_RECORDINGS),
    Group(name="objectives", alerts=tuple(burn_alerts()), recordings=tuple(recordings())),
)
ALERTS = tuple(alert for group in GROUPS for alert in group.alerts)


EVERY_SOURCE = frozenset((*SOURCES, *JOBS.values()))


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the rules say of a stack: where its runbooks and dashboards are, what it exports."""

    runbooks: str
    """Address of the page of runbooks, to which `#<alert>` is added."""
    grafana: str
    """Address of Grafana."""
    exported: frozenset[str] = EVERY_SOURCE
    """Sources that the stack scrapes; nobody is told of the absence of others."""


def rule_group(group: Group, site: Site) -> dict[str, Any]:
    """`group` without the rules of what the stack does not export."""
    recordings = [one for one in group.recordings if sources_of(one.expression) <= site.exported]
    alerts = [(one, branches) for one in group.alerts if (branches := kept(one, site.exported))]
    return {
        "name": group.name,
        "rules": [
            *(_recording(one) for one in recordings),
            *(_alert(one, branches, site) for one, branches in alerts),
        ],
    }


def kept(alert: Alert, exported: frozenset[str]) -> tuple[str, ...]:
    """Branches of `alert` that can come true where `exported` is all there is."""
    if not exported.issuperset(alert.needs):
        return ()
    return tuple(one for one in alert.branches if sources_of(one) <= exported)


def facts_group(facts: Mapping[str, float]) -> dict[str, Any]:
    """Figures of the stack file that expressions read, such as `platform:budget_monthly_usd`."""
    rules = [{"record": name, "expr": f"vector({value:g})"} for name, value in facts.items()]
    return {"name": "facts", "rules": rules}


FACTS = (
    "platform:budget_monthly_usd",
    "platform:database_storage_bytes",
    RECOVERY_POINT,
    REPLICATES,
    ROWS_AT_RISK,
)


def named(alerts: Iterable[Alert]) -> dict[str, list[Alert]]:
    """Alerts by name: one name may stand for several severities."""
    found: dict[str, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(alert.name, []).append(alert)
    return found


def _recording(one: Recording) -> dict[str, Any]:
    labels = {"labels": dict(one.labels)} if one.labels else {}
    return {"record": one.name, "expr": one.expression, **labels}


def _alert(alert: Alert, branches: tuple[str, ...], site: Site) -> dict[str, Any]:
    return {
        "alert": alert.name,
        "expr": condition(branches),
        **({"for": f"{alert.hold}m"} if alert.hold else {}),
        "labels": alert.all_labels,
        "annotations": {
            "summary": alert.summary,
            "description": alert.action,
            "runbook_url": f"{site.runbooks}#{alert.anchor}",
            "dashboard_url": f"{site.grafana}/d/{alert.dashboard}",
        },
    }

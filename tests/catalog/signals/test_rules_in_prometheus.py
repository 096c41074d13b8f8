"""Prometheus's own tool runs every rule on series that must fire it, and on others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.signals.alert import Alert, Series
from catalog.signals.rules import FACTS, GROUPS, Group, Site, facts_group, rule_group
from tests.prometheus_tools import ran

pytestmark = pytest.mark.control_plane

SITE = Site(runbooks="https://docs.example.com/alerts", grafana="https://grafana.example.com")


def _written(folder: Path, name: str, document: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_prometheus_takes_every_rule(tmp_path: Path) -> None:
    groups = [*(rule_group(group, SITE) for group in GROUPS), facts_group(dict.fromkeys(FACTS, 1))]
    said = ran("promtool", "check", "rules", _written(tmp_path, "all.json", {"groups": groups}))
    assert f"{sum(len(group['rules']) for group in groups)} rules found" in said


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_alert_fires_on_what_it_is_for_and_on_nothing_near_it(
    group: Group, tmp_path: Path
) -> None:
    rules = _written(tmp_path, "rules.json", {"groups": [rule_group(group, SITE)]})
    files = [
        _written(tmp_path, f"every-{every}.json", _tests(rules.name, group, every))
        for every in sorted({alert.proof.every for alert in group.alerts})
    ]
    ran("promtool", "test", "rules", *files)


def _tests(rules: str, group: Group, every: int) -> dict[str, Any]:
    alerts = [alert for alert in group.alerts if alert.proof.every == every]
    return {
        "rule_files": [rules],
        "evaluation_interval": f"{every}m",
        "tests": [test for alert in alerts for test in (_fires(alert), _stays_quiet(alert))],
    }


def _fires(alert: Alert) -> dict[str, Any]:
    """At its minute, and never before the condition has lasted long enough."""
    early = [_asked(alert, alert.hold - 1, firing=False)] if alert.hold > 1 else []
    asked = [*early, _asked(alert, alert.proof.at, firing=True)]
    return _test(alert, alert.proof.fires, asked)


def _stays_quiet(alert: Alert) -> dict[str, Any]:
    return _test(alert, alert.proof.quiet, [_asked(alert, alert.proof.at, firing=False)])


def _test(alert: Alert, series: Series, asked: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "interval": f"{alert.proof.every}m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": asked,
    }


def _asked(alert: Alert, minute: int, *, firing: bool) -> dict[str, Any]:
    labels = {"alertname": alert.name, "alertstate": "firing", **alert.all_labels}
    matchers = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return {
        "expr": f"count(ALERTS{{{matchers}}}) > bool 0",
        "eval_time": f"{minute}m",
        "exp_samples": [{"labels": "{}", "value": 1}] if firing else [],
    }

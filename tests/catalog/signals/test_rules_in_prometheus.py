"""Prometheus's own tool runs every rule on series that must fire it, and on others."""

from __future__ import annotations

import json
from dataclasses import replace
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


def test_every_branch_of_a_condition_fires_by_itself_on_the_proof_that_is_its_own(
    tmp_path: Path,
) -> None:
    """So that none is carried by another: each stands alone here, on its own series."""
    alerts = [alert for group in GROUPS for alert in group.alerts if alert.or_else]
    assert len(alerts) > 5
    alone = [
        (replace(alert, name=f"{alert.name}{place}", expression=branch, or_else=()), series)
        for alert in alerts
        for place, (branch, series) in enumerate(
            zip(alert.branches, alert.proof.cases, strict=True)
        )
    ]
    every = Group(name="branches", alerts=tuple(alert for alert, _ in alone))
    rules = _written(tmp_path, "rules.json", {"groups": [rule_group(every, SITE)]})
    files = [
        _written(
            tmp_path,
            f"every-{minutes}.json",
            _file(
                rules.name,
                minutes,
                [_fires(one, series) for one, series in alone if one.proof.every == minutes],
            ),
        )
        for minutes in sorted({alert.proof.every for alert in alerts})
    ]
    ran("promtool", "test", "rules", *files)


def _tests(rules: str, group: Group, every: int) -> dict[str, Any]:
    alerts = [alert for alert in group.alerts if alert.proof.every == every]
    fires = [_fires(alert, series) for alert in alerts for series in alert.proof.cases]
    return _file(rules, every, [*fires, *(_stays_quiet(alert) for alert in alerts)])


def _file(rules: str, every: int, tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {"rule_files": [rules], "evaluation_interval": f"{every}m", "tests": tests}


def _fires(alert: Alert, series: Series) -> dict[str, Any]:
    """At its minute, and never before the condition has lasted long enough."""
    early = [_asked(alert, alert.hold - 1, firing=False)] if alert.hold > 1 else []
    asked = [*early, _asked(alert, alert.proof.at, firing=True)]
    return _test(alert, series, asked)


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

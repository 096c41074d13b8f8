"""The model of signals holds what the runbooks ask for, and reads nothing that is not there."""

from __future__ import annotations

import pytest

from catalog.signals.alert import Alert
from catalog.signals.expressions import alternatives, jobs_of, metrics_of
from catalog.signals.objectives import BURNS, OBJECTIVES
from catalog.signals.rules import (
    ALERTS,
    EVERY_SOURCE,
    FACTS,
    GROUPS,
    Site,
    kept,
    named,
    rule_group,
)
from catalog.signals.sources import JOBS, SOURCE_OF, SOURCES, sources_of

SITE = Site(runbooks="https://docs.example.com/alerts", grafana="https://grafana.example.com")
RECORDED = {one.name for group in GROUPS for one in group.recordings} | set(FACTS)


@pytest.mark.parametrize(
    ("name", "severity", "minutes", "threshold"),
    [
        ("HighErrorRate", "critical", 5, "> 0.05"),
        ("SlowAPIResponse", "warning", 5, "> 2"),
        ("APIPodDown", "critical", 2, "== 0"),
        ("MLflowServerDown", "critical", 5, "< 1"),
        ("PostgreSQLDown", "critical", 2, "< 1"),
        ("BackupJobFailed", "critical", 0, "> 0"),
        ("HighCPUUsage", "warning", 10, "> 0.8"),
        ("HighMemoryUsage", "warning", 10, "> 0.85"),
        ("PodRestartLoop", "warning", 0, "> 3"),
        ("ClusterUnavailable", "critical", 2, "absent"),
        ("NodesUnhealthy", "critical", 5, "> 0.2"),
        ("StorageFull", "critical", 5, "> 0.95"),
        ("TrainingJobFailures", "critical", 0, "> 5"),
        ("HighInferenceLatency", "warning", 5, "> 1000"),
        ("GPUMemoryExhausted", "warning", 10, "> 0.95"),
    ],
)
def test_the_runbooks_alerts_have_their_thresholds(
    name: str, severity: str, minutes: int, threshold: str
) -> None:
    (alert,) = named(ALERTS)[name]
    assert (alert.severity, alert.hold) == (severity, minutes)
    assert threshold in alert.condition


def test_the_runbooks_resource_alerts_are_about_containers_and_their_limits() -> None:
    for name in ("HighCPUUsage", "HighMemoryUsage"):
        (alert,) = named(ALERTS)[name]
        assert 'namespace="mlops-platform"' in alert.expression
        assert "kube_pod_container_resource_limits" in alert.expression


def test_a_copys_lag_is_held_to_what_a_failover_may_lose() -> None:
    for name, figure in (
        ("DatabaseReplicaLag", "platform:database_recovery_point_seconds"),
        ("BucketReplicationLag", "platform:recovery_point_seconds"),
    ):
        (alert,) = named(ALERTS)[name]
        assert alert.expression.endswith(f"> on () group_left () {figure}")


def test_the_objectives_are_those_of_the_operations_runbook() -> None:
    assert {one.name: (one.percent, one.latency_ms) for one in OBJECTIVES} == {
        "mlflow": (99.9, 500),
        "feast": (99.9, 100),
        "kserve": (99.5, 200),
        "platform-api": (99.9, 300),
        "training": (99.0, 0),
    }


def test_budgets_burn_over_a_long_window_and_a_short_one() -> None:
    assert [(burn.factor, burn.long, burn.short, burn.severity) for burn in BURNS] == [
        (14.4, "1h", "5m", "critical"),
        (6, "6h", "30m", "critical"),
        (3, "1d", "2h", "warning"),
        (1, "3d", "6h", "warning"),
    ]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name}-{alert.severity}")
def test_every_metric_of_an_alert_is_exported_or_recorded(alert: Alert) -> None:
    for branch in alert.branches:
        read = metrics_of(branch)
        assert read
        assert read <= SOURCE_OF.keys() | RECORDED


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name}-{alert.severity}")
def test_every_alternative_of_a_condition_has_a_proof_of_its_own(alert: Alert) -> None:
    assert len(alert.proof.cases) == alternatives(alert.condition)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name}-{alert.severity}")
def test_an_alert_needs_what_its_recorded_figures_are_made_of(alert: Alert) -> None:
    for group in GROUPS:
        for one in group.recordings:
            slo = one.labels.get("slo")
            about = slo is None or f'slo="{slo}"' in alert.condition
            if about and one.name in metrics_of(alert.condition):
                assert sources_of(one.expression) <= set(alert.needs), one.name


def test_every_job_that_an_alert_selects_is_a_known_source() -> None:
    for alert in ALERTS:
        assert jobs_of(alert.condition) <= JOBS.keys(), alert.name


def test_every_metric_of_a_recording_is_exported() -> None:
    for group in GROUPS:
        for one in group.recordings:
            read = metrics_of(one.expression)
            assert read
            assert read <= SOURCE_OF.keys(), one.name


def test_a_metric_has_one_source() -> None:
    assert len(SOURCE_OF) == sum(len(metrics) for metrics in SOURCES.values())


def test_two_alerts_share_a_name_only_as_burns_of_one_budget() -> None:
    for name, alerts in named(ALERTS).items():
        distinct = {tuple(sorted(alert.all_labels.items())) for alert in alerts}
        assert len(distinct) == len(alerts), name
        assert len(alerts) == 1 or name.endswith("ErrorBudgetBurn"), name


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for alert in ALERTS:
        assert alert.summary[0].isupper() or alert.summary.startswith("{{"), alert.name
        assert alert.action.endswith("."), alert.name


def test_a_notification_leads_to_the_runbook_and_to_the_dashboard() -> None:
    rules = rule_group(GROUPS[0], SITE)["rules"]
    assert rules[0]["annotations"]["runbook_url"] == (
        "https://docs.example.com/alerts#higherrorrate"
    )
    assert rules[0]["annotations"]["dashboard_url"] == (
        "https://grafana.example.com/d/platform-overview"
    )


def test_nobody_is_told_of_a_service_that_the_stack_does_not_have() -> None:
    exported = EVERY_SOURCE - {"mlflow", "probe-mlflow"}
    site = Site(runbooks=SITE.runbooks, grafana=SITE.grafana, exported=exported)
    names = {rule.get("alert") for group in GROUPS for rule in rule_group(group, site)["rules"]}
    assert "MLflowServerDown" not in names
    assert "MLflowErrorBudgetBurn" not in names
    assert "FeatureServerDown" in names


def test_a_condition_keeps_the_branches_that_something_exports() -> None:
    (alert,) = named(ALERTS)["BackupJobFailed"]
    assert kept(alert, EVERY_SOURCE) == alert.branches
    assert kept(alert, EVERY_SOURCE - {"velero"}) == (alert.expression,)
    assert not kept(alert, frozenset())


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("up == 0", 1),
        ('max(probe_success{job="a or b"}) < 1 or absent(up)', 2),
        ("(sum(a) or vector(0)) + (sum(b) or vector(0)) > 5", 3),
        ("or_total > 1 unless vector_or", 1),
    ],
)
def test_the_alternatives_of_a_condition_are_counted(expression: str, count: int) -> None:
    assert alternatives(expression) == count


@pytest.mark.parametrize(
    ("expression", "metrics"),
    [
        ("up == 0", {"up"}),
        ('sum by (le) (rate(a_bucket{x="b{c}"}[5m])) > 2', {"a_bucket"}),
        ("a / on (x) group_left (y) b offset 1h", {"a", "b"}),
        ("sum(a) without (b) > bool 0 or vector(0)", {"a"}),
        ("max_over_time(cost:x:sum[1d] offset 1h) > 1.5e3", {"cost:x:sum"}),
    ],
)
def test_the_metrics_of_an_expression_are_found(expression: str, metrics: set[str]) -> None:
    assert metrics_of(expression) == metrics

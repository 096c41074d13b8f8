"""What a stack watches follows from what it has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from components.services.plan import Release, ServicePlan
from tests.infra.documents import committed as document
from tests.infra.documents import refusal_of, with_values
from tests.infra.services.stacks import committed, everything


def _alerts(plans: Sequence[ServicePlan]) -> set[str]:
    (rules,) = [plan for plan in plans if plan.name == "alert-rules"]
    return {
        rule["alert"]
        for part in rules.objects
        for group in part.manifest["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }


def _probed(plans: Sequence[ServicePlan]) -> set[str]:
    (probes,) = [plan for plan in plans if plan.name == "probes"]
    return {part.manifest["spec"]["jobName"] for part in probes.objects}


def test_production_hears_of_mlflow_and_of_its_database() -> None:
    assert {"MLflowServerDown", "FeatureServerDown", "PostgreSQLDown"} <= _alerts(
        committed("production")
    )
    assert {"probe-mlflow", "probe-feast", "probe-consoles"} == _probed(committed("production"))


def test_the_other_region_hears_of_no_service_that_sleeps_there() -> None:
    alerts = _alerts(committed("dr"))
    assert not {"MLflowServerDown", "FeatureServerDown", "MLflowErrorBudgetBurn"} & alerts
    assert {"ClusterUnavailable", "DatabaseReplicaLag"} <= alerts
    assert not {"probe-mlflow", "probe-feast"} & _probed(committed("dr"))


def test_the_other_region_does_not_miss_an_exporter_that_it_does_not_run() -> None:
    assert "database-exporter" not in {plan.name for plan in committed("dr")}
    assert "PostgreSQLDown" not in _alerts(committed("dr"))


def test_the_api_is_watched_once_it_is_there() -> None:
    assert "APIPodDown" not in _alerts(committed("production"))
    assert {"APIPodDown", "HighErrorRate", "SlowAPIResponse"} <= _alerts(everything())


@pytest.mark.parametrize(
    ("stack", "replicas"), [("production", 2), ("dr", 1)], ids=["production", "the other region"]
)
def test_grafana_has_two_replicas_where_it_has_a_database(stack: str, replicas: int) -> None:
    (plan,) = [plan for plan in committed(stack) if plan.name == "monitoring"]
    (release,) = [part for part in plan.parts if isinstance(part, Release)]
    assert release.values["grafana"]["replicas"] == replicas


def test_prometheus_keeps_what_the_runbook_says() -> None:
    (plan,) = [plan for plan in committed("production") if plan.name == "monitoring"]
    (release,) = plan.releases
    spec = release.values["prometheus"]["prometheusSpec"]
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert (spec["retention"], spec["replicas"]) == ("30d", 2)
    assert claim["resources"] == {"requests": {"storage": "100Gi"}}
    assert spec["resources"] == {
        "requests": {"cpu": "2", "memory": "8Gi"},
        "limits": {"cpu": "4", "memory": "16Gi"},
    }
    assert release.values["alertmanager"]["alertmanagerSpec"]["replicas"] == 3


def test_a_page_of_runbooks_with_an_anchor_of_its_own_is_refused() -> None:
    wrong = with_values(
        document("production"), {"services": {"monitoring": {"runbooks": "https://docs#alerts"}}}
    )
    assert "services.monitoring.runbooks: expected the address of the page" in refusal_of(wrong)

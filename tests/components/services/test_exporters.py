"""What Prometheus reads beside the services' own metrics."""

from __future__ import annotations

import json
from typing import Any

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs]
import pytest

from catalog.charts.crds import BUILT_IN
from catalog.signals.objectives import OBJECTIVES
from catalog.signals.rules import ALERTS, Site
from catalog.signals.sources import SOURCES
from components.services import feast, feast_server, mlflow
from components.services.alert_rules import AlertRulesArgs, alert_rules
from components.services.check import check
from components.services.cloudwatch_exporter import (
    BILLING,
    EVENTS,
    FIGURES,
    REPLICATION,
    CloudWatchExporterArgs,
    cloudwatch_exporter,
    document,
    metric_name,
)
from components.services.cost_metrics import READS, CostMetricsArgs, cost_metrics
from components.services.flows import Pods
from components.services.model_monitors import JOB, model_monitors
from components.services.plan import Object, Release, ServicePlan
from components.services.postgres_exporter import PostgresExporterArgs, postgres_exporter
from components.services.probes import Endpoint, ProbesArgs, probes

CLOUDWATCH = CloudWatchExporterArgs(region="us-east-1", tags={"Project": "mlops-platform"})
RULES = AlertRulesArgs(
    site=Site(runbooks="docs/alerts.md", grafana="https://grafana.example.com"),
    facts={"platform:budget_monthly_usd": 3030},
)
MLFLOW = Endpoint(
    service="mlflow", service_port=80, path="/health", pods=mlflow.PODS, port=mlflow.PORT
)
FEAST = Endpoint(
    service="feast", service_port=6566, path="/health", pods=feast.PODS, port=feast_server.PORT
)
PLANS = {
    "cloudwatch": cloudwatch_exporter(CLOUDWATCH),
    "costs": cost_metrics(CostMetricsArgs(cluster="c", prometheus="http://prometheus:9090")),
    "postgres": postgres_exporter(
        PostgresExporterArgs(host="db.internal", region="us-east-1", passwords="mlops")
    ),
    "probes": probes(
        ProbesArgs(
            endpoints={"mlflow": MLFLOW, "feast": FEAST},
            consoles=["https://grafana"],
            models="https://models/",
        )
    ),
    "rules": alert_rules(RULES),
    "models": model_monitors(),
}


def _objects(plan: ServicePlan, kind: str) -> list[dict[str, Any]]:
    return [dict(part.manifest) for part in plan.objects if part.kind == kind]


OWN = [part for plan in PLANS.values() for part in plan.objects if part.group in BUILT_IN]
"""Objects of Kubernetes' own kinds; the operator's are held to their definitions with all plans."""


@pytest.mark.parametrize("version", ["1.33", "1.36"])
@pytest.mark.parametrize("part", OWN, ids=lambda part: f"{part.kind}-{part.name}")
def test_objects_fit_the_oldest_and_the_newest_kubernetes(part: Object, version: str) -> None:
    kubernetes_validate.validate(dict(part.manifest), version, strict=True)


@pytest.mark.parametrize("plan", ["cloudwatch", "costs"])
def test_an_exporter_counts_once_and_may_do_nothing_else(plan: str) -> None:
    (deployment,) = _objects(PLANS[plan], "Deployment")
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    pod = deployment["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["resources"]["limits"]["memory"]
    (monitor,) = _objects(PLANS[plan], "ServiceMonitor")
    assert monitor["spec"]["endpoints"][0]["honorLabels"]


def test_only_the_costs_exporter_holds_a_token_of_the_cluster_and_it_only_reads() -> None:
    held = {
        name: _objects(PLANS[name], "Deployment")[0]["spec"]["template"]["spec"]
        for name in ("cloudwatch", "costs")
    }
    assert not held["cloudwatch"]["automountServiceAccountToken"]
    assert held["costs"]["automountServiceAccountToken"]
    (role,) = _objects(PLANS["costs"], "ClusterRole")
    assert all(rule["verbs"] == ["get", "list", "watch"] for rule in role["rules"])
    assert "secrets" not in READS[""]


def test_cloudwatch_is_asked_for_exactly_what_the_catalogue_says() -> None:
    asked = {
        metric_name(space, name, statistic)
        for space, figures in FIGURES.items()
        for name, statistic in figures.items()
    }
    asked |= {metric_name("AWS/S3", name, kind) for name, kind in REPLICATION.items()}
    asked.add(metric_name("AWS/S3", "BucketSizeBytes", "Average"))
    asked |= {metric_name("AWS/Events", name, kind) for name, kind in EVENTS.items()}
    asked |= {metric_name("AWS/Billing", name, kind) for name, kind in BILLING.items()}
    assert asked == set(SOURCES["cloudwatch-exporter"])


def test_cloudwatch_is_asked_only_for_the_stacks_own_resources() -> None:
    for job in document(CLOUDWATCH)["discovery"]["jobs"]:
        assert job["searchTags"] == [{"key": "Project", "value": "^mlops-platform$"}]
        assert job["regions"] == ["us-east-1"]


def test_the_bill_is_read_where_aws_keeps_it() -> None:
    elsewhere = CloudWatchExporterArgs(region="us-west-2", tags={})
    jobs = {one["name"]: one for one in document(elsewhere)["customNamespace"]}
    assert jobs["bill"]["regions"] == ["us-east-1"]
    assert jobs["events"]["regions"] == ["us-west-2"]


def test_the_exporters_file_is_the_document() -> None:
    (files,) = _objects(PLANS["cloudwatch"], "ConfigMap")
    assert json.loads(files["data"]["config.json"]) == document(CLOUDWATCH)


def test_probes_have_the_names_that_the_alerts_select() -> None:
    names = {probe["spec"]["jobName"] for probe in _objects(PLANS["probes"], "Probe")}
    assert names == {"probe-mlflow", "probe-feast", "probe-consoles", "probe-models"}
    for name in names:
        assert any(f'job="{name}"' in alert.condition for alert in ALERTS)


def test_the_prober_reaches_what_it_asks_and_no_more() -> None:
    reached = {
        flow.target.labels["app.kubernetes.io/name"]
        for flow in PLANS["probes"].flows
        if isinstance(flow.target, Pods) and flow.name.startswith("probes-ask")
    }
    assert reached == {"mlflow", "feast-feature-server"}


def test_the_gateways_metrics_have_the_job_that_objectives_select() -> None:
    gateway = PLANS["models"].objects[0].manifest["spec"]["podMetricsEndpoints"][0]
    assert gateway["relabelings"] == [{"targetLabel": "job", "replacement": JOB}]
    servers = PLANS["models"].objects[1].manifest["spec"]
    assert servers["selector"]["matchExpressions"][0]["key"] == "serving.kserve.io/inferenceservice"
    (kserve,) = [one for one in OBJECTIVES if one.name == "kserve"]
    assert f'job="{JOB}"' in kserve.requests


def test_figures_of_the_stack_file_are_recorded() -> None:
    facts = PLANS["rules"].objects[0].manifest["spec"]["groups"][0]["rules"]
    assert facts == [{"record": "platform:budget_monthly_usd", "expr": "vector(3030)"}]


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_custom_resources_and_values_fit_their_contracts(plan: ServicePlan) -> None:
    """Whatever the plan waits for stands in other plans, so it is taken as it is."""
    parts = [
        Object(name=part.name, manifest=part.manifest)
        if isinstance(part, Object)
        else Release(name=part.name, chart=part.chart, values=part.values)
        for part in plan.parts
    ]
    check([ServicePlan(name=plan.name, parts=parts)], ())

"""A model is scaled by an HPA, or by KEDA on what Prometheus knows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from catalog.charts.crds import wrong_object
from catalog.signals.expressions import metrics_of
from catalog.signals.sources import SOURCE_OF
from components.services.model import Canary, ModelArgs, model
from components.services.model_autoscaler import Autoscaler, Hpa, Keda, Metric, query
from tests.prometheus_tools import ran

METRICS: tuple[Metric, ...] = get_args(Metric)
PROMETHEUS = "http://kube-prometheus-stack-prometheus.monitoring.svc:9090"


def _args(autoscaler: Autoscaler, canary: Canary | None = None) -> ModelArgs:
    return ModelArgs(
        name="churn",
        model_format="sklearn",
        storage_uri="s3://models/churn/v1",
        host="models.example.com",
        min_replicas=2,
        max_replicas=10,
        autoscaler=autoscaler,
        cpu="1",
        memory="2Gi",
        timeout_seconds=60,
        canary=canary,
    )


def _services(args: ModelArgs) -> list[Mapping[str, Any]]:
    return [one.manifest for one in model(args).objects if one.kind == "InferenceService"]


def _class(service: Mapping[str, Any]) -> str:
    return service["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"]


def test_an_hpa_scales_on_the_processors_load() -> None:
    (service,) = _services(_args(Hpa(cpu_percent=70)))
    predictor = service["spec"]["predictor"]
    assert _class(service) == "hpa"
    assert (predictor["scaleMetric"], predictor["scaleTarget"]) == ("cpu", 70)
    assert "autoScaling" not in predictor


@pytest.mark.parametrize("metric", METRICS)
def test_keda_scales_on_a_metric_as_kserves_webhook_wants_it(metric: Metric) -> None:
    """No scaleMetric beside it, a query, and `value` with the type of that name."""
    (service,) = _services(_args(Keda(metric=metric, target=40)))
    predictor = service["spec"]["predictor"]
    assert _class(service) == "keda"
    assert not {"scaleMetric", "scaleTarget"} & set(predictor)
    (scaled,) = predictor["autoScaling"]["metrics"]
    assert scaled["type"] == "External"
    asked = scaled["external"]["metric"]
    assert (asked["backend"], asked["serverAddress"]) == ("prometheus", PROMETHEUS)
    assert asked["query"] == query(metric, "churn", "models")
    assert scaled["external"]["target"] == {"type": "Value", "value": "40"}


@pytest.mark.parametrize("metric", METRICS)
def test_the_service_fits_kserves_definition(metric: Metric) -> None:
    for service in _services(_args(Keda(metric=metric, target=40))):
        assert list(wrong_object(service)) == []


def test_a_canary_is_scaled_by_its_own_requests() -> None:
    canary = Canary(storage_uri="s3://models/churn/v2", percent=10)
    args = _args(Keda(metric="requests_per_second", target=40), canary)
    queries = [
        service["spec"]["predictor"]["autoScaling"]["metrics"][0]["external"]["metric"]["query"]
        for service in _services(args)
    ]
    assert 'destination_service_name="churn-predictor"' in queries[0]
    assert 'destination_service_name="churn-canary-predictor"' in queries[1]


@pytest.mark.parametrize("metric", METRICS)
def test_a_query_reads_metrics_that_something_exports(metric: Metric) -> None:
    assert metrics_of(query(metric, "churn", "models")) <= set(SOURCE_OF)


@pytest.mark.control_plane
def test_prometheus_gives_the_total_of_the_models_own_pods(tmp_path: Path) -> None:
    """Series of the model, of its canary and of another namespace, through promtool."""
    seen = 'istio_requests_total{job="model-gateway",destination_service_name="%s",code="%s"}'
    took = (
        'istio_request_duration_milliseconds_sum{job="model-gateway",destination_service_name="%s"}'
    )
    load = 'DCGM_FI_DEV_GPU_UTIL{exported_namespace="%s",exported_pod="%s",gpu="%s"}'
    series = {
        seen % ("churn-predictor", "200"): "0+2400x20",
        seen % ("churn-predictor", "503"): "0+600x20",
        seen % ("churn-canary-predictor", "200"): "0+6000x20",
        took % "churn-predictor": "0+480000x20",
        took % "churn-canary-predictor": "0+60000x20",
        load % ("models", "churn-predictor-1", "0"): "90x20",
        load % ("models", "churn-predictor-1", "1"): "70x20",
        load % ("models", "churn-predictor-2", "0"): "60x20",
        load % ("models", "churn-canary-predictor-1", "0"): "99x20",
        load % ("data-science", "churn-predictor-1", "0"): "99x20",
    }
    totals = {"requests_per_second": 50, "requests_in_flight": 8, "gpu_percent": 140}
    asked = [
        {
            "expr": query(metric, "churn", "models"),
            "eval_time": "10m",
            "exp_samples": [{"labels": "{}", "value": totals[metric]}],
        }
        for metric in METRICS
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": asked,
    }
    path = tmp_path / "queries.json"
    path.write_text(json.dumps({"evaluation_interval": "1m", "tests": [test]}))
    ran("promtool", "test", "rules", path)


def test_the_weighted_route_goes_before_the_one_that_kserve_makes() -> None:
    """Both have the model's name; Istio prefers a prefix to KServe's regular expression."""
    canary = Canary(storage_uri="s3://models/churn/v2", percent=10)
    (route,) = [
        one.manifest
        for one in model(_args(Hpa(cpu_percent=70), canary)).objects
        if one.kind == "HTTPRoute"
    ]
    (rule,) = route["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    assert [one["weight"] for one in rule["backendRefs"]] == [90, 10]

"""The services of both committed stacks: sound, ordered, restricted, and refused when wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs]
import pytest

from catalog.charts import CHARTS
from catalog.charts.crds import BUILT_IN
from catalog.kubernetes import VERSIONS
from catalog.namespaces import NAMESPACES
from components.services.check import check
from components.services.order import NODES, PlanError, ordered
from components.services.plan import Object, Release, ServicePlan
from infra.services.anchors import anchor_names
from infra.settings import SettingsError
from tests.infra.services.stacks import (
    APPLICATIONS,
    DIGEST,
    GPU_MODEL,
    MODEL,
    committed,
    judge,
    plans_of,
    settings_of,
)

STACKS = ("production", "dr")
ISSUER = "https://login.company.com/oauth2/default"
OIDC = {
    "access": {
        "oidc": {
            "issuer": ISSUER,
            "authorization": f"{ISSUER}/v1/authorize",
            "token": f"{ISSUER}/v1/token",
            "userinfo": f"{ISSUER}/v1/userinfo",
        }
    }
}


def objects(plans: tuple[ServicePlan, ...] | list[ServicePlan]) -> Iterator[tuple[str, Object]]:
    for plan in plans:
        for one in plan.objects:
            yield f"{plan.name}/{one.name}", one


@pytest.mark.parametrize("stack", STACKS)
def test_every_value_and_object_fits_its_contract(stack: str) -> None:
    judge(settings_of(stack))


@pytest.mark.parametrize(
    "services",
    [
        OIDC,
        {"scaling": {"scaler": "cluster-autoscaler"}},
        {"serving": {"models": [MODEL]}},
        {"serving": {"models": [GPU_MODEL]}},
        {"learning": {"feast": {"online_store": {"kind": "managed"}}}},
        {"applications": APPLICATIONS},
    ],
    ids=[
        "single sign-on",
        "cluster-autoscaler",
        "a model with a canary",
        "a model that KEDA scales",
        "a managed store",
        "applications",
    ],
)
def test_every_choice_fits_its_contract(services: dict[str, Any]) -> None:
    judge(settings_of("production", services))


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_own_kinds_fit_every_supported_version(version: str) -> None:
    for key, one in objects(committed("production")):
        if one.group in BUILT_IN:
            try:
                kubernetes_validate.validate(dict(one.manifest), version, strict=True)
            except kubernetes_validate.ValidationError as error:
                pytest.fail(f"{key}: {error.message}")


@pytest.mark.parametrize("stack", STACKS)
def test_every_service_waits_for_what_it_needs_and_nothing_else_does(stack: str) -> None:
    order = ordered(committed(stack))
    place = {key: position for position, key in enumerate(order.parts)}
    for key, needs in order.needs.items():
        for need in needs:
            assert need.startswith("@") or place[need] < place[key]
    certificates = order.needs["model-gateway/certificate-models-gateway"]
    assert "cert-manager/release" in certificates
    assert NODES in order.needs["keda/release"]
    assert NODES not in order.needs["kserve/definitions"]


def test_custom_resources_wait_until_their_kind_is_accepted() -> None:
    plans = committed("production")
    order = ordered(plans)
    provided = {group for plan in plans for group in plan.provides}
    for key, one in objects(plans):
        if one.group in BUILT_IN or one.group == "snapshot.storage.k8s.io":
            continue
        assert one.group in provided, f"{key}: nobody provides {one.group}"
        providers = [
            f"{plan.name}/{plan.provides[one.group]}"
            for plan in plans
            if one.group in plan.provides
        ]
        assert set(providers) <= order.needs[key] | {key}


def test_an_application_comes_by_digest_with_the_runbooks_figures() -> None:
    plans = plans_of(settings_of("production", {"applications": APPLICATIONS}))
    (api,) = [plan for plan in plans if plan.name == "platform-api"]
    made = {one.kind: one.manifest for one in api.objects}
    (container,) = made["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["image"].endswith(f".amazonaws.com/mlops-platform/platform-api@{DIGEST}")
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"
    scaler = made["HorizontalPodAutoscaler"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 15)
    loads = {one["resource"]["name"]: one["resource"]["target"] for one in scaler["metrics"]}
    assert loads["cpu"]["averageUtilization"] == 70
    assert loads["memory"]["averageUtilization"] == 80
    assert made["Role"]["rules"][0]["resources"] == ["inferenceservices"]
    assert api.hosts == ["api.mlops-platform.com"]


def test_a_chart_is_installed_once() -> None:
    names = [release.chart.name for plan in committed("production") for release in plan.releases]
    assert sorted(names) == sorted(set(names))


def pods(manifest: Any) -> Iterator[dict[str, Any]]:
    """Pod specifications in a manifest."""
    if manifest["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
        yield manifest["spec"]["template"]["spec"]
    if manifest["kind"] == "CronJob":
        yield manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def test_our_own_pods_are_restricted_pinned_and_bounded() -> None:
    seen = 0
    for key, one in objects(committed("production")):
        for pod in pods(one.manifest):
            # Where the host is read, only root may.
            reads_host = NAMESPACES.get(one.namespace or "") == "privileged"
            assert pod["securityContext"].get("runAsNonRoot") or reads_host, key
            assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, key
            for container in pod["containers"]:
                seen += 1
                security = container["securityContext"]
                assert security["capabilities"] == {"drop": ["ALL"]}, key
                assert security["allowPrivilegeEscalation"] is False, key
                assert ":" in container["image"], key
                assert not container["image"].endswith(":latest"), key
                assert container["resources"]["limits"]["memory"], key
                assert container["resources"]["requests"]["cpu"], key
    assert seen >= 5


def test_no_secret_is_in_a_value() -> None:
    """Passwords come from Secrets that external-secrets fills."""
    for plan in committed("production"):
        for one in plan.objects:
            assert one.kind != "Secret", f"{plan.name}/{one.name}"


def test_a_value_laid_over_a_release_reaches_it_and_the_rest_stays() -> None:
    settings = settings_of("production", {"values": {"mlflow": {"resources": {"x": 1}}}})
    release = next(
        release
        for plan in plans_of(settings)
        for release in plan.releases
        if release.chart is CHARTS["mlflow"]
    )
    assert release.values["resources"]["x"] == 1
    assert release.values["resources"]["requests"] == {"cpu": "1", "memory": "2Gi"}


@pytest.mark.parametrize(
    ("services", "said"),
    [
        (
            {"values": {"mlflow": {"replicaCuont": 3}}},
            "mlflow/release: replicaCuont: the chart mlflow 1.11.5 knows no such key",
        ),
        ({"values": {"mlfow": {}}}, "services.values.mlfow: this stack installs no such chart"),
        (
            {"serving": {"models": [{**MODEL, "predictor": {"minReplica": 1}}]}},
            "model-churn/stable: spec.predictor: Additional properties are not allowed",
        ),
    ],
    ids=["an unknown key", "an unknown chart", "an unknown field"],
)
def test_what_would_fail_at_deployment_is_refused_before_anything_registers(
    services: dict[str, Any], said: str
) -> None:
    with pytest.raises(PlanError) as refused:
        judge(settings_of("production", services))
    assert said in str(refused.value)


def test_a_name_that_two_services_claim_is_refused() -> None:
    plans = [ServicePlan(name=name, parts=[], hosts=["a.example.com"]) for name in ("one", "two")]
    with pytest.raises(PlanError, match=r"a\.example\.com: claimed by one and two, expected one"):
        check(plans, [])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"services": {"serving": {"mode": "knative"}}},
            "services.serving.mode: expected standard: upstream covers Knative mode up to",
        ),
        (
            {"services": {"learning": {"mlflow": {"min_replicas": 9, "max_replicas": 3}}}},
            "services.learning.mlflow.min_replicas: expected at most max_replicas (3), not 9",
        ),
        (
            {"services": {"serving": {"models": [MODEL, MODEL]}}},
            "services.serving.models[0].name: expected a name that no other model has",
        ),
        (
            {"services": {"serving": {"models": [{**MODEL, "gpus": 1}]}}, "gpu": None},
            "services.serving.models[0].gpus: expected 0: this stack has no GPU pool",
        ),
        (
            {
                "services": {
                    "serving": {
                        "models": [
                            {
                                **MODEL,
                                "canary": {"storage_uri": MODEL["storage_uri"], "percent": 10},
                            }
                        ]
                    }
                }
            },
            "canary.storage_uri: expected another version than the model's own",
        ),
        (
            {"services": {"serving": {"models": [{**MODEL, "gpus": 2, "canary": None}]}}},
            "models[0].max_replicas: expected at most 6: the quota of models is 280 cores",
        ),
        (
            {"services": {"serving": {"models": [{**MODEL, "cpu": "15500m"}]}}},
            "services.serving.models[0].max_replicas: expected at most 9: the quota",
        ),
        (
            {"services": {"serving": {"models": [{**MODEL, "format": "pickle"}]}}},
            "services.serving.models[0].format: expected a format that KServe serves",
        ),
    ],
    ids=[
        "knative",
        "bounds",
        "a name twice",
        "no GPUs",
        "a canary of itself",
        "more GPUs than there are",
        "more cores than there are",
        "a format",
    ],
)
def test_contradictions_are_refused_naming_their_key(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of("production", **changed)
    assert said in str(refused.value)


def _scaled(**autoscaler: Any) -> dict[str, Any]:
    return {"services": {"serving": {"models": [{**MODEL, "autoscaler": autoscaler}]}}}


def _on_gpus(target: int = 70, **changed: Any) -> dict[str, Any]:
    model = {**GPU_MODEL, "autoscaler": {**GPU_MODEL["autoscaler"], "target": target}}
    return {"services": {"serving": {"models": [{**model, **changed}]}}}


def _time_sliced() -> dict[str, Any]:
    gpu = settings_of("production").gpu
    assert gpu is not None
    document = gpu.model_dump(mode="json")
    return {**document, "sharing": {"strategy": "time-slicing", "replicas": 4}}


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        (_scaled(kind="keda"), "autoscaler.metric", "expected a value, as KEDA counts pods by it"),
        (
            _scaled(kind="keda", metric="requests_per_second"),
            "autoscaler.target",
            "expected a value, as KEDA counts pods by it",
        ),
        (
            _scaled(metric="requests_per_second", target=5),
            "autoscaler.metric",
            "expected null: an HPA scales on cpu_percent",
        ),
        (
            _scaled(kind="keda", metric="requests_per_second", target=0),
            "autoscaler.target",
            "expected what one pod takes of the metric, 1 to 100000",
        ),
        (
            _scaled(kind="keda", metric="queue", target=5),
            "autoscaler.metric",
            'expected "requests_per_second", "requests_in_flight" or "gpu_percent"',
        ),
        (_scaled(kind="kpa"), "autoscaler.kind", 'expected "hpa", on cpu_percent, or "keda"'),
        (
            _scaled(kind="keda", metric="gpu_percent", target=70),
            "autoscaler.metric",
            "expected a metric of requests: the model has no GPUs",
        ),
        (
            {**_on_gpus(), "gpu": _time_sliced()},
            "autoscaler.metric",
            "expected a metric of requests: the model has shares of GPUs (time-slicing)",
        ),
        (
            _on_gpus(target=100),
            "autoscaler.target",
            "expected at most 95 percent, so that a busy GPU adds a pod, not 100",
        ),
        (
            _on_gpus(predictor={"scaleMetric": "cpu"}),
            "predictor.scaleMetric",
            "expected it left out: autoscaler decides it, and KServe refuses both",
        ),
        (
            _on_gpus(predictor={"minReplicas": 0}),
            "predictor.minReplicas",
            "expected it left out: the model's own key is min_replicas, not 0",
        ),
        (
            {"services": {"serving": {"models": [{**MODEL, "min_replicas": 0}]}}},
            "min_replicas",
            (
                "expected 1 to 100 pods at least (without one, nothing in Standard mode holds the "
                "requests that would start it), not 0"
            ),
        ),
    ],
)
def test_a_scaler_that_contradicts_its_model_is_refused(
    changed: dict[str, Any], key: str, said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of("production", **changed)
    assert f"services.serving.models[0].{key}: {said}" in str(refused.value)


def test_a_wait_for_what_the_stack_never_makes_is_refused_before_anything_registers() -> None:
    settings = settings_of("production")
    gone = anchor_names(settings) - {"@identity/karpenter"}
    with pytest.raises(PlanError) as refused:
        check(committed("production"), gone)
    said = str(refused.value)
    assert "karpenter/controller: waits for @identity/karpenter, which this stack does not" in said


def test_releases_that_would_take_their_objects_along_are_protected() -> None:
    guarded = {name for name, chart in CHARTS.items() if chart.crds == "templates"}
    assert {"kserve-crd", "external-secrets", "keda", "karpenter-crd"} <= guarded
    installed = {
        part.chart.name
        for plan in committed("production")
        for part in plan.parts
        if isinstance(part, Release)
    }
    assert guarded & installed >= {"kserve-crd", "external-secrets", "keda", "karpenter-crd"}

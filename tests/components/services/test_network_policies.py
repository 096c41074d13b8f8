"""The flow matrix: what the named flows let through, and nothing else."""

from __future__ import annotations

import pytest

from components.services.flows import Flow, Pods
from components.services.network_policies import Addresses, network_policies
from components.services.plan import ServicePlan
from components.services.scrapes import scrapes
from rehearsal.providers.kubernetes.webhooks import SERVED_BY
from tests.components.services.flow_matrix import Endpoint, FlowMatrix
from tests.infra.services.stacks import everything

DATABASE = Endpoint(address="10.0.224.10")
API = Endpoint(address="172.20.0.1")
METADATA = Endpoint(address="169.254.169.254")
AGENT = Endpoint(address="169.254.170.23")
INTERNET = Endpoint(address="151.101.1.1")
DNS = Endpoint("kube-system", {"k8s-app": "kube-dns"})


def app(namespace: str, name: str) -> Endpoint:
    return Endpoint(namespace, {"app.kubernetes.io/name": name})


MLFLOW, FEAST = app("mlops-platform", "mlflow"), app("mlops-platform", "feast-feature-server")
PROMETHEUS, GRAFANA = app("monitoring", "prometheus"), app("monitoring", "grafana")
PREDICTOR = Endpoint("models", {"app": "churn-predictor"})
TEAM, OTHER = app("data-science", "notebook"), app("ml-engineering", "notebook")
STEP = Endpoint("data-science", {"workflows.argoproj.io/completed": "false"})
GATEWAY = Endpoint("istio-system", {"gateway.networking.k8s.io/gateway-name": "models"})
API_APP, WEB_UI = app("mlops-platform", "platform-api"), app("mlops-platform", "web-ui")
ESO = app("external-secrets", "external-secrets")
KEDA = Endpoint("keda", {"app": "keda-operator"})

ALLOWED = [
    (MLFLOW, DATABASE, 5432),
    (MLFLOW, AGENT, 80),
    (MLFLOW, INTERNET, 443),
    (FEAST, DATABASE, 6379),
    (GATEWAY, PREDICTOR, 8080),
    (GATEWAY, TEAM, 8080),
    (PREDICTOR, AGENT, 80),
    (PREDICTOR, FEAST, 6566),
    (TEAM, MLFLOW, 5000),
    (TEAM, FEAST, 6566),
    (TEAM, TEAM, 8080),
    (STEP, API, 443),
    (Endpoint("training", STEP.labels), API, 443),
    (Endpoint("training", STEP.labels), AGENT, 80),
    (PROMETHEUS, MLFLOW, 5000),
    (PROMETHEUS, PREDICTOR, 8080),
    (GRAFANA, PROMETHEUS, 9090),
    (GRAFANA, DATABASE, 5432),
    (API_APP, MLFLOW, 5000),
    (API_APP, FEAST, 6566),
    (API_APP, API, 443),
    (PROMETHEUS, API_APP, 8000),
    (PROMETHEUS, DNS, 9153),
    (KEDA, PROMETHEUS, 9090),
    (ESO, API, 443),
    (Endpoint(address="10.0.9.9"), MLFLOW, 5000),
    (Endpoint(address="10.0.9.9"), GATEWAY, 8443),
]
FORBIDDEN = [
    (KEDA, PREDICTOR, 8080),
    (PREDICTOR, DATABASE, 5432),
    (PREDICTOR, MLFLOW, 5000),
    (PREDICTOR, METADATA, 80),
    (MLFLOW, METADATA, 80),
    (MLFLOW, METADATA, 443),
    (TEAM, OTHER, 8080),
    (TEAM, DATABASE, 5432),
    (TEAM, PREDICTOR, 8080),
    (TEAM, API, 443),
    (TEAM, PROMETHEUS, 9090),
    (TEAM, GRAFANA, 3000),
    (TEAM, METADATA, 80),
    (OTHER, TEAM, 8080),
    (STEP, DATABASE, 5432),
    (STEP, METADATA, 80),
    (Endpoint("argo"), MLFLOW, 5000),
    (Endpoint("argo"), FEAST, 6566),
    (MLFLOW, PREDICTOR, 8080),
    (MLFLOW, API, 443),
    (GATEWAY, MLFLOW, 5000),
    (GATEWAY, TEAM, 8081),
    (API_APP, DATABASE, 5432),
    (WEB_UI, API, 443),
    (WEB_UI, DATABASE, 5432),
    (TEAM, API_APP, 8000),
    (PROMETHEUS, WEB_UI, 8080),
    (GATEWAY, DATABASE, 5432),
    (GRAFANA, MLFLOW, 5000),
    (INTERNET, MLFLOW, 5000),
    (INTERNET, GATEWAY, 8443),
    (Endpoint(address="10.0.9.9"), PREDICTOR, 8080),
    (MLFLOW, INTERNET, 80),
]


@pytest.fixture(scope="module")
def matrix() -> FlowMatrix:
    return FlowMatrix(
        one.manifest for plan in everything() for one in plan.objects if one.kind == "NetworkPolicy"
    )


def told(case: tuple[Endpoint, Endpoint, int]) -> str:
    ends = [one.address or f"{one.namespace}/{'+'.join(one.labels.values())}" for one in case[:2]]
    return f"{ends[0]} to {ends[1]}:{case[2]}"


@pytest.mark.parametrize("case", ALLOWED, ids=told)
def test_a_named_flow_passes(matrix: FlowMatrix, case: tuple[Endpoint, Endpoint, int]) -> None:
    assert matrix.allows(*case)


@pytest.mark.parametrize("case", FORBIDDEN, ids=told)
def test_everything_else_is_denied(
    matrix: FlowMatrix, case: tuple[Endpoint, Endpoint, int]
) -> None:
    assert not matrix.allows(*case)


def test_every_pod_may_ask_the_clusters_dns(matrix: FlowMatrix) -> None:
    for pod in (MLFLOW, PREDICTOR, TEAM, GATEWAY, API_APP, WEB_UI):
        assert matrix.allows(pod, DNS, 53, "UDP")
        assert not matrix.allows(pod, DNS, 9153)


def test_between_pods_exactly_the_named_flows_pass(matrix: FlowMatrix) -> None:
    """Every pair of the pods that flows name, on every port that flows name."""
    flows = [flow for plan in everything() for flow in plan.flows]
    within = [
        (flow.source, flow.target, flow)
        for flow in flows
        if isinstance(flow.source, Pods) and isinstance(flow.target, Pods)
    ]
    pods = {
        (one.namespace, tuple(sorted(one.labels.items()))) for a, b, _ in within for one in (a, b)
    }
    endpoints = [Endpoint(namespace, dict(labels)) for namespace, labels in sorted(pods)]
    ports = sorted({port for _, _, flow in within for port in flow.ports if flow.protocol == "TCP"})
    passed = 0
    for source in endpoints:
        for target in endpoints:
            if source.namespace == target.namespace == "kube-system":
                continue
            for port in ports:
                named = any(
                    covers(a, source)
                    and covers(b, target)
                    and (port in flow.ports or not flow.ports)
                    for a, b, flow in within
                    if flow.protocol == "TCP"
                )
                open_source = source.namespace == "kube-system"
                open_target = target.namespace == "kube-system"
                let = matrix.allows(source, target, port)
                passed += let
                if not open_source and not open_target:
                    assert let is named, f"{source} → {target}:{port}"
    assert passed > 50


def test_what_monitors_read_is_let_through(matrix: FlowMatrix) -> None:
    """From the monitors themselves, which know nothing of flows."""
    addresses = {"nodes": Endpoint(address="10.0.1.10"), "api-server": Endpoint(address="10.0.1.9")}
    for one in scrapes(everything()):
        target = (
            Endpoint(one.target.namespace, dict(one.target.labels))
            if isinstance(one.target, Pods)
            else addresses[one.target]
        )
        assert matrix.allows(PROMETHEUS, target, one.port), one


def test_what_probes_ask_is_let_through(matrix: FlowMatrix) -> None:
    prober = app("monitoring", "prometheus-blackbox-exporter")
    assert matrix.allows(PROMETHEUS, prober, 9115)
    for target, port in ((MLFLOW, 5000), (FEAST, 6566), (WEB_UI, 8080)):
        assert matrix.allows(prober, target, port)
    for door in (Endpoint(address="10.0.9.9"), INTERNET):
        assert matrix.allows(prober, door, 443)


WEBHOOKS = {
    "cert-manager": (
        Endpoint("cert-manager", {"app.kubernetes.io/component": "webhook"}), 10250,
    ),
    "external-secrets": (app("external-secrets", "external-secrets-webhook"), 10250),
    "aws-load-balancer-controller": (app("kube-system", "aws-load-balancer-controller"), 9443),
    "keda": (Endpoint("keda", {"app": "keda-admission-webhooks"}), 9443),
    "kserve-resources": (
        Endpoint("kserve", {"control-plane": "kserve-controller-manager"}), 9443,
    ),
    "istiod": (Endpoint("istio-system", {"app": "istiod"}), 15017),
    "kueue": (app("kueue-system", "kueue"), 9443),
    "kubeflow-trainer": (Endpoint("trainer-system", {}), 9443),
    "kube-prometheus-stack": (
        Endpoint("monitoring", {"app": "kube-prometheus-stack-operator"}), 10250,
    ),
}  # fmt: skip
"""Pods and port of each chart's webhook, as its templates have them."""


def test_the_api_server_reaches_every_webhook_and_extension(matrix: FlowMatrix) -> None:
    installed = {release.chart.name for plan in everything() for release in plan.releases}
    served = {release for release, _ in SERVED_BY.values()} & installed
    assert served <= WEBHOOKS.keys()
    for pods, port in WEBHOOKS.values():
        assert matrix.allows(Endpoint(address="10.0.1.9"), pods, port), pods
    metrics = Endpoint("keda", {"app": "keda-operator-metrics-apiserver"})
    assert matrix.allows(Endpoint(address="10.0.1.9"), metrics, 6443)


def covers(pods: Pods, endpoint: Endpoint) -> bool:
    return pods.namespace == endpoint.namespace and all(
        endpoint.labels.get(key) == value for key, value in pods.labels.items()
    )


def test_a_namespace_without_flows_is_shut() -> None:
    addresses = Addresses(vpc="10.0.0.0/16", private=["10.0.0.0/18"], services="172.20.0.0/16")
    source, target = Pods(namespace="a", labels={"app": "x"}), Pods(namespace="b")
    flow = Flow(name="a-to-b", source=source, target=target, ports=(80,))
    plan = network_policies([ServicePlan(name="p", parts=[], flows=[flow])], ["a", "b"], addresses)
    matrix = FlowMatrix(one.manifest for one in plan.objects)
    x, y, b = Endpoint("a", {"app": "x"}), Endpoint("a", {"app": "y"}), Endpoint("b", {})
    assert matrix.allows(x, b, 80)
    assert not matrix.allows(x, b, 81)
    assert not matrix.allows(y, b, 80)
    assert not matrix.allows(b, x, 80)
    assert not matrix.allows(x, INTERNET, 443)

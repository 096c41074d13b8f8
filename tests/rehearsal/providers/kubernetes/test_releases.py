"""Simulated releases: checked as Helm and the API server check them, with what they bring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.charts import CHARTS
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Described
from rehearsal.providers.kubernetes.provider import KubernetesProvider
from rehearsal.providers.kubernetes.releases import TYPE
from rehearsal.providers.plugin import Found, PluginError, Subject
from tests.rehearsal.providers.kubernetes.test_provider import KUBECONFIG

INFERENCE_SERVICE = "kubernetes:serving.kserve.io/v1beta1:InferenceService"


@pytest.fixture
def provider(tmp_path: Path) -> KubernetesProvider:
    made = KubernetesProvider(Objects(tmp_path / "objects"), lambda region, name: Described("1.35"))
    made.configure({"kubeconfig": KUBECONFIG})
    return made


def namespace(provider: KubernetesProvider, name: str) -> None:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    provider.create(Subject("kubernetes:core/v1:Namespace", name), body)


def inputs(name: str, **changed: Any) -> dict[str, Any]:
    chart = CHARTS[name]
    return {
        "chart": chart.source if chart.source.startswith("oci://") else chart.chart_name,
        "name": name,
        "namespace": chart.namespace,
        "version": chart.version,
        "values": {},
        **changed,
    }


def install(provider: KubernetesProvider, name: str, **changed: Any) -> Found:
    return provider.create(Subject(TYPE, name), inputs(name, **changed))


CERTIFICATE = {
    "apiVersion": "cert-manager.io/v1",
    "kind": "Certificate",
    "metadata": {"name": "web", "namespace": "cert-manager"},
    "spec": {"secretName": "web", "dnsNames": ["web"], "issuerRef": {"name": "internal"}},
}


def certificate(provider: KubernetesProvider) -> Found:
    return provider.create(Subject("kubernetes:cert-manager.io/v1:Certificate", "web"), CERTIFICATE)


def test_a_release_brings_its_definitions_and_serves_its_webhook(
    provider: KubernetesProvider,
) -> None:
    namespace(provider, "cert-manager")
    with pytest.raises(PluginError, match="no matches for kind"):
        certificate(provider)
    found = install(provider, "cert-manager", values={"crds": {"enabled": True}})
    assert found.id == "cert-manager/cert-manager"
    assert certificate(provider).id == "cert-manager/web"


def test_without_its_controller_a_definition_alone_is_not_enough(
    provider: KubernetesProvider,
) -> None:
    namespace(provider, "kserve")
    install(provider, "kserve-crd")
    service: dict[str, Any] = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "churn", "namespace": "kserve"},
        "spec": {"predictor": {}},
    }
    with pytest.raises(PluginError, match="failed calling webhook .* kserve-resources"):
        provider.create(
            Subject("kubernetes:serving.kserve.io/v1beta1:InferenceService", "x"), service
        )


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("mlflow", {"values": {"replicaCuont": 3}}, "replicaCuont: the chart mlflow"),
        ("mlflow", {"version": "1.0.0"}, "no such version, expected"),
        ("mlflow", {"chart": "mlflow-server"}, "the catalogue pins no such chart"),
        ("knative-operator", {}, "supports Kubernetes 1.33 to 1.34, not 1.35"),
        (
            "mlflow",
            {"values": {"serviceMonitor": {"enabled": True}}},
            "asks for a ServiceMonitor, and its CustomResourceDefinition is not installed",
        ),
    ],
)
def test_what_helm_or_the_chart_would_not_take_is_refused(
    provider: KubernetesProvider, name: str, changed: dict[str, Any], said: str
) -> None:
    namespace(provider, CHARTS[name].namespace)
    with pytest.raises(PluginError, match=said):
        install(provider, name, **changed)


def test_a_release_needs_its_namespace_and_its_name_for_itself(
    provider: KubernetesProvider,
) -> None:
    with pytest.raises(PluginError, match='namespaces "keda" not found'):
        install(provider, "keda")
    namespace(provider, "keda")
    install(provider, "keda")
    with pytest.raises(PluginError, match="cannot re-use a name"):
        install(provider, "keda")


def test_uninstalling_deletes_objects_whose_definitions_are_not_kept(
    provider: KubernetesProvider,
) -> None:
    namespace(provider, "keda")
    found = install(provider, "keda")
    scaled: dict[str, Any] = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "one", "namespace": "keda"},
        "spec": {"scaleTargetRef": {"name": "one"}, "triggers": [{"type": "cpu", "metadata": {}}]},
    }
    subject = Subject("kubernetes:keda.sh/v1alpha1:ScaledObject", "one")
    made = provider.create(subject, scaled)
    provider.delete(Subject(TYPE, "keda"), found.id, inputs("keda"))
    assert provider.read(subject, made.id, scaled) is None


def test_an_upgrade_keeps_the_release_and_a_move_replaces_it(provider: KubernetesProvider) -> None:
    subject, before = Subject(TYPE, "keda"), inputs("keda")
    changes = provider.diff(subject, before, {**before, "values": {"operator": {}}})
    assert (changes.changed, changes.replaces) == (["values"], [])
    assert provider.diff(subject, before, {**before, "namespace": "x"}).replaces == ["namespace"]


def test_an_input_that_releases_do_not_have_is_refused(provider: KubernetesProvider) -> None:
    checked = provider.check(Subject(TYPE, "keda"), {**inputs("keda"), "atomicc": True}, {})
    assert [failure.prop for failure in checked.failures] == ["atomicc"]

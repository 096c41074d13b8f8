"""Rules of a stack file about its services: bounds, what upstream covers, what fits the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog import knative
from catalog.charts import CHARTS
from catalog.charts.support import source
from infra.capacity import Capacity, cores, gib, shared
from infra.delivery_settings import REPOSITORY
from infra.learning_settings import Scaled
from infra.problems import Problem, judged, unexpected
from infra.public_names import FIXED, MODELS
from infra.serving_settings import ModelSettings
from infra.window_rules import Windows, meeting, too_short

if TYPE_CHECKING:
    from infra.settings import Settings

OWN = {"minReplicas": "min_replicas", "maxReplicas": "max_replicas", "timeout": "timeout_seconds"}
"""Fields of KServe's predictor for which a model has keys of its own, which are judged."""
KEDA_OWNS = ("scaleMetric", "scaleMetricType", "scaleTarget", "autoScaling")
"""Those that the choice of KEDA decides; KServe's webhook refuses others beside it."""
GPU_PERCENT = 95
"""Load of a GPU by which pods are counted, at most."""
CACHE_WINDOW = 60
"""Minutes of a window of ElastiCache, at least."""


def _chart_versions(settings: Settings) -> Iterator[Problem]:
    version = settings.cluster.version
    for name in sorted(_installed(settings)):
        chart = CHARTS[name]
        if version not in chart.kubernetes:
            told = f" ({source(name)})" if source(name) else ""
            text = (
                f"expected {chart.kubernetes}, which the chart {name} {chart.version} supports, "
                f'not "{version}"; take such a version, or bump the chart in '
                f"catalog/charts/pins.py first{told}"
            )
            yield Problem(path="cluster.version", text=text)


def _installed(settings: Settings) -> set[str]:
    """Charts but for the alternatives that nobody chose."""
    scalers = {"cluster-autoscaler", "karpenter", "karpenter-crd"}
    chosen = settings.services.scaling.scaler
    left_out = {name for name in scalers if not name.startswith(chosen)}
    # No stack has Knative.
    return set(CHARTS) - left_out - {"knative-operator"}


def _scaled(settings: Settings) -> Iterator[Problem]:
    learning = settings.services.learning
    yield from judged(_bounds("services.learning.mlflow", learning.mlflow))
    yield from judged(_bounds("services.learning.feast", learning.feast))


def _own_name(settings: Settings) -> Iterator[Problem]:
    """Two consoles of one name would hide one another."""
    taken = (*FIXED.values(), MODELS)
    host = settings.services.learning.mlflow.host
    if host in taken:
        expected = f"a label that nothing else answers to ({', '.join(taken)} are taken)"
        yield unexpected("services.learning.mlflow.host", expected, host)


def _bounds(path: str, service: Scaled) -> Iterator[Problem]:
    if service.min_replicas > service.max_replicas:
        expected = f"at most max_replicas ({service.max_replicas})"
        yield unexpected(f"{path}.min_replicas", expected, service.min_replicas)


def _online_store(settings: Settings) -> Iterator[Problem]:
    path, store = "services.learning.feast.online_store", settings.services.learning.feast
    windows = Windows(
        daily_key=f"{path}.snapshot_window",
        daily=store.online_store.snapshot_window,
        weekly_key=f"{path}.maintenance_window",
        weekly=store.online_store.maintenance_window,
        least=CACHE_WINDOW,
    )
    yield from too_short(windows)
    yield from meeting(windows)


def _knative(settings: Settings) -> Iterator[Problem]:
    if settings.services.serving.mode != "knative":
        return
    tried = ", ".join(f"{name} {version}" for name, version in knative.TRIED.items())
    expected = (
        f"standard: upstream covers Knative mode up to Kubernetes {knative.KUBERNETES} and Istio "
        f"{knative.ISTIO} (tested with {tried}), this stack has {settings.cluster.version} and "
        f"{CHARTS['istiod'].version}, and the mode is not built (decision 21)"
    )
    yield unexpected("services.serving.mode", expected, "knative")


def _models(settings: Settings) -> Iterator[Problem]:
    models = settings.services.serving.models
    names = [model.name for model in models]
    for place, model in enumerate(models):
        path = f"services.serving.models[{place}]"
        yield from judged(_model(path, model, names))
        if model.gpus and settings.gpu is None:
            yield unexpected(f"{path}.gpus", "0: this stack has no GPU pool", model.gpus)
        yield from judged(_autoscaler(path, model))
        yield from judged(_gpu_percent(path, model, settings))


def _model(path: str, model: ModelSettings, names: list[str]) -> Iterator[Problem]:
    if names.count(model.name) > 1:
        yield unexpected(f"{path}.name", "a name that no other model has", model.name)
    if model.min_replicas > model.max_replicas:
        expected = f"at most max_replicas ({model.max_replicas})"
        yield unexpected(f"{path}.min_replicas", expected, model.min_replicas)
    for key in sorted(set(OWN) & set(model.predictor)):
        expected = f"it left out: the model's own key is {OWN[key]}"
        yield unexpected(f"{path}.predictor.{key}", expected, model.predictor[key])
    if model.canary is None:
        return
    if model.canary.storage_uri == model.storage_uri:
        expected = "another version than the model's own"
        yield unexpected(f"{path}.canary.storage_uri", expected, model.canary.storage_uri)
    if f"{model.name}-canary" in names:
        expected = f"a model list without {model.name}-canary, which is the canary's own name"
        yield unexpected(f"{path}.name", expected, model.name)


def _models_fit(settings: Settings) -> Iterator[Problem]:
    free = shared(settings)
    for place, model in enumerate(settings.services.serving.models):
        most = _most(model, free) // (2 if model.canary else 1)
        if model.max_replicas > most:
            expected = (
                f"at most {most}: the quota of models is {free.cpus} cores, {free.memory_gib} GiB "
                f"and {free.gpus} GPUs, which follow from the pools and the teams' quotas"
            )
            path = f"services.serving.models[{place}].max_replicas"
            yield unexpected(path, expected, model.max_replicas)


def _most(model: ModelSettings, free: Capacity) -> int:
    """Pods of this size that the quota lets in."""
    needs = ((cores(model.cpu), free.cpus), (gib(model.memory), free.memory_gib),
             (model.gpus, free.gpus))  # fmt: skip
    return min(int(there // each) for each, there in needs if each)


def _images(settings: Settings) -> Iterator[Problem]:
    """An image of the platform's own is in a repository that this stack makes."""
    services, known = settings.services, settings.registry.repositories
    wanted = (
        ("applications.platform_api", "platform-api", services.applications.platform_api),
        ("applications.web_ui", "web-ui", services.applications.web_ui),
        ("applications.lease_agent", "lease-agent", services.applications.lease_agent),
        ("delivery.training", REPOSITORY, services.delivery.training),
    )
    for path, repository, image in wanted:
        if image.image_digest and repository not in known:
            expected = f"null, or {repository} among registry.repositories ({', '.join(known)})"
            yield unexpected(f"services.{path}.image_digest", expected, image.image_digest)


def _lease_agent(settings: Settings) -> Iterator[Problem]:
    """One region alone has no lease that an agent could keep."""
    digest = settings.services.applications.lease_agent.image_digest
    if digest and settings.peer is None:
        expected = "null: a platform without a peer has no fence"
        yield unexpected("services.applications.lease_agent.image_digest", expected, digest)


def _autoscaler(path: str, model: ModelSettings) -> Iterator[Problem]:
    """KEDA needs a metric and a target; an HPA takes neither."""
    wanted = model.autoscaler
    for key, value in (("metric", wanted.metric), ("target", wanted.target)):
        if wanted.kind == "keda" and value is None:
            expected = "a value, as KEDA counts pods by it"
            yield unexpected(f"{path}.autoscaler.{key}", expected, value)
        if wanted.kind == "hpa" and value is not None:
            expected = "null: an HPA scales on cpu_percent; a metric of Prometheus is for keda"
            yield unexpected(f"{path}.autoscaler.{key}", expected, value)
    if wanted.kind == "keda":
        for key in sorted(set(KEDA_OWNS) & set(model.predictor)):
            expected = "it left out: autoscaler decides it, and KServe refuses both"
            yield unexpected(f"{path}.predictor.{key}", expected, model.predictor[key])


def _gpu_percent(path: str, model: ModelSettings, settings: Settings) -> Iterator[Problem]:
    """A GPU's load is a pod's own only where the pod has it whole."""
    wanted = model.autoscaler
    if wanted.metric != "gpu_percent":
        return
    strategy = settings.gpu.sharing.strategy if settings.gpu else "none"
    if not model.gpus or strategy != "none":
        why = "has no GPUs" if not model.gpus else f"has shares of GPUs ({strategy})"
        expected = f"a metric of requests: the model {why}, and a share has no load of its own"
        yield unexpected(f"{path}.autoscaler.metric", expected, wanted.metric)
    if wanted.target is not None and wanted.target > GPU_PERCENT:
        expected = f"at most {GPU_PERCENT} percent, so that a busy GPU adds a pod"
        yield unexpected(f"{path}.autoscaler.target", expected, wanted.target)


SERVICE_RULES = (
    _chart_versions, _scaled, _own_name, _online_store, _knative, _models, _models_fit, _images,
    _lease_agent,
)  # fmt: skip

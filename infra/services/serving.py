"""Serving: KServe, its runtimes and the platform's own models."""

from __future__ import annotations

from components.base import Site
from components.services.gpu import toleration
from components.services.kserve import KserveArgs, gpu_image, kserve
from components.services.model import Canary, ModelArgs, model
from components.services.model_autoscaler import Autoscaler, Hpa, Keda
from components.services.plan import ServicePlan
from infra.public_names import models_host
from infra.services.entrance import public
from infra.services.facts import Facts
from infra.services.scaling import gpu_args
from infra.serving_settings import ModelSettings
from infra.settings import Settings

RUNTIME_IMAGES = {
    "mlserver": {"tag": "1.7.1"},
    "tensorflow": {"tag": "2.19.0"},
    "tritonserver": {"tag": "25.06-py3"},
}
"""Runtimes whose images the chart pins years back."""


def serving(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """KServe and a plan per model; without public names nothing is served."""
    del site, facts
    if not public(settings):
        return []
    host = models_host(settings.dns.domain)
    return [
        kserve(KserveArgs(host=host, runtime_images=RUNTIME_IMAGES)),
        *(model(_model(one, host, settings)) for one in settings.services.serving.models),
    ]


def _model(declared: ModelSettings, host: str, settings: Settings) -> ModelArgs:
    gpu = gpu_args(settings.gpu) if settings.gpu else None
    canary = declared.canary
    return ModelArgs(
        name=declared.name,
        model_format=declared.format,
        storage_uri=declared.storage_uri,
        host=host,
        min_replicas=declared.min_replicas,
        max_replicas=declared.max_replicas,
        autoscaler=_autoscaler(declared),
        cpu=declared.cpu,
        memory=declared.memory,
        gpus=declared.gpus,
        image=gpu_image(declared.format, RUNTIME_IMAGES) if declared.gpus else None,
        tolerations=(toleration(gpu.taint),) if gpu else (),
        timeout_seconds=declared.timeout_seconds,
        canary=Canary(storage_uri=canary.storage_uri, percent=canary.percent) if canary else None,
        predictor=declared.predictor,
    )


def _autoscaler(declared: ModelSettings) -> Autoscaler:
    wanted = declared.autoscaler
    if wanted.metric is None or wanted.target is None:
        return Hpa(cpu_percent=declared.cpu_percent)
    return Keda(metric=wanted.metric, target=wanted.target)

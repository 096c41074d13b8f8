"""The serving section of a stack file: KServe's mode and the models that the platform serves."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from infra.fields import Label, Section

Format = Annotated[
    Literal[
        "sklearn", "xgboost", "lightgbm", "mlflow", "pytorch", "tensorflow", "onnx", "huggingface"
    ],
    Field(description="a format that KServe serves, such as sklearn"),
]


class CanarySettings(Section):
    """The next version of a model, taking a part of its requests."""

    storage_uri: str = Field(
        pattern=r"^s3://[a-z0-9][a-z0-9.-]+/\S+$", description="where the version is, s3://…"
    )
    percent: Literal[0, 10, 50, 100] = Field(
        description="percent of the requests: 10, 50, then 100 to promote or 0 to roll back"
    )


class AutoscalerSettings(Section):
    """What a model's pods are counted by."""

    kind: Literal["hpa", "keda"] = Field(
        default="hpa", description='"hpa", on cpu_percent, or "keda", on a metric of Prometheus'
    )
    metric: Literal["requests_per_second", "requests_in_flight", "gpu_percent"] | None = Field(
        default=None,
        description='"requests_per_second", "requests_in_flight" or "gpu_percent", given exactly '
        "for keda; requests are those through the models' gateway",
    )
    target: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="what one pod takes of the metric, 1 to 100000, given exactly for keda",
    )


class ModelSettings(Section):
    """A model of the platform's own namespace."""

    name: Label = Field(description="at most 20 lower-case letters, digits and single hyphens")
    format: Format
    storage_uri: str = Field(
        pattern=r"^s3://[a-z0-9][a-z0-9.-]+/\S+$", description="where the model is, s3://…"
    )
    min_replicas: int = Field(
        default=2,
        ge=1,
        le=100,
        description="1 to 100 pods at least (without one, nothing in Standard mode holds the "
        "requests that would start it)",
    )
    max_replicas: int = Field(default=10, ge=1, le=1000, description="pods at most, 1 to 1000")
    cpu_percent: int = Field(
        default=70, ge=10, le=95, description="load that adds a pod under an HPA"
    )
    autoscaler: AutoscalerSettings = Field(default_factory=AutoscalerSettings)
    cpu: str = Field(default="1", pattern=r"^\d+(\.\d+)?m?$", description="cores, such as 500m")
    memory: str = Field(default="2Gi", pattern=r"^\d+(Mi|Gi)$", description="such as 2Gi")
    gpus: int = Field(default=0, ge=0, le=8, description="GPUs of each pod, 0 to 8")
    timeout_seconds: int = Field(default=120, ge=1, le=3600, description="seconds of a request")
    canary: CanarySettings | None = Field(
        default=None, description="the next version, or null for none"
    )
    predictor: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="further fields of KServe's predictor, held to its schema",
    )


class ServingSettings(Section):
    """KServe and its models."""

    mode: Literal["standard", "knative"] = Field(
        default="standard",
        description='"standard"; "knative", to scale from zero, is refused until upstream covers '
        "what the platform runs",
    )
    models: tuple[ModelSettings, ...] = Field(
        default=(), max_length=200, description="a list of models, may be empty"
    )

"""A model that is served, and its canary: 10, then 50 percent of the requests, then all or none.

In KServe's Standard mode a canary is a second InferenceService and a route with weights
(`canaryTrafficPercent` works in Knative mode only). Promotion and rollback are changes of the
stack file, so each is reviewed and can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components.services.kserve import ACCOUNT, MODELS
from components.services.merging import merged
from components.services.model_autoscaler import Autoscaler, autoscaler_class, scaling
from components.services.model_gateway import NAME, NAMESPACE
from components.services.plan import Object, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    POD_SECURITY,
    disruption_budget,
    resources,
)
from components.services.priorities import SERVING

CANARY_STEPS = (10, 50, 100)
"""Percent of the requests that a canary gets, step by step; 0 rolls back."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """The next version, and the percent of the requests that it gets."""

    storage_uri: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class ModelArgs:
    """A model's record. `predictor` is laid over the predictor, and held to KServe's schema."""

    name: str
    model_format: str
    storage_uri: str
    host: str
    """The models' public name."""
    min_replicas: int
    max_replicas: int
    autoscaler: Autoscaler
    cpu: str
    memory: str
    timeout_seconds: int
    gpus: int = 0
    image: str | None = None
    """In place of the runtime's."""
    tolerations: tuple[Mapping[str, str], ...] = ()
    canary: Canary | None = None
    predictor: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def public_name(self) -> str:
        """Name that callers use."""
        return f"{self.name}-{MODELS}.{self.host}"


def model(args: ModelArgs) -> ServicePlan:
    """The stable service, and beside it a canary with a weighted route."""
    parts = [
        Object(
            name="stable",
            manifest=_service(args, args.name, args.storage_uri),
            after=("model-gateway/gateway", "kserve/account", "@identity/model-server"),
        ),
        Object(name="budget", manifest=_budget(args.name)),
    ]
    if args.canary:
        name = f"{args.name}-canary"
        parts += [
            Object(
                name="canary",
                manifest=_service(args, name, args.canary.storage_uri),
                after=("stable",),
            ),
            Object(name="canary-budget", manifest=_budget(name)),
            Object(name="route", manifest=_route(args, args.canary), after=("canary",)),
        ]
    return ServicePlan(name=f"model-{args.name}", parts=parts, hosts=[args.public_name])


def _service(args: ModelArgs, name: str, storage_uri: str) -> dict[str, Any]:
    sizes = resources(args.cpu, args.memory)
    if args.gpus:
        sizes["requests"]["nvidia.com/gpu"] = sizes["limits"]["nvidia.com/gpu"] = str(args.gpus)
    predictor: dict[str, Any] = {
        "serviceAccountName": ACCOUNT,
        "priorityClassName": SERVING,
        # The init container that fetches the model inherits what is said of the pod.
        "securityContext": dict(POD_SECURITY),
        "minReplicas": args.min_replicas,
        "maxReplicas": args.max_replicas,
        **scaling(args.autoscaler, name, MODELS),
        # The gateway gives a route 60 s otherwise, whatever the model needs.
        "timeout": args.timeout_seconds,
        "model": {
            "modelFormat": {"name": args.model_format},
            "storageUri": storage_uri,
            "resources": sizes,
            "securityContext": {**CONTAINER_SECURITY, "readOnlyRootFilesystem": False},
        },
    }
    if args.image:
        predictor["model"]["image"] = args.image
    if args.gpus:
        predictor["tolerations"] = [dict(one) for one in args.tolerations]
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": name,
            "namespace": MODELS,
            "annotations": {
                "serving.kserve.io/deploymentMode": "Standard",
                "serving.kserve.io/autoscalerClass": autoscaler_class(args.autoscaler),
            },
        },
        "spec": {"predictor": merged(predictor, args.predictor)},
    }


def _route(args: ModelArgs, canary: Canary) -> dict[str, Any]:
    """Goes before KServe's own route of the same name, which matches a regular expression: Istio
    prefers any prefix to that, whichever is older."""
    weights = ((args.name, 100 - canary.percent), (f"{args.name}-canary", canary.percent))
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": f"{args.name}-weighted", "namespace": MODELS},
        "spec": {
            "parentRefs": [{"name": NAME, "namespace": NAMESPACE}],
            "hostnames": [args.public_name],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [
                        {"name": f"{name}-predictor", "port": 80, "weight": weight}
                        for name, weight in weights
                    ],
                    "timeouts": {"request": f"{args.timeout_seconds}s"},
                }
            ],
        },
    }


def _budget(name: str) -> dict[str, Any]:
    return disruption_budget(name, MODELS, {"serving.kserve.io/inferenceservice": name})

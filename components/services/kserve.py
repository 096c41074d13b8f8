"""KServe in its Standard mode: plain deployments behind the Gateway API, no Knative.

The chart defaults to Knative and to a gateway of its own; both are overridden. Readiness is
proven by a dry-run InferenceService, since the controller's Deployment is ready before its
webhook's certificate is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.charts import CHARTS
from catalog.charts.contracts import image_defaults
from components.services.answers import answers
from components.services.flows import Flow, Pods, scraped, to_api, to_aws, webhook
from components.services.model_gateway import NAME, NAMESPACE
from components.services.model_gateway import PODS as GATEWAY
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import disruption_budget, resources, spread

DEFINITIONS = CHARTS["kserve-crd"]
CONTROLLER = CHARTS["kserve-resources"]
RUNTIMES = CHARTS["kserve-runtime-configs"]
MODELS = "models"
"""Namespace of models that belong to no team."""
ACCOUNT = "model-server"
DEPLOYMENT = "kserve-controller-manager"
LABELS = {"control-plane": DEPLOYMENT}
REPLICAS = 2
PODS = Pods(namespace=CONTROLLER.namespace)
PREDICTORS = Pods(namespace=MODELS)
PREDICTOR_PORT = 8080
WEBHOOK_PORT = 9443
UNPINNED = ("vllmserver", "torchserve")
"""Runtimes whose images the chart leaves at `latest`, or whose project has ended."""
GPU_RUNTIMES: Mapping[str, str] = {"tensorflow": "tensorflow", "huggingface": "huggingfaceserver"}
"""The chart's names of runtimes that have an image for GPUs, by model format."""


@dataclass(frozen=True, kw_only=True)
class KserveArgs:
    """`host` is the models' public name: each model is `<name>-<namespace>.<host>`."""

    host: str
    runtime_images: Mapping[str, Mapping[str, str]]
    """Image and tag by the chart's name of the runtime, in place of the chart's older pins."""


def kserve(args: KserveArgs) -> ServicePlan:
    """Definitions, controller, runtimes, the models' account, and the proof that it answers."""
    probe = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "probe", "namespace": CONTROLLER.namespace},
        "spec": {
            "predictor": {
                "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://probe/probe"}
            }
        },
    }
    gate = answers(
        namespace=CONTROLLER.namespace,
        version=CONTROLLER.version,
        resource="inferenceservices",
        probe=probe,
        after=("controller",),
    )
    return ServicePlan(
        name="kserve",
        parts=[
            Release(name="definitions", chart=DEFINITIONS, values={}),
            _controller(args),
            *gate,
            _runtimes(args),
            Object(
                name="budget",
                manifest=disruption_budget("kserve-controller", CONTROLLER.namespace, LABELS),
            ),
            Object(name="scaler", manifest=_scaler(), after=("controller",)),
            # Data scientists' models take it too.
            Object(name="account", manifest=_account(), after=("@identity/model-server",)),
        ],
        provides={"serving.kserve.io": "answers"},
        flows=_flows(),
    )


def gpu_image(model_format: str, images: Mapping[str, Mapping[str, str]]) -> str | None:
    """The image that serves `model_format` on GPUs, where it is not the runtime's own.

    KServe would add `-gpu` to the runtime's tag itself, but not to one with a digest: the model
    would silently run on processors. Source: KServe, pull request 4653.
    """
    name = GPU_RUNTIMES.get(model_format)
    if name is None:
        return None
    known = {**image_defaults(RUNTIMES.name)[f"kserve.servingruntime.{name}"],
             **images.get(name, {})}  # fmt: skip
    return f"{known['image']}:{known['tag'] or RUNTIMES.app_version}-gpu"


def _controller(args: KserveArgs) -> Release:
    gateway = f"{NAMESPACE}/{NAME}"
    controller = {
        "deploymentMode": "Standard",
        "resources": resources("100m", "512Mi", memory_limit="1Gi"),
        "topologySpreadConstraints": spread(LABELS),
        "imagePullPolicy": "IfNotPresent",
        "gateway": {
            "domain": args.host,
            "domainTemplate": "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}",
            "urlScheme": "https",
            "disableIstioVirtualHost": True,
            "ingressGateway": {
                "enableGatewayApi": True,
                "createGateway": False,
                "kserveGateway": gateway,
                "className": "istio",
            },
        },
    }
    storage = {
        "resources": resources("100m", "256Mi", cpu_limit="1", memory_limit="2Gi"),
        # It runs in the models' pods, which are restricted.
        "containerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "privileged": False,
            "runAsNonRoot": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    return Release(
        name="controller",
        chart=CONTROLLER,
        values={"kserve": {"controller": controller, "storage": storage}},
        # It watches KEDA's scalers only where it finds their definition at its start.
        uses=("cert-manager.io", "gateway.networking.k8s.io", "keda.sh"),
        after=("definitions",),
    )


def _runtimes(args: KserveArgs) -> Release:
    images: dict[str, Any] = {name: dict(image) for name, image in args.runtime_images.items()}
    left_out = {name: {"disabled": True} for name in UNPINNED}
    return Release(
        name="runtimes",
        chart=RUNTIMES,
        values={"kserve": {"servingruntime": {"enabled": True, **images, **left_out}}},
        uses=("serving.kserve.io",),
    )


def _scaler() -> dict[str, Any]:
    """Two controllers, of which one leads and both answer the webhook: the chart has no key for
    it, and leaves the number of replicas to whoever sets it."""
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": DEPLOYMENT, "namespace": CONTROLLER.namespace},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": DEPLOYMENT},
            "minReplicas": REPLICAS,
            "maxReplicas": REPLICAS,
        },
    }


def _account() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": MODELS},
    }


def _flows() -> list[Flow]:
    return [
        to_api("kserve", PODS),
        webhook("kserve", PODS, WEBHOOK_PORT),
        scraped("kserve", PODS, 8443),
        Flow(
            name="gateway-to-predictors",
            source=GATEWAY,
            target=PREDICTORS,
            ports=(PREDICTOR_PORT,),
        ),
        *to_aws("predictors", PREDICTORS),
        scraped("predictors", PREDICTORS, PREDICTOR_PORT),
    ]

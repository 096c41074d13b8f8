"""KServe in Standard mode: a service and a scaler for each InferenceService.

A scaler goes with its model, not when the model chooses another kind (kserve#5196), and KEDA's
webhook refuses a workload that an HPA has. The pods themselves are not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from catalog.charts import CHARTS
from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.cluster import Cluster
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import as_list, as_object

MODEL = "InferenceService"
HPA, SCALED = "HorizontalPodAutoscaler", "ScaledObject"
MADE = ("Service", HPA, SCALED)
CLASS = "serving.kserve.io/autoscalerClass"


class ModelServers:
    """What is made for models names its model as its owner."""

    name = CHARTS["kserve-resources"].name
    is_addon = False
    of_releases = False
    watches = frozenset({MODEL})

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """Of every model."""
        return "inferenceservice.finalizers" if body.get("kind") == MODEL else None

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """Everything for the models that are there, and nothing for others."""
        del aws
        models = {_place(one): one for one in cluster.of_kind(MODEL)}
        made = [one for kind in MADE for one in cluster.of_kind(kind) if _owner(one)]
        for one in made:
            if (one["metadata"]["namespace"], _owner(one)) not in models:
                cluster.drop(one)
        there = {(one["kind"], *_place(one)) for one in made}
        for model in models.values():
            for one in _wanted(model):
                taken = one["kind"] == SCALED and (HPA, *_place(one)) in there
                if not taken:
                    cluster.put(one)


def _wanted(model: Object) -> Iterator[Object]:
    port = {"name": "http", "port": 80, "targetPort": 8080}
    yield _made(model, "v1", "Service", {"type": "ClusterIP", "ports": [port]})
    predictor = as_object(model["spec"]["predictor"])
    notes = as_object(model["metadata"].get("annotations"))
    if notes.get(CLASS) == "keda":
        yield _made(model, "keda.sh/v1alpha1", SCALED, _scaled(model, predictor))
    else:
        yield _made(model, "autoscaling/v2", HPA, _counted(model, predictor))


def _counted(model: Object, predictor: Mapping[str, Any]) -> Object:
    load = {"type": "Utilization", "averageUtilization": predictor.get("scaleTarget") or 80}
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": load}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": _server(model)}
    return {
        "scaleTargetRef": target,
        "minReplicas": predictor.get("minReplicas", 1),
        "maxReplicas": predictor.get("maxReplicas", 1),
        "metrics": [metric],
    }


def _scaled(model: Object, predictor: Mapping[str, Any]) -> Object:
    triggers = [
        {
            "type": one["external"]["metric"]["backend"],
            "metadata": {
                "serverAddress": one["external"]["metric"]["serverAddress"],
                "query": one["external"]["metric"]["query"],
                "threshold": one["external"]["target"]["value"],
            },
        }
        for one in as_list(as_object(predictor.get("autoScaling")).get("metrics"))
        if "external" in one
    ]
    return {
        "scaleTargetRef": {"name": _server(model)},
        "minReplicaCount": predictor.get("minReplicas", 1),
        "maxReplicaCount": predictor.get("maxReplicas", 1),
        "triggers": triggers,
    }


def _made(model: Object, api_version: str, kind: str, spec: Object) -> Object:
    namespace, name = _place(model)
    owner = {"apiVersion": model["apiVersion"], "kind": MODEL, "name": name,
             "uid": str(uuid5(NAMESPACE_URL, f"{namespace}/{name}"))}  # fmt: skip
    metadata = {
        "name": _server(model),
        "namespace": namespace,
        "ownerReferences": [owner],
    }
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def _server(model: Object) -> str:
    return f"{model['metadata']['name']}-predictor"


def _place(body: Object) -> tuple[str, str]:
    return body["metadata"]["namespace"], body["metadata"]["name"]


def _owner(body: Object) -> str:
    """Name of the model that it was made for; empty for what somebody else made."""
    owners = as_list(body["metadata"].get("ownerReferences"))
    return next((str(one["name"]) for one in owners if one["kind"] == MODEL), "")

"""GPUs as a resource: NVIDIA's device plugin, how several pods share one, and what they report.

Everything follows from the GPU section of the stack file: the taint that the pods tolerate, the
label that they look for, and the sharing that the plugin is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from catalog.charts import CHARTS
from components.inputs import json_text
from components.services.flows import Pods, scraped, to_api
from components.services.plan import Release, ServicePlan
from components.services.pod import resources

PLUGIN = CHARTS["nvidia-device-plugin"]
EXPORTER = CHARTS["dcgm-exporter"]
RESOURCE = "nvidia.com/gpu"
METRICS_PORT = 9400

Strategy: TypeAlias = Literal["none", "time-slicing", "mps", "mig"]


@dataclass(frozen=True, kw_only=True)
class GpuArgs:
    """The GPU pool as pods see it."""

    label: tuple[str, str]
    """Label of the pool's nodes."""
    taint: Mapping[str, str]
    """`key`, `value` and `effect`."""
    strategy: Strategy
    replicas: int | None
    """Pods per GPU, for time-slicing and MPS."""


def gpu(args: GpuArgs) -> ServicePlan:
    """Device plugin and exporter, on GPU nodes only."""
    pods = Pods(namespace=EXPORTER.namespace, labels={"app.kubernetes.io/name": EXPORTER.name})
    every = Pods(namespace=PLUGIN.namespace)
    return ServicePlan(
        name="gpu",
        parts=[_plugin(args), _exporter(args)],
        flows=[to_api("gpu", every), scraped("gpus", pods, METRICS_PORT)],
    )


def toleration(taint: Mapping[str, str]) -> dict[str, str]:
    """What a pod says to be let onto the GPU nodes."""
    return {"key": taint["key"], "operator": "Exists", "effect": taint["effect"]}


def plugin_config(strategy: Strategy, replicas: int | None) -> dict[str, Any]:
    """The plugin's own configuration. Source: NVIDIA device plugin, shared access to GPUs."""
    config: dict[str, Any] = {
        "version": "v1",
        # Each MIG slice of a node is alike, so pods ask for it as for a whole GPU.
        "flags": {"migStrategy": "single" if strategy == "mig" else "none"},
    }
    if strategy in ("time-slicing", "mps"):
        key = "timeSlicing" if strategy == "time-slicing" else "mps"
        shared = {"resources": [{"name": RESOURCE, "replicas": replicas}]}
        # Asking for two shares of one GPU gives no more of it; that is refused.
        extra = {"failRequestsGreaterThanOne": True} if key == "timeSlicing" else {}
        config["sharing"] = {key: {**extra, **shared}}
    return config


def _plugin(args: GpuArgs) -> Release:
    return Release(
        name="device-plugin",
        chart=PLUGIN,
        values={
            "config": {
                "map": {"default": json_text(plugin_config(args.strategy, args.replicas))},
                "default": "default",
            },
            "affinity": _affinity(args.label),
            "tolerations": [toleration(args.taint)],
            "resources": resources("50m", "128Mi", memory_limit="256Mi"),
            "gfd": {"enabled": False},
        },
        after=("@gpu-nodes",),
    )


def _exporter(args: GpuArgs) -> Release:
    key, value = args.label
    return Release(
        name="exporter",
        chart=EXPORTER,
        values={
            "nodeSelector": {key: value},
            "tolerations": [toleration(args.taint)],
            "serviceAccount": {"create": True, "name": EXPORTER.service_accounts[0]},
            "resources": resources("100m", "512Mi", memory_limit="1Gi"),
            "serviceMonitor": {"enabled": True},
        },
        uses=("monitoring.coreos.com",),
        after=("@gpu-nodes",),
    )


def _affinity(label: tuple[str, str]) -> dict[str, Any]:
    """In place of the chart's own, which looks for labels of a discovery that we do not run."""
    key, value = label
    term = {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}
    required = {"nodeSelectorTerms": [term]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}

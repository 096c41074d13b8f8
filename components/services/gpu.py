"""GPUs as a resource: NVIDIA's device plugin, how several pods share one, and what they report.

Everything follows from the GPU section of the stack file: the taint that the pods tolerate, the
label that they look for, and the sharing that the plugin is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.charts import CHARTS
from components.gpu_sharing import GpuSharing, plugin_config
from components.inputs import json_text
from components.services.flows import Pods, scraped, to_api
from components.services.plan import Release, ServicePlan
from components.services.pod import resources

PLUGIN = CHARTS["nvidia-device-plugin"]
EXPORTER = CHARTS["dcgm-exporter"]
METRICS_PORT = 9400


@dataclass(frozen=True, kw_only=True)
class GpuArgs:
    """The GPU pool as pods see it."""

    label: tuple[str, str]
    """Label of the pool's nodes."""
    taint: Mapping[str, str]
    """`key`, `value` and `effect`."""
    sharing: GpuSharing
    built_in: bool
    """Whether the nodes' image brings the device plugin, as Bottlerocket's does."""


def gpu(args: GpuArgs) -> ServicePlan:
    """Device plugin, where the nodes have none of their own, and exporter; on GPU nodes only."""
    pods = Pods(namespace=EXPORTER.namespace, labels={"app.kubernetes.io/name": EXPORTER.name})
    every = Pods(namespace=PLUGIN.namespace)
    return ServicePlan(
        name="gpu",
        parts=[*([] if args.built_in else [_plugin(args)]), _exporter(args)],
        flows=[to_api("gpu", every), scraped("gpus", pods, METRICS_PORT)],
    )


def toleration(taint: Mapping[str, str]) -> dict[str, str]:
    """What a pod says to be let onto the GPU nodes."""
    return {"key": taint["key"], "operator": "Exists", "effect": taint["effect"]}


def _plugin(args: GpuArgs) -> Release:
    return Release(
        name="device-plugin",
        chart=PLUGIN,
        values={
            "config": {
                "map": {"default": json_text(plugin_config(args.sharing))},
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

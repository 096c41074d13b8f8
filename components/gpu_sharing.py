"""How several pods share a GPU, as NVIDIA's device plugin takes it on each family of nodes.

On AL2023 the plugin is a release of ours with a configuration of its own. Bottlerocket has the
plugin built in, so a second one would fight it for the same resource: there the sharing is a
setting in the node's user data, and so is MIG, which its own service applies at boot before
the kubelet starts.
Sources: NVIDIA device plugin, shared access to GPUs; Bottlerocket, kubelet-device-plugins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

RESOURCE = "nvidia.com/gpu"
MPS_LABEL = "nvidia.com/mps.capable"
"""The chart's control daemon of MPS runs where this is `true`; NVIDIA's feature discovery would
set it, which we do not run."""

Strategy: TypeAlias = Literal["none", "time-slicing", "mps", "mig"]


@dataclass(frozen=True, kw_only=True)
class GpuSharing:
    """How a GPU is shared. `replicas` is given for time-slicing and MPS, `profile` for MIG."""

    strategy: Strategy
    replicas: int | None = None
    """Pods per GPU."""
    profile: str | None = None
    model: str | None = None
    """The GPU in Bottlerocket's words, such as `a100.40gb`."""


def plugin_config(sharing: GpuSharing) -> dict[str, Any]:
    """The configuration of the plugin that we run, on AL2023."""
    config: dict[str, Any] = {"version": "v1", "flags": {"migStrategy": "none"}}
    if sharing.strategy in ("time-slicing", "mps"):
        key = "timeSlicing" if sharing.strategy == "time-slicing" else "mps"
        shared = {"resources": [{"name": RESOURCE, "replicas": sharing.replicas}]}
        # Asking for two shares of one GPU gives no more of it; that is refused.
        extra = {"failRequestsGreaterThanOne": True} if key == "timeSlicing" else {}
        config["sharing"] = {key: {**extra, **shared}}
    return config


def node_settings(sharing: GpuSharing) -> str | None:
    """User data, in TOML, for Bottlerocket's own plugin; None where its defaults will do."""
    table = "settings.kubelet-device-plugins.nvidia"
    if sharing.strategy == "none":
        return None
    if sharing.strategy == "mig":
        return (
            f'[{table}]\ndevice-partitioning-strategy = "mig"\n\n'
            f'[{table}.mig.profile]\n"{sharing.model}" = "{sharing.profile}"\n'
        )
    strict = sharing.strategy == "time-slicing"
    return (
        f'[{table}]\ndevice-sharing-strategy = "{sharing.strategy}"\n\n'
        f"[{table}.{sharing.strategy}]\nreplicas = {sharing.replicas}\n"
        + ("fail-requests-greater-than-one = true\n" if strict else "")
    )

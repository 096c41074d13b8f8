"""What lies between a runbook and a region besides AWS: time, names, balancers, the cluster's API,
database servers.

A rehearsal stands in for all of them (`rehearsed`); which is meant says the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ops.clock import Clock, SystemClock
from ops.live.front_door import Door
from ops.live.kubernetes_api import KubernetesApi
from ops.live.log_positions import Ask, asked
from ops.live.switch import Resolve, addresses

REHEARSED = "MLOPS_REHEARSED_SITE"
"""Environment variable: where a rehearsal answers. Unset for everybody else."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """How a runbook waits, finds names, and reaches what is behind them."""

    clock: Clock
    resolve: Resolve
    door: Callable[[Mapping[str, str]], Door]
    """By the balancers of names, as a `Door` takes them."""
    cluster: Callable[[str], KubernetesApi]
    """By the kubeconfig of the stack's outputs."""
    ask_server: Ask
    """A query to a database server."""


def outside(environment: Mapping[str, str] = os.environ) -> Outside:
    """The real one, or the rehearsal's. Raises Refused where the latter could touch AWS."""
    site = environment.get(REHEARSED)
    if site is not None:
        from ops.live.rehearsed import rehearsed

        return rehearsed(site, environment)
    return Outside(
        clock=SystemClock(),
        resolve=addresses,
        door=lambda balancers: Door(addresses=balancers),
        cluster=KubernetesApi,
        ask_server=asked,
    )

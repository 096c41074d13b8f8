"""KServe's controller: one that leads and one that takes over."""

from __future__ import annotations

from typing import Any

from components.services.kserve import LABELS, KserveArgs, kserve
from components.services.plan import ServicePlan


def _plan() -> ServicePlan:
    return kserve(KserveArgs(host="models.example.com", runtime_images={}))


def _spec(kind: str) -> dict[str, Any]:
    (found,) = [one.manifest["spec"] for one in _plan().objects if one.kind == kind]
    return found


def test_two_controllers_run_on_different_nodes_and_one_may_go() -> None:
    scaler = _spec("HorizontalPodAutoscaler")
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 2)
    assert scaler["scaleTargetRef"]["name"] in _controller().chart.service_accounts
    spread = _controller().values["kserve"]["controller"]["topologySpreadConstraints"]
    assert {one["topologyKey"] for one in spread} >= {"kubernetes.io/hostname"}
    assert _spec("PodDisruptionBudget")["selector"]["matchLabels"] == LABELS


def test_the_scaler_waits_for_what_it_scales() -> None:
    (scaler,) = [one for one in _plan().objects if one.kind == "HorizontalPodAutoscaler"]
    assert "controller" in scaler.after


def _controller() -> Any:
    (found,) = [one for one in _plan().releases if one.name == "controller"]
    return found

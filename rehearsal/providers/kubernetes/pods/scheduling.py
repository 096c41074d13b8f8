"""Whether any node that a cluster has or could have would take a pod.

Only what no pool can ever give is refused: what is free at the moment nobody knows here.
Source: Kubernetes, assigning pods to nodes; taints and tolerations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rehearsal.providers.kubernetes.pods.nodes import ANY, Pool
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.kubernetes.pods.sizes import Amounts, totals
from rehearsal.providers.wire import Props, as_list, as_object

KEEPS_AWAY = frozenset({"NoSchedule", "NoExecute"})
MISMATCH = "node(s) didn't match Pod's node affinity/selector"


def unschedulable(pod: Pod, pools: Sequence[Pool]) -> str | None:
    """The scheduler's words where no pool can hold the pod, a node a pool; None elsewhere."""
    if pod.maker == "DaemonSet" or pod.spec.get("nodeName"):
        return None
    wanted = totals(pod)["requests"]
    reasons = [_misfit(pod, wanted, pool) for pool in pools]
    if None in reasons:
        return None
    counted = sorted(Counter(str(one) for one in reasons).items())
    told = ", ".join(f"{count} {reason}" for reason, count in counted)
    names = ", ".join(sorted(pool.name for pool in pools)) or "there are none"
    return f"[Unschedulable] 0/{len(pools)} nodes are available: {told} (pools: {names})"


def _misfit(pod: Pod, wanted: Amounts, pool: Pool) -> str | None:
    for taint in pool.taints:
        if taint["effect"] in KEEPS_AWAY and not _tolerated(pod, taint):
            return f"node(s) had untolerated taint {{{taint['key']}: {taint.get('value') or ''}}}"
    if not _chosen(pod, pool.labels):
        return MISMATCH
    short = [_short(wanted, size) for size in pool.sizes]
    return min(short) if short and all(short) else None


def _short(wanted: Amounts, size: Amounts) -> str:
    """What a node of this size has too little of; empty where it has enough."""
    for name, value in wanted.items():
        if name in size and value > size[name]:
            return f"Insufficient {name}"
    return ""


def _tolerated(pod: Pod, taint: Props) -> bool:
    return any(_tolerates(one, taint) for one in as_list(pod.spec.get("tolerations")))


def _tolerates(toleration: Props, taint: Props) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in (None, "", taint["key"])
    same_value = (toleration.get("value") or "") == (taint.get("value") or "")
    return toleration.get("key") == taint["key"] and same_value


def _chosen(pod: Pod, labels: Mapping[str, frozenset[str]]) -> bool:
    for key, value in as_object(pod.spec.get("nodeSelector")).items():
        if not {ANY, value} & labels.get(key, frozenset()):
            return False
    affinity = as_object(as_object(pod.spec.get("affinity")).get("nodeAffinity"))
    required = as_object(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    terms = as_list(required.get("nodeSelectorTerms"))
    return not terms or any(
        all(_holds(one, labels) for one in as_list(term.get("matchExpressions"))) for term in terms
    )


def _holds(term: Props, labels: Mapping[str, frozenset[str]]) -> bool:
    """Whether a node of the pool can be one of which the term holds."""
    values, own = set(as_list(term.get("values"))), labels.get(term["key"])
    match term["operator"]:
        case "DoesNotExist":
            return own is None
        case "NotIn":
            return own is None or ANY in own or bool(own - values)
        case "In":
            return own is not None and (ANY in own or bool(own & values))
        case _:
            return own is not None

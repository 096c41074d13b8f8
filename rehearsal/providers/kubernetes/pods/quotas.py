"""Resource quotas: what a namespace has and what it may have.

Quotas with scopes are not judged. Source: Kubernetes, resource quotas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from rehearsal.providers.kubernetes.objects import Object, Objects
from rehearsal.providers.kubernetes.pods.pod import Pod, pod_of
from rehearsal.providers.kubernetes.pods.sizes import NONE, Amounts, totals, with_defaults
from rehearsal.providers.kubernetes.quantities import amount, written
from rehearsal.providers.wire import as_list, as_object

COMPUTE = ("cpu", "memory", "ephemeral-storage")
COUNTED: Mapping[str, str] = {
    "ConfigMap": "configmaps",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "Secret": "secrets",
    "Service": "services",
}
"""Kinds that a quota counts by themselves."""
NO_LONGER_THERE = frozenset({"Job", "CronJob"})
"""Their pods have ended, or come later: they use nothing now."""


class Quotas:
    """The quotas and limit ranges of one namespace."""

    def __init__(self, objects: Objects, cluster: str, namespace: str) -> None:
        found = objects.in_namespace(cluster, namespace)
        self._quotas = [one for one in found if one["kind"] == "ResourceQuota"]
        self.ranges = [one for one in found if one["kind"] == "LimitRange"]
        self._there = found

    def refusal(self, pod: Pod, owner: tuple[str, str]) -> str | None:
        """Why a quota does not let in all pods like this one, which has its defaults.

        `owner`: kind and name of the object that makes them; what it used before does not count.
        """
        for quota, hard in self._hard().items():
            missing = list(_unsized(pod, hard))
            if missing:
                return f"failed quota: {quota}: must specify {'; '.join(missing)}"
        used, own = self._used(lambda one: _identity(one) != owner), _of_pod(pod)
        for _ in range(pod.count):
            exceeded = self._exceeded(own, used)
            if exceeded:
                return exceeded
            used = _sum(used, own)
        return None

    def object_refusal(self, body: Object) -> str | None:
        """Why a quota does not let in a claim, a service or another counted object."""
        key = _identity(body)
        return self._exceeded(_of_object(body), self._used(lambda one: _identity(one) != key))

    def _hard(self) -> dict[str, dict[str, str]]:
        return {
            str(one["metadata"]["name"]): {_full(k): v for k, v in one["spec"]["hard"].items()}
            for one in self._quotas
            if not one["spec"].get("scopes") and not one["spec"].get("scopeSelector")
        }

    def _exceeded(self, asked: Amounts, used: Amounts) -> str | None:
        after = _sum(used, asked)
        for name, hard in self._hard().items():
            counted = [one for one in sorted(asked) if one in hard and asked[one]]
            over = [one for one in counted if after[one] > amount(hard[one])]
            if over:
                return (
                    f"exceeded quota: {name}, requested: {_listed(over, asked, hard)}, used: "
                    f"{_listed(over, used, hard)}, limited: "
                    + ",".join(f"{one}={hard[one]}" for one in over)
                )
        return None

    def _used(self, counts: Callable[[Object], bool]) -> dict[str, Decimal]:
        used: dict[str, Decimal] = {}
        for body in self._there if self._quotas else ():
            if counts(body):
                used = _sum(used, self._of(body))
        return used

    def _of(self, body: Object) -> dict[str, Decimal]:
        pod = None if body["kind"] in NO_LONGER_THERE else pod_of(body)
        if pod is None:
            return _of_object(body)
        own = _of_pod(with_defaults(pod, self.ranges))
        return {name: value * pod.count for name, value in own.items()}


def _full(name: str) -> str:
    """`cpu` and `memory` are short for requests."""
    return f"requests.{name}" if name in COMPUTE else name


def _identity(body: Object) -> tuple[str, str]:
    return str(body["kind"]), str(body["metadata"]["name"])


def _listed(names: list[str], amounts: Amounts, hard: Mapping[str, str]) -> str:
    return ",".join(f"{n}={written(amounts.get(n, NONE), hard[n])}" for n in names)


def _unsized(pod: Pod, hard: Mapping[str, str]) -> Iterator[str]:
    """What a quota limits and containers do not say: `limits.memory for: main`."""
    for name in sorted(hard):
        kind, _, resource = name.partition(".")
        if kind in ("requests", "limits") and resource in COMPUTE:
            silent = [
                str(one["name"])
                for one in pod.containers
                if resource not in as_object(as_object(one.get("resources")).get(kind))
            ]
            if silent:
                yield f"{name} for: {','.join(silent)}"


def _of_pod(pod: Pod) -> dict[str, Decimal]:
    sizes = {
        f"{kind}.{name}": value
        for kind, amounts in totals(pod).items()
        for name, value in amounts.items()
    }
    return {**sizes, "pods": Decimal(1), "count/pods": Decimal(1)}


def _sum(one: Amounts, other: Amounts) -> dict[str, Decimal]:
    return {name: one.get(name, NONE) + other.get(name, NONE) for name in {*one, *other}}


def _of_object(body: Object) -> dict[str, Decimal]:
    kind, one = str(body["kind"]), Decimal(1)
    if kind not in COUNTED:
        return {}
    used = {COUNTED[kind]: one, f"count/{COUNTED[kind]}": one}
    spec = as_object(body.get("spec"))
    if kind == "PersistentVolumeClaim":
        used["requests.storage"] = amount(spec["resources"]["requests"]["storage"])
        storage = spec.get("storageClassName")
        if storage:
            used[f"{storage}.storageclass.storage.k8s.io/requests.storage"] = used[
                "requests.storage"
            ]
    if kind == "Service" and spec.get("type") in ("LoadBalancer", "NodePort"):
        ports = Decimal(len(as_list(spec.get("ports"))))
        used["services.nodeports"] = ports if _has_node_ports(spec) else NONE
        used["services.loadbalancers"] = one if spec["type"] == "LoadBalancer" else NONE
    return used


def _has_node_ports(spec: dict[str, object]) -> bool:
    return spec.get("allocateLoadBalancerNodePorts") is not False or spec["type"] == "NodePort"

"""What the API server refuses about a pod, in the order in which its plugins look at it."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.providers.kubernetes.admission_policies import require_allowed
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.kubernetes.pods.quotas import Quotas
from rehearsal.providers.kubernetes.pods.security import violated
from rehearsal.providers.kubernetes.pods.sizes import outside_limits, with_defaults
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import as_object

BUILT_IN_PRIORITIES = frozenset({"system-cluster-critical", "system-node-critical"})


def refusal(objects: Objects, owner: Key, pod: Pod, version: str) -> str | None:
    """Why the API server refuses the pod, in its words; None where it takes it.

    `owner`: the object that makes the pod, or the pod itself; `version` the cluster's.
    """
    spaces = Quotas(objects, owner.cluster, pod.namespace)
    sized = with_defaults(pod, spaces.ranges)
    for told in _refusals(objects, owner, sized, spaces, version):
        return f'pods "{pod.name}" is forbidden: {told}'
    return _denied(objects, owner, sized)


def _refusals(
    objects: Objects, owner: Key, pod: Pod, spaces: Quotas, version: str
) -> Iterator[str]:
    yield from _absent(objects, owner.cluster, pod)
    yield from outside_limits(pod, spaces.ranges)
    found = objects.get(Key(owner.cluster, "v1", "Namespace", "", pod.namespace)) or {}
    insecure = violated(pod, as_object(as_object(found.get("metadata")).get("labels")), version)
    if insecure:
        yield insecure
    exceeded = spaces.refusal(pod, (owner.kind, owner.name))
    if exceeded:
        yield exceeded


def _absent(objects: Objects, cluster: str, pod: Pod) -> Iterator[str]:
    """Accounts and classes that the pod names and that are not there."""
    account = Key(cluster, "v1", "ServiceAccount", pod.namespace, pod.account)
    if pod.account != "default" and objects.get(account) is None:
        yield (
            f"error looking up service account {account.id}: "
            f'serviceaccount "{pod.account}" not found'
        )
    priority = str(pod.spec.get("priorityClassName") or "")
    found = Key(cluster, "scheduling.k8s.io/v1", "PriorityClass", "", priority)
    if priority and priority not in BUILT_IN_PRIORITIES and objects.get(found) is None:
        yield f"no PriorityClass with name {priority} was found"
    runtime = str(pod.spec.get("runtimeClassName") or "")
    found = Key(cluster, "node.k8s.io/v1", "RuntimeClass", "", runtime)
    if runtime and objects.get(found) is None:
        yield f'pod rejected: RuntimeClass "{runtime}" not found'


def _denied(objects: Objects, owner: Key, pod: Pod) -> str | None:
    """What an admission policy says of the pod, of which its template said nothing."""
    metadata = {"name": pod.name, "namespace": pod.namespace,
                "labels": pod.labels, "annotations": pod.annotations}  # fmt: skip
    body: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod.spec}
    try:
        require_allowed(
            objects, Key(owner.cluster, "v1", "Pod", pod.namespace, pod.name), body, None
        )
    except PluginError as error:
        return str(error)
    return None

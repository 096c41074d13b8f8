"""Whether Pulumi would wait in vain for a Service: until its endpoints have pods, for ten minutes,
and an update fails where none come. It waits for no headless one, nor where it is told not to.

Judged on a whole state, since a Service may come before its pods. Pods of charts are not known.
Source: pulumi-kubernetes, provider/pkg/await/service.go; issue 605.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rehearsal.providers.kubernetes.pods.pod import Pod, pod_of
from rehearsal.providers.wire import as_object
from rehearsal.scenario.verdict import Check
from rehearsal.timeline.engine import Resource, resources

NAME = "every service that is waited for has pods"
SERVICE = "kubernetes:core/v1:Service"
SKIPPED = "pulumi.com/skipAwait"


def has_pods(state: Mapping[str, Any]) -> Check:
    """The check on an exported state; its detail names services without pods."""
    known = resources(state)
    pods = list(_pods(known))
    services = [one for one in known if one.type == SERVICE and _is_awaited(one)]
    wrong = [
        f"{one.name} does not target any Pods: what it selects has none"
        for one in services
        if (behind := _behind(one, pods)) and not any(pod.count for pod in behind)
    ]
    return Check(NAME, not wrong, "; ".join(wrong) or f"{len(services)} services judged")


def _pods(known: Sequence[Resource]) -> Iterator[Pod]:
    for one in known:
        if one.type.startswith("kubernetes:") and as_object(one.inputs.get("metadata")):
            pod = pod_of(one.inputs)
            if pod is not None:
                yield pod


def _is_awaited(service: Resource) -> bool:
    annotations = as_object(as_object(service.inputs["metadata"]).get("annotations"))
    spec = as_object(service.inputs.get("spec"))
    return (
        annotations.get(SKIPPED) != "true"
        and spec.get("clusterIP") != "None"
        and spec.get("type") != "ExternalName"
    )


def _behind(service: Resource, pods: Sequence[Pod]) -> list[Pod]:
    namespace = as_object(service.inputs["metadata"]).get("namespace")
    selector = as_object(as_object(service.inputs.get("spec")).get("selector"))
    return [
        pod
        for pod in pods
        if selector and pod.namespace == namespace and selector.items() <= pod.labels.items()
    ]

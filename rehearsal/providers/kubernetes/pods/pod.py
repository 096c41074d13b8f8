"""The pods that an object makes: a bare one, or those of a workload's template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import Props, as_list, as_object

MAKERS: Mapping[str, str] = {
    "Deployment": "ReplicaSet",
    "ReplicaSet": "ReplicaSet",
    "StatefulSet": "StatefulSet",
    "DaemonSet": "DaemonSet",
    "Job": "Job",
    "CronJob": "Job",
}
"""Kind with a pod template → kind whose controller makes its pods and tells why it cannot."""
BUILT_IN_GROUPS = frozenset({"", "apps", "batch"})


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A pod as it would reach the API server, before admission changes it."""

    name: str
    namespace: str
    spec: Props
    maker: str = ""
    """Kind of the controller that makes it; empty for a bare pod."""
    count: int = 1
    """How many are made at once; of a daemon set, one a node, which is not judged."""
    labels: Props = field(default_factory=dict[str, Any])
    annotations: Props = field(default_factory=dict[str, Any])

    @property
    def containers(self) -> list[Props]:
        """Every container, those that run first in front."""
        kinds = ("initContainers", "containers", "ephemeralContainers")
        return [one for kind in kinds for one in as_list(self.spec.get(kind))]

    @property
    def security(self) -> Props:
        """The pod's own security context."""
        return as_object(self.spec.get("securityContext"))

    @property
    def account(self) -> str:
        """Name of the service account that it runs as."""
        return str(self.spec.get("serviceAccountName") or "default")


def pod_of(body: Object) -> Pod | None:
    """The pod that `body` is or makes, if it does."""
    kind, group = str(body.get("kind")), str(body.get("apiVersion")).rpartition("/")[0]
    if group not in BUILT_IN_GROUPS:
        return None
    if kind == "Pod":
        return _pod(body["metadata"]["name"], body["metadata"], body, maker="", count=1)
    if kind not in MAKERS:
        return None
    spec = as_object(body["spec"])
    if kind == "CronJob":
        spec = as_object(as_object(spec.get("jobTemplate")).get("spec"))
    name = f"{body['metadata']['name']}-{_suffix(kind)}"
    template = as_object(spec.get("template"))
    return _pod(name, body["metadata"], template, maker=MAKERS[kind], count=_count(kind, spec))


def waits(body: Object) -> bool:
    """Whether whoever makes `body` waits for its pods; a CronJob's come later."""
    return str(body.get("kind")) in {"Pod", *MAKERS} - {"CronJob"}


def _pod(name: str, owner: Props, template: Props, *, maker: str, count: int) -> Pod:
    metadata = as_object(template.get("metadata"))
    return Pod(
        name=name,
        namespace=str(owner.get("namespace") or "default"),
        spec=as_object(template.get("spec")),
        maker=maker,
        count=count,
        labels=as_object(metadata.get("labels")),
        annotations=as_object(metadata.get("annotations")),
    )


def _suffix(kind: str) -> str:
    """What stands where Kubernetes puts digits of its own."""
    return "0" if kind == "StatefulSet" else "*"


def _count(kind: str, spec: Props) -> int:
    if kind in ("Deployment", "ReplicaSet", "StatefulSet"):
        return int(spec.get("replicas", 1))
    return int(spec.get("parallelism", 1)) if kind in ("Job", "CronJob") else 1

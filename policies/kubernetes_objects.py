"""Kubernetes objects among subjects: their kind, place, pods and containers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.properties import Properties
from policies.subject import Subject

TEMPLATES = {
    "Pod": "spec",
    "Deployment": "spec.template.spec",
    "StatefulSet": "spec.template.spec",
    "DaemonSet": "spec.template.spec",
    "ReplicaSet": "spec.template.spec",
    "Job": "spec.template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
}
"""Where each kind keeps the specification of its pods."""
GROUPS = {"Pod": "core", "Job": "batch", "CronJob": "batch"}
"""API groups of those kinds; the others are of `apps`."""
LONG_RUNNING = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
GPU = "nvidia.com/gpu"


def kind_of(type_: str) -> str:
    """Kind of a Kubernetes type token, empty for any other: `kubernetes:apps/v1:Deployment`."""
    return type_.rpartition(":")[2] if type_.startswith("kubernetes:") else ""


def runs_pods(type_: str) -> bool:
    """Whether objects of the type are pods, or make pods by a template."""
    kind = kind_of(type_)
    group = type_.removeprefix("kubernetes:").partition("/")[0]
    return kind in TEMPLATES and group == GROUPS.get(kind, "apps")


def is_long_running(type_: str) -> bool:
    """Whether the pods of the type are to run until they are told to end."""
    return runs_pods(type_) and kind_of(type_) in LONG_RUNNING


def is_object(type_: str) -> bool:
    """Whether it is a Kubernetes object, not a release, a patch or a provider."""
    return type_.startswith("kubernetes:") and not type_.startswith("kubernetes:helm.sh/")


def pod_of(one: Subject) -> Properties:
    """The pod specification of a subject that runs pods."""
    return one.properties.under(TEMPLATES[kind_of(one.type)])


def containers_of(one: Subject) -> Iterator[Properties]:
    """Its containers: those of init, which may be sidecars, and ephemeral ones too."""
    pod = pod_of(one)
    for key in ("initContainers", "containers", "ephemeralContainers"):
        yield from pod.each(key)


def namespace_of(one: Subject) -> str:
    """Its namespace; `default` where none is named."""
    return one.properties.text("metadata.namespace") or "default"


def name_of(one: Subject) -> str:
    """Its name in the cluster; its logical name where the cluster shall choose one."""
    return one.properties.text("metadata.name") or one.name


def may_use_host(one: Subject) -> bool:
    """Whether it is in a namespace whose pods read the host."""
    return namespace_of(one) in one.settings.privileged_namespaces


def labels_of(one: Subject) -> Properties:
    """Its labels."""
    return one.properties.under("metadata.labels")


def annotations_of(one: Subject) -> Properties:
    """Its annotations."""
    return one.properties.under("metadata.annotations")

"""The secrets and configuration that a pod cannot start without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.wire import Props, as_list, as_object

SOURCES: Mapping[str, str] = {
    "secretKeyRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "secretRef": "Secret",
    "configMapRef": "ConfigMap",
}
MOUNTED: Mapping[str, tuple[str, str]] = {
    "secret": ("Secret", "secretName"),
    "configMap": ("ConfigMap", "name"),
}
"""Source of a volume → its kind, and the field with its name; projected ones all say `name`."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """One object, or one key of it, by a volume or by a container."""

    kind: str
    name: str
    key: str | None
    volume: str = ""
    container: str = ""


def needs(pod: Pod) -> Iterator[Need]:
    """All of a pod's, but for what it calls optional; volumes first, as they are mounted first."""
    for volume in as_list(pod.spec.get("volumes")):
        projected = as_list(as_object(volume.get("projected")).get("sources"))
        for source in projected or [volume]:
            yield from _mounted(str(volume["name"]), source)
    for container in pod.containers:
        yield from _read(container)


def _mounted(volume: str, source: Props) -> Iterator[Need]:
    for field, (kind, named) in MOUNTED.items():
        found = as_object(source.get(field))
        name = found.get(named) or found.get("name")
        if name and not found.get("optional"):
            for key in [item["key"] for item in as_list(found.get("items"))] or [None]:
                yield Need(kind=kind, name=str(name), key=key, volume=volume)


def _read(container: Props) -> Iterator[Need]:
    values = [as_object(one.get("valueFrom")) for one in as_list(container.get("env"))]
    for one in (*values, *as_list(container.get("envFrom"))):
        for field, kind in SOURCES.items():
            found = as_object(one.get(field))
            if found and not found.get("optional"):
                yield Need(
                    kind=kind,
                    name=str(found["name"]),
                    key=found.get("key"),
                    container=str(container["name"]),
                )

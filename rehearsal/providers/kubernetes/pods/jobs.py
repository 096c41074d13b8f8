"""What the simulated cluster runs of a job's containers: kubectl, when it asks by a dry run.

Other programs are taken to do what they are for; another command of kubectl is refused, so
that no job of that kind passes without having been looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, as_list, as_object

ASKS = ("kubectl", "create", "--dry-run=server", "-f")

Ask = Callable[[Object], None]
"""Creates an object dry, as the job's account. Raises PluginError as the API server refuses."""


def failure(objects: Objects, cluster: str, pod: Pod, ask: Ask) -> str | None:
    """What a job's log would end with; None where it succeeds."""
    for container in as_list(pod.spec.get("containers")):
        command = [*as_list(container.get("command")), *as_list(container.get("args"))]
        if command[:1] == ["kubectl"]:
            try:
                _run(objects, cluster, pod, container, command, ask)
            except PluginError as error:
                return f"{container['name']}: {error}"
    return None


def _run(
    objects: Objects, cluster: str, pod: Pod, container: Props, command: list[str], ask: Ask
) -> None:
    *asks, path = command
    if tuple(asks) != ASKS:
        raise PluginError(
            f"the simulated cluster does not run {' '.join(command)!r}, it knows "
            f"{' '.join(ASKS)!r} and a file"
        )
    if pod.spec.get("automountServiceAccountToken") is False:
        raise PluginError("error: You must be logged in to the server (Unauthorized)")
    for body in _read(objects, cluster, pod, container, path):
        metadata = {"namespace": pod.namespace, **as_object(body.get("metadata"))}
        try:
            ask({**body, "metadata": metadata})
        except PluginError as error:
            raise PluginError(f'error when creating "{path}": {error}') from error


def _read(
    objects: Objects, cluster: str, pod: Pod, container: Props, path: str
) -> Iterator[dict[str, Any]]:
    """The objects in a file that a ConfigMap is mounted for."""
    text = _text(objects, cluster, pod, container, path)
    if text is None:
        raise PluginError(f'error: the path "{path}" does not exist')
    yield from (as_object(one) for one in yaml.safe_load_all(text) if one)


def _text(objects: Objects, cluster: str, pod: Pod, container: Props, path: str) -> str | None:
    folder, _, file = path.rpartition("/")
    names = [one["name"] for one in as_list(container.get("volumeMounts"))
             if one["mountPath"].rstrip("/") == folder]  # fmt: skip
    for volume in as_list(pod.spec.get("volumes")):
        source = as_object(volume.get("configMap"))
        if volume["name"] in names and source:
            key = Key(cluster, "v1", "ConfigMap", pod.namespace, source["name"])
            return as_object((objects.get(key) or {}).get("data")).get(file)
    return None

"""A control plane to which everything that the program makes was applied, in its own order."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kubernetes import config
from kubernetes.client import ApiException
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from components.services.order import ordered
from components.services.plan import Object, ServicePlan
from tests.control_plane.definitions import definitions
from tests.control_plane.server import ControlPlane

NODES = 6
AT_ONCE = 8
SETTLED_SECONDS = 120
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
STRICT = ("fieldValidation", "Strict")
"""An unknown field is refused; by default the API server drops it and only warns."""

Kind = tuple[str, str, str]
"""Group, version and kind."""

# The client has no types; everything that comes from it is read as it is.
new_client: Any = vars(config)["new_client_from_config"]


def body_of(error: ApiException) -> str:
    """What the API server said."""
    body: Any = vars(error)["body"]
    return str(body)


class Cluster:
    """Applies and asks, as the administrator."""

    def __init__(self, plane: ControlPlane) -> None:
        api: Any = new_client(str(plane.kubeconfig))
        self.dynamic: Any = DynamicClient(api)

    def take_in(
        self, defined: Iterable[Mapping[str, Any]], plans: tuple[ServicePlan, ...]
    ) -> dict[str, str]:
        """Apply nodes, what is `defined` and every object of `plans` in its order; what the API
        server said against an object, by the object's place in the plans."""
        refused: dict[str, str] = {}
        for manifest in nodes():
            self.create(manifest)
        # All at once: the API server works out its kinds anew after a pause in which none came.
        first, *others = every = list(defined)
        self.create(first)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.create, others))
        kinds = {kind for one in every for kind in _served_by(one)}
        until(lambda: kinds <= self._served())
        for key, one in objects_in_order(plans):
            try:
                self.create(one.manifest)
            except ApiException as error:
                refused[key] = body_of(error)
        return refused

    def _served(self) -> set[Kind]:
        """Of all groups in one small answer; the definitions themselves are megabytes."""
        answer = self.dynamic.request(
            "get", "/apis", header_params={"Accept": DISCOVERY}, serialize=False
        )
        found = json.loads(answer.data)
        return {
            (group["metadata"]["name"], version["version"], one["responseKind"]["kind"])
            for group in found["items"]
            for version in group["versions"]
            for one in version["resources"]
        }

    def jobs_end(self, plans: tuple[ServicePlan, ...]) -> int:
        """How many jobs the plans have, once all of them ended well."""
        jobs = [one.manifest["metadata"] for _, one in objects_in_order(plans) if one.kind == "Job"]

        def done(metadata: Mapping[str, Any]) -> bool:
            found = self.get("batch/v1", "Job", metadata["name"], metadata["namespace"])
            return (found.status.succeeded or 0) > 0

        until(lambda: all(done(one) for one in jobs))
        return len(jobs)

    def create(self, manifest: Mapping[str, Any]) -> Any:
        """Create the object. Raises ApiException as the API server refuses."""
        return self._resource(manifest).create(
            body=dict(manifest),
            namespace=manifest["metadata"].get("namespace"),
            query_params=[STRICT],
        )

    def try_out(self, manifest: Mapping[str, Any]) -> str:
        """What the API server says of a dry-run creation; empty where it accepts."""
        try:
            self._resource(manifest).create(
                body=dict(manifest),
                namespace=manifest["metadata"].get("namespace"),
                query_params=[STRICT, ("dryRun", "All")],
            )
        except ApiException as error:
            return body_of(error)
        return ""

    def debug(self, pod: str, namespace: str, container: Mapping[str, Any]) -> str:
        """What the API server says of an ephemeral container in a running pod, dry; empty where
        it accepts."""
        pods = self.dynamic.resources.get(api_version="v1", kind="Pod")
        try:
            pods.subresources["ephemeralcontainers"].patch(
                name=pod,
                namespace=namespace,
                body={"spec": {"ephemeralContainers": [dict(container)]}},
                content_type="application/strategic-merge-patch+json",
                query_params=[("dryRun", "All")],
            )
        except ApiException as error:
            return body_of(error)
        return ""

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Any:
        """The object. Raises ApiException where there is none."""
        found = self.dynamic.resources.get(api_version=api_version, kind=kind)
        return found.get(name=name, namespace=namespace)

    def scale(self, deployment: str, namespace: str, count: int) -> None:
        """Ask for `count` pods."""
        kind = self.dynamic.resources.get(api_version="apps/v1", kind="Deployment")
        kind.patch(
            name=deployment,
            namespace=namespace,
            body={"spec": {"replicas": count}},
            content_type="application/merge-patch+json",
        )

    def _resource(self, manifest: Mapping[str, Any]) -> Any:
        """The kind's endpoint; a definition takes a moment until its kind is served."""
        for _ in range(300):
            try:
                return self.dynamic.resources.get(
                    api_version=manifest["apiVersion"], kind=manifest["kind"]
                )
            except ResourceNotFoundError:
                time.sleep(0.2)
                self.dynamic.resources.invalidate_cache()
        raise AssertionError(f"{manifest['apiVersion']} {manifest['kind']}: not served")


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; fails the test where it does not come."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "did not settle"
        time.sleep(0.5)


def _served_by(definition: Mapping[str, Any]) -> Iterator[Kind]:
    spec = definition["spec"]
    for version in spec["versions"]:
        if version["served"]:
            yield spec["group"], version["name"], spec["names"]["kind"]


def nodes() -> Iterator[dict[str, Any]]:
    """kwok's nodes, in three zones, one of them with GPUs."""
    for number in range(NODES):
        sizes = {"cpu": "16", "memory": "64Gi", "pods": "110", "nvidia.com/gpu": "4"}
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": f"node-{number}",
                "labels": {
                    "topology.kubernetes.io/zone": f"zone-{number % 3}",
                    "kubernetes.io/hostname": f"node-{number}",
                    "kubernetes.io/os": "linux",
                },
            },
            "status": {"allocatable": sizes, "capacity": sizes},
        }


def used_by(plans: tuple[ServicePlan, ...]) -> list[dict[str, Any]]:
    """Definitions of the kinds that the plans make: an API server takes long over the others."""
    kinds = {one.kind for _, one in objects_in_order(plans)}
    return [one for one in definitions() if one["spec"]["names"]["kind"] in kinds]


def objects_in_order(plans: tuple[ServicePlan, ...]) -> Iterator[tuple[str, Object]]:
    """Every object of the plans, after what it waits for; releases are left out."""
    for key, part in ordered(plans).parts.items():
        if isinstance(part, Object):
            yield key, part

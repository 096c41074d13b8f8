"""What runs in a simulated cluster and makes things, most of them in AWS: each as long as it is
installed.

They make what the real ones make, so that a teardown in the wrong order leaves it behind, or
never ends: a controller that is gone cleans up nothing, and nobody takes its finalizers away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.balancers import Balancers
from rehearsal.providers.kubernetes.controllers.cluster import Cluster, Controller
from rehearsal.providers.kubernetes.controllers.model_servers import ModelServers
from rehearsal.providers.kubernetes.controllers.nodes import Nodes
from rehearsal.providers.kubernetes.controllers.records import Records
from rehearsal.providers.kubernetes.controllers.volumes import Volumes
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Place
from rehearsal.providers.kubernetes.releases import KIND as RELEASE
from rehearsal.providers.plugin import PluginError

ALL: tuple[Controller, ...] = (Volumes(), Nodes(), Balancers(), Records(), ModelServers())


class Controllers:
    """Lets the controllers of a cluster act on what just changed in it."""

    def __init__(self, objects: Objects, clients: Callable[[str], Clients]) -> None:
        """`clients`: those of a region."""
        self._objects = objects
        self._clients = clients
        self._lock = Lock()

    def changed(self, place: Place, body: Mapping[str, Any]) -> None:
        """`body`, an object or a release, came, changed or went."""
        concerned = [controller for controller in ALL if _concerns(controller, body)]
        if not concerned:
            return
        with self._lock:
            cluster = self._cluster(place)
            for controller in concerned:
                if cluster.runs(controller):
                    controller.settle(cluster, self._clients(place.region))

    def require_finalized(self, place: Place, body: Mapping[str, Any]) -> None:
        """Raises PluginError where the deletion of `body` would never end."""
        inside = self._objects.in_namespace(place.stored, _namespace(body))
        held = [(one, found) for one in (body, *inside) for found in _finalized(one)]
        if not held:
            return
        cluster = self._cluster(place)
        for one, (controller, finalizer) in held:
            if not cluster.runs(controller):
                raise PluginError(
                    f"{one['kind']} {one['metadata']['name']}: timed out waiting for its "
                    f"deletion: {controller.name}, which would remove its finalizer "
                    f"{finalizer}, does not run any more"
                )

    def _cluster(self, place: Place) -> Cluster:
        eks = self._clients(place.region).get("eks")
        found = eks.describe_cluster(name=place.name)["cluster"]
        return Cluster(
            name=place.name,
            stored=place.stored,
            objects=self._objects,
            addons=frozenset(eks.list_addons(clusterName=place.name)["addons"]),
            vpc_id=found["resourcesVpcConfig"]["vpcId"],
        )


def _namespace(body: Mapping[str, Any]) -> str:
    """Name of the namespace that `body` is; none has an empty name."""
    return str(body["metadata"]["name"]) if body.get("kind") == "Namespace" else "/"


def _finalized(body: Mapping[str, Any]) -> Iterator[tuple[Controller, str]]:
    for controller in ALL:
        finalizer = controller.finalizer(body)
        if finalizer:
            yield controller, finalizer


def _concerns(controller: Controller, body: Mapping[str, Any]) -> bool:
    if body.get("kind") == RELEASE:
        return body.get("name") == controller.name or controller.of_releases
    return body.get("kind") in {*controller.watches, "Namespace"}

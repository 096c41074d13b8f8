"""`pulumi-resource-kubernetes`: serve the simulated provider to the engine that started us."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from botocore.exceptions import ClientError
from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers import Controllers
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.providers.kubernetes.place import Described
from rehearsal.providers.kubernetes.pods.account import SimulatedAccount
from rehearsal.providers.kubernetes.provider import KubernetesProvider
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.server import serve
from rehearsal.providers.servicer import Servicer

OBJECTS_FILE = "MLOPS_REHEARSAL_OBJECTS"
"""Environment variable: the file that holds the simulated clusters' objects."""


@cache
def _clients(region: str) -> Clients:
    """One set per region: making a client takes longer than a call."""
    return Clients(region)


def describe(region: str, name: str) -> Described:
    """A cluster of the simulated EKS; its API server must be up."""
    try:
        cluster = _clients(region).get("eks").describe_cluster(name=name)["cluster"]
    except ClientError as error:
        raise PluginError(f"cannot reach cluster {name} in {region}: {error}") from error
    if cluster["status"] not in ("ACTIVE", "UPDATING"):
        raise PluginError(f"cluster {name} is {cluster['status']}: its API server does not answer")
    return Described(str(cluster["version"]), str(cluster["createdAt"]))


def cluster_addons(region: str, name: str) -> frozenset[str]:
    """Add-ons of a cluster of the simulated EKS."""
    return frozenset(_clients(region).get("eks").list_addons(clusterName=name)["addons"])


if __name__ == "__main__":
    objects = Objects(Path(os.environ[OBJECTS_FILE]))
    controllers = Controllers(objects, _clients)
    account = SimulatedAccount(_clients)

    def _provider() -> KubernetesProvider:
        return KubernetesProvider(objects, describe, cluster_addons, controllers, account)

    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(_provider, version("pulumi-kubernetes")), server
        )
    )

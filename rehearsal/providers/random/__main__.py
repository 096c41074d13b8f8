"""`pulumi-resource-random`: serve the simulated provider to the engine that started us."""

from __future__ import annotations

from importlib.metadata import version

from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.providers.random.provider import RandomProvider
from rehearsal.providers.server import serve
from rehearsal.providers.servicer import Servicer

if __name__ == "__main__":
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(RandomProvider, version("pulumi-random")), server
        )
    )

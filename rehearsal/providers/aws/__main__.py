"""`pulumi-resource-aws`: serve the simulated provider to the engine that started us."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.aws.registry import FUNCTIONS, RESOURCES
from rehearsal.providers.server import serve
from rehearsal.providers.servicer import Servicer

if __name__ == "__main__":
    # One set of clients per region for all providers: making a client takes longer than a call.
    connect = cache(Clients)
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(lambda: AwsProvider(RESOURCES, FUNCTIONS, connect), version("pulumi-aws")),
            server,
        )
    )

"""`pulumi-resource-eks`: constructs pulumi-eks components for the engine that started us.

Method names are the protocol's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal.providers.eks import addons, cluster, managed_node_group
from rehearsal.providers.eks.component import Blueprint, blueprint
from rehearsal.providers.eks.monitor import Monitor, Registered
from rehearsal.providers.eks.versions import EKS
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.server import serve
from rehearsal.providers.wire import Props, to_struct

COMPONENTS: Mapping[str, Callable[[Blueprint], tuple[Registered, Props]]] = {
    "eks:index:Addon": addons.construct,
    "eks:index:Cluster": cluster.construct,
    "eks:index:ManagedNodeGroup": managed_node_group.construct,
}


class EksProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Answers `Construct`; there is nothing else to a provider of components."""

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=EKS)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True)

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        make = COMPONENTS.get(request.type)
        if make is None:
            known = ", ".join(sorted(COMPONENTS))
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"{request.type}: the simulated eks provider knows only {known}",
            )
            raise AssertionError("abort returned")
        return _constructed(make, request, context)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def _constructed(
    make: Callable[[Blueprint], tuple[Registered, Props]],
    request: provider_pb2.ConstructRequest,
    context: grpc.ServicerContext,
) -> provider_pb2.ConstructResponse:
    monitor = Monitor(request.monitorEndpoint, request.dryRun)
    try:
        own, outputs = make(blueprint(request, monitor))
    except PluginError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        raise AssertionError("abort returned") from error
    except grpc.RpcError as error:
        # The engine has already reported why a child could not be registered.
        context.abort(
            grpc.StatusCode.UNKNOWN, f"{request.name}: a child was not registered: {error}"
        )
        raise AssertionError("abort returned") from error
    finally:
        monitor.close()
    return provider_pb2.ConstructResponse(urn=own.urn, state=to_struct(outputs))


if __name__ == "__main__":
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            EksProvider(), server
        )
    )

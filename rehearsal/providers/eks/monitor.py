"""The engine's resource monitor, as a component sees it: it registers children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

from rehearsal.providers.eks.traced import Traced, untraced
from rehearsal.providers.server import CHANNEL_OPTIONS
from rehearsal.providers.wire import RESOURCE, SIGNATURE, UNKNOWN, Props, from_struct, to_struct

_Deps = resource_pb2.RegisterResourceRequest.PropertyDependencies


@dataclass(frozen=True)
class Registered:
    """A registered resource: its outputs are traced back to it."""

    urn: str
    id: str
    outputs: Props
    previewing: bool

    def __getitem__(self, key: str) -> Traced:
        """An output; what a preview does not know yet is unknown."""
        missing = UNKNOWN if self.previewing else None
        return Traced(self.outputs.get(key, missing), frozenset({self.urn}))

    @property
    def identifier(self) -> Traced:
        return Traced(self.id or UNKNOWN, frozenset({self.urn}))

    @property
    def reference(self) -> Traced:
        """The resource itself as a value, as the SDKs pass resources around."""
        mark: Props = {SIGNATURE: RESOURCE, "urn": self.urn, "packageVersion": ""}
        if self.id or self.previewing:
            mark["id"] = self.id or UNKNOWN
        return Traced(mark, frozenset({self.urn}))


@dataclass(frozen=True)
class Options:
    """What children take over from the component that registers them."""

    parent: str
    provider: str = ""
    """Reference `urn::id` of the provider for custom resources of its package."""
    protect: bool = False
    retain_on_delete: bool = False
    depends_on: Sequence[str] = ()
    ignore_changes: Sequence[str] = ()
    providers: Mapping[str, str] = field(default_factory=dict[str, str])


class Monitor:
    """Registers resources with one deployment. Calls block until a resource is there."""

    def __init__(self, endpoint: str, previewing: bool) -> None:
        self._channel = grpc.insecure_channel(endpoint, options=CHANNEL_OPTIONS)
        # The generated stub has no annotations for its calls.
        self._stub: Any = resource_pb2_grpc.ResourceMonitorStub(self._channel)
        self.previewing = previewing

    def component(self, type_: str, name: str, options: Options) -> Registered:
        """Register a component; `finish` it once its children are there."""
        return self._registered(self._request(type_, name, {}, options, custom=False))

    def resource(
        self, type_: str, name: str, inputs: Mapping[str, Any], options: Options, version: str = ""
    ) -> Registered:
        """Register a custom resource and wait for it."""
        request = self._request(type_, name, inputs, options, custom=True)
        request.version = version
        return self._registered(request)

    def finish(self, registered: Registered, outputs: Mapping[str, Any]) -> Props:
        """Record a component's outputs; returns them as plain structure."""
        plain, _ = untraced(outputs)
        self._stub.RegisterResourceOutputs(
            resource_pb2.RegisterResourceOutputsRequest(
                urn=registered.urn, outputs=to_struct(plain)
            )
        )
        return plain

    def outputs_of(self, urn: str) -> Props:
        """The outputs of a resource registered elsewhere in this deployment."""
        request = resource_pb2.ResourceInvokeRequest(
            tok="pulumi:pulumi:getResource", args=to_struct({"urn": urn}), acceptResources=True
        )
        answer = from_struct(getattr(self._stub.Invoke(request), "return"))
        return answer.get("state") or {}

    def close(self) -> None:
        self._channel.close()

    def _request(
        self, type_: str, name: str, inputs: Mapping[str, Any], options: Options, *, custom: bool
    ) -> resource_pb2.RegisterResourceRequest:
        traced = {key: untraced(value) for key, value in inputs.items()}
        given = {key: pair for key, pair in traced.items() if pair[0] is not None}
        urns = {urn for _, deps in given.values() for urn in deps}
        return resource_pb2.RegisterResourceRequest(
            type=type_,
            name=name,
            parent=options.parent,
            custom=custom,
            object=to_struct({key: value for key, (value, _) in given.items()}),
            propertyDependencies={
                key: _Deps(urns=sorted(deps)) for key, (_, deps) in given.items()
            },
            dependencies=sorted(urns | set(options.depends_on)),
            provider=options.provider if custom else "",
            providers=dict(options.providers),
            protect=options.protect,
            retainOnDelete=options.retain_on_delete,
            ignoreChanges=list(options.ignore_changes),
            acceptSecrets=True,
            acceptResources=True,
            supportsPartialValues=True,
            supportsResultReporting=False,
        )

    def _registered(self, request: resource_pb2.RegisterResourceRequest) -> Registered:
        answer = self._stub.RegisterResource(request)
        return Registered(answer.urn, answer.id, from_struct(answer.object), self.previewing)

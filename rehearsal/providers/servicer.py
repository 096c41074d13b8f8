"""Puts a `Plugin` on the wire: Pulumi's ResourceProvider service over gRPC.

Method names are the protocol's. Source: pulumi/pulumi, `proto/pulumi/provider.proto`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import (
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

from rehearsal.providers.plugin import (
    Changes,
    Failure,
    Found,
    HalfMade,
    Plugin,
    PluginError,
    Subject,
)
from rehearsal.providers.wire import Props, from_struct, to_struct

_Diff = provider_pb2.DiffResponse
_Kind = provider_pb2.PropertyDiff


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves a plugin of its own to every connection: an engine opens one for each provider
    that it configures, and may find us running already."""

    def __init__(self, make: Callable[[], Plugin], version: str) -> None:
        """`version`: of the provider that the plugin stands in for."""
        self._make = make
        self._version = version
        self._plugins: dict[str, Plugin] = {}
        self._lock = Lock()

    def _plugin(self, context: grpc.ServicerContext) -> Plugin:
        with self._lock:
            connection = context.peer()
            if connection not in self._plugins:
                self._plugins[connection] = self._make()
            return self._plugins[connection]

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Nothing to do: no call goes back to the engine."""
        return empty_pb2.Empty()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._version)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        failures = self._plugin(context).check_config(from_struct(request.news))
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        changed = request.olds != request.news
        return _Diff(changes=_Diff.DIFF_SOME if changed else _Diff.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        try:
            self._plugin(context).configure(from_struct(request.args))
        except PluginError as error:
            _refuse(context, str(error))
        return provider_pb2.ConfigureResponse()

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        subject = _subject(request, seed=request.randomSeed)
        try:
            checked = self._plugin(context).check(
                subject, from_struct(request.news), from_struct(request.olds)
            )
        except PluginError as error:
            _refuse(context, str(error))
        return provider_pb2.CheckResponse(
            inputs=to_struct(checked.inputs), failures=_failures(checked.failures)
        )

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        return _diff(
            self._plugin(context).diff(_subject(request), olds, news), olds.keys(), news.keys()
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        if request.preview:
            # What the provider would add is not known yet: the engine takes it as unknown.
            return provider_pb2.CreateResponse(properties=request.properties)
        try:
            made = self._plugin(context).create(_subject(request), from_struct(request.properties))
        except HalfMade as half:
            _keep(context, half)
        except PluginError as error:
            _refuse(context, str(error))
        return provider_pb2.CreateResponse(id=made.id, properties=to_struct(made.outputs))

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        try:
            subject = _subject(request, outputs=from_struct(request.properties))
            found = self._plugin(context).read(subject, request.id, from_struct(request.inputs))
        except PluginError as error:
            _refuse(context, str(error))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, properties=to_struct(found.outputs), inputs=to_struct(found.inputs)
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        if request.preview:
            expected = {**from_struct(request.olds), **news}
            return provider_pb2.UpdateResponse(properties=to_struct(expected))
        try:
            subject = _subject(request, outputs=from_struct(request.olds))
            made = self._plugin(context).update(subject, request.id, olds, news)
        except HalfMade as half:
            _keep(context, half)
        except PluginError as error:
            _refuse(context, str(error))
        return provider_pb2.UpdateResponse(properties=to_struct(made.outputs))

    def Delete(
        self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        try:
            self._plugin(context).delete(
                _subject(request), request.id, from_struct(request.properties)
            )
        except PluginError as error:
            _refuse(context, str(error))
        return empty_pb2.Empty()

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        # `return` is a Python keyword, so the response's field is reached by its name.
        response = provider_pb2.InvokeResponse()
        try:
            result = self._plugin(context).invoke(request.tok, from_struct(request.args))
        except PluginError as error:
            _refuse(context, str(error))
        getattr(response, "return").CopyFrom(to_struct(result))
        return response

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def _subject(
    request: provider_pb2.CheckRequest
    | provider_pb2.DiffRequest
    | provider_pb2.CreateRequest
    | provider_pb2.ReadRequest
    | provider_pb2.UpdateRequest
    | provider_pb2.DeleteRequest,
    seed: bytes = b"",
    outputs: Props | None = None,
) -> Subject:
    return Subject(request.type, request.name, request.urn, seed, outputs or {})


def _failures(failures: Sequence[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=one.prop, reason=one.reason) for one in failures]


def _diff(
    changes: Changes, olds: Collection[str], news: Collection[str]
) -> provider_pb2.DiffResponse:
    detailed = {
        key: _Kind(kind=_kind(key in olds, key in news, key in changes.replaces), inputDiff=True)
        for key in changes.changed
    }
    return _Diff(
        changes=_Diff.DIFF_SOME if changes.changed else _Diff.DIFF_NONE,
        diffs=list(changes.changed),
        replaces=list(changes.replaces),
        deleteBeforeReplace=changes.delete_before_replace,
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
    )


def _kind(was: bool, will: bool, replaces: bool) -> provider_pb2.PropertyDiff.Kind.ValueType:
    if not was:
        return _Kind.ADD_REPLACE if replaces else _Kind.ADD
    if not will:
        return _Kind.DELETE_REPLACE if replaces else _Kind.DELETE
    return _Kind.UPDATE_REPLACE if replaces else _Kind.UPDATE


def _refuse(context: grpc.ServicerContext, reason: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, reason)
    raise AssertionError("abort returned")


def _keep(context: grpc.ServicerContext, half: HalfMade) -> NoReturn:
    """Refuse, but hand over what exists, so that the engine records it."""
    detail = any_pb2.Any()
    detail.Pack(_initialization_failure(half.found, str(half)))
    status = status_pb2.Status(
        code=grpc.StatusCode.UNKNOWN.value[0], message=str(half), details=[detail]
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    _refuse(context, str(half))


def _initialization_failure(found: Found, reason: str) -> provider_pb2.ErrorResourceInitFailed:
    return provider_pb2.ErrorResourceInitFailed(
        id=found.id,
        properties=to_struct(found.outputs),
        inputs=to_struct(found.inputs),
        reasons=[reason],
    )

"""A pack that judges nothing: it writes what the engine sends to the file in RECORD_TO.

Run by `python -m upkeep.recorded_resources`, which makes the policies' fixtures of it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from policies.engine.messages import plain
from policies.engine.server import serve


class Recorder(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers that all is well. Method names are the protocol's."""

    def Handshake(
        self, request: analyzer_pb2.AnalyzerHandshakeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerHandshakeResponse:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="0.1.0")

    def GetAnalyzerInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerInfo:
        return analyzer_pb2.AnalyzerInfo(name="recorder", version="0.1.0")

    def Configure(
        self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Remediate(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.RemediateResponse:
        return analyzer_pb2.RemediateResponse()

    def Analyze(
        self, request: analyzer_pb2.AnalyzeRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        _write({"asked": "resource", **_described(request), "parent": request.options.parent})
        return analyzer_pb2.AnalyzeResponse()

    def AnalyzeStack(
        self, request: analyzer_pb2.AnalyzeStackRequest, context: grpc.ServicerContext
    ) -> analyzer_pb2.AnalyzeResponse:
        for one in request.resources:
            # The engine's order is another in each run.
            flows = {key: sorted(found.urns) for key, found in one.propertyDependencies.items()}
            _write(
                {
                    "asked": "stack",
                    **_described(one),
                    "parent": one.parent,
                    "dependencies": sorted(one.dependencies),
                    "propertyDependencies": {key: urns for key, urns in flows.items() if urns},
                }
            )
        return analyzer_pb2.AnalyzeResponse()


def _described(
    request: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource,
) -> dict[str, Any]:
    return {
        "urn": request.urn,
        "type": request.type,
        "name": request.name,
        "properties": plain(request.properties),
        "protect": request.options.protect,
        "provider": {
            "name": request.provider.name,
            "properties": plain(request.provider.properties),
        },
    }


def _write(line: dict[str, Any]) -> None:
    with Path(os.environ["RECORD_TO"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, sort_keys=True) + "\n")


if __name__ == "__main__":
    serve(Recorder())

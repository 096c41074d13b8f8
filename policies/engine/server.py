"""Serves the pack: a gRPC server on loopback whose port is the first line that it prints."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit."""
POLL_SECONDS = 1.0


def serve(analyzer: analyzer_pb2_grpc.AnalyzerServicer) -> None:
    """Serve until SIGINT or SIGTERM, or until the engine that started us is gone."""
    size = ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES)
    server = grpc.server(ThreadPoolExecutor(8), options=[size])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(analyzer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    _wait()
    server.stop(grace=0.2).wait(1)


def _wait() -> None:
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    parent = os.getppid()
    # An engine that is killed says nothing.
    while not ended.wait(POLL_SECONDS):
        if os.getppid() != parent:
            sys.exit(0)

"""Runs a provider or language host as a plugin: a gRPC server on loopback whose port is
the first line it prints, as the engine expects."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc

from rehearsal.collector import collect_seldom, keep_what_is_loaded

MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit for one message."""
CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
]


def print_port(port: int) -> None:
    """Tell the engine where we listen."""
    print(port, flush=True)


def serve(
    register: Callable[[grpc.Server], None],
    announce: Callable[[int], None] = print_port,
    *,
    workers: int = 64,
) -> None:
    """Serve until SIGINT or SIGTERM, or until the process that started us is gone."""
    collect_seldom()
    keep_what_is_loaded()
    server = grpc.server(ThreadPoolExecutor(workers), options=CHANNEL_OPTIONS)
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    announce(port)
    _wait_for_the_end()
    server.stop(grace=0.2).wait(1)


def _wait_for_the_end(poll_seconds: float = 1.0) -> None:
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    parent = os.getppid()
    # An engine killed with SIGKILL says nothing; without this check its plugins would stay.
    while not ended.wait(poll_seconds):
        if os.getppid() != parent:
            return

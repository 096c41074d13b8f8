"""A plugin that is a Python program, such as a policy pack: started for the engine, which reads
what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import IO

import grpc
from pulumi.runtime.proto import language_pb2

from rehearsal.engine.process import stop

Response = language_pb2.RunPluginResponse


def run_plugin(
    request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
) -> Iterator[Response]:
    """Run it to its end and pass its lines on; stopped when the engine hangs up."""
    program = request.info.program_directory or request.program
    environment = {**os.environ, **dict(pair.split("=", 1) for pair in request.env)}
    process = subprocess.Popen(
        [sys.executable, "-u", program, *request.args],
        cwd=request.pwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    context.add_callback(lambda: stop(process.pid))
    yield from _printed(process)
    yield Response(exitcode=process.wait())


def _printed(process: subprocess.Popen[bytes]) -> Iterator[Response]:
    """Both streams as they come, until both end."""
    lines: SimpleQueue[Response | None] = SimpleQueue()
    assert process.stdout is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    for stream, name in ((process.stdout, "stdout"), (process.stderr, "stderr")):
        threading.Thread(target=_read, args=(stream, name, lines), daemon=True).start()
    for _ in range(2):
        while (line := lines.get()) is not None:
            yield line


def _read(stream: IO[bytes], name: str, lines: SimpleQueue[Response | None]) -> None:
    for line in stream:
        lines.put(Response(stdout=line) if name == "stdout" else Response(stderr=line))
    lines.put(None)

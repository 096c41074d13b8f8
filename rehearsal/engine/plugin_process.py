"""A plugin that is a Python program, such as a policy pack: started for the engine, which reads
what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from queue import SimpleQueue
from typing import IO

import grpc
from pulumi.runtime.proto import language_pb2

from rehearsal.engine.process import stop
from rehearsal.engine.spare import Running, Spare

Response = language_pb2.RunPluginResponse


def run_plugin(
    request: language_pb2.RunPluginRequest, context: grpc.ServicerContext, spare: Spare | None
) -> Iterator[Response]:
    """Run it to its end, in `spare` where there is one, and pass its lines on; stopped when the
    engine hangs up."""
    program = request.info.program_directory or request.program
    environment = dict(pair.split("=", 1) for pair in request.env)
    if spare:
        process = spare.run(program, request.args, request.pwd, environment)
    else:
        process = _started([program, *request.args], request.pwd, environment)
    context.add_callback(lambda: stop(process.pid))
    yield from _printed(process)
    yield Response(exitcode=process.wait())


def _started(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-u", *command],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    return Running(process.pid, process.stdout, process.stderr)


def _printed(process: Running) -> Iterator[Response]:
    """Both streams as they come, until both end."""
    lines: SimpleQueue[Response | None] = SimpleQueue()
    for stream, name in ((process.stdout, "stdout"), (process.stderr, "stderr")):
        threading.Thread(target=_read, args=(stream, name, lines), daemon=True).start()
    for _ in range(2):
        while (line := lines.get()) is not None:
            yield line


def _read(stream: IO[bytes], name: str, lines: SimpleQueue[Response | None]) -> None:
    for line in stream:
        lines.put(Response(stdout=line) if name == "stdout" else Response(stderr=line))
    lines.put(None)

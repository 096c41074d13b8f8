"""What the policy pack costs: asked over its own protocol, as the engine asks it, of every
resource of a state."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import psutil
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from rehearsal.engine.process import stop
from rehearsal.providers.server import CHANNEL_OPTIONS
from rehearsal.providers.wire import to_struct

MIB = 1024 * 1024
RELEASE = "kubernetes:helm.sh/v3:Release"


@dataclass(frozen=True)
class PackTimes:
    """Wall times of one judgement after the other."""

    resources: int
    start_seconds: float
    """From nothing to the first answer."""
    resource_ms: float
    """Repair and judgement of one resource, on average."""
    release_ms: float
    """Of the largest Helm release."""
    stack_seconds: float
    """All rules about the stack, at the end."""
    memory_mib: float

    @property
    def preview_seconds(self) -> float:
        """What a preview of the state waits for the pack, if nothing of it overlaps."""
        return self.start_seconds + self.resources * self.resource_ms / 1000 + self.stack_seconds


def measured(pack: Path, stack: str, state: Mapping[str, Any]) -> PackTimes:
    """Times for the stack's exported state."""
    resources: Sequence[Mapping[str, Any]] = state["deployment"]["resources"]
    started = time.perf_counter()
    with _running(pack) as (process, client):
        client.GetAnalyzerInfo(empty_pb2.Empty())
        ready = time.perf_counter()
        client.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack=stack))
        each = [(_size(one), _judged(client, one)) for one in resources]
        asked = time.perf_counter()
        members = [analyzer_pb2.AnalyzerResource(**_described(one, "outputs")) for one in resources]
        client.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=members))
        done = time.perf_counter()
        releases = [one for one in each if one[0]]
        return PackTimes(
            resources=len(resources),
            start_seconds=ready - started,
            resource_ms=1000 * sum(seconds for _, seconds in each) / len(each),
            release_ms=1000 * max(releases)[1] if releases else 0,
            stack_seconds=done - asked,
            memory_mib=psutil.Process(process.pid).memory_info().rss / MIB,
        )


@contextmanager
def _running(pack: Path) -> Generator[tuple[subprocess.Popen[str], Any]]:
    """The pack's process and a client of it, whose generated type knows no messages."""
    command = [sys.executable, "-u", str(pack)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            port = process.stdout.readline().strip()
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL_OPTIONS) as channel:
                yield process, analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            stop(process.pid)


def _judged(client: Any, one: Mapping[str, Any]) -> float:
    request = analyzer_pb2.AnalyzeRequest(**_described(one, "inputs"))
    started = time.perf_counter()
    client.Remediate(request)
    client.Analyze(request)
    return time.perf_counter() - started


def _described(one: Mapping[str, Any], side: str) -> dict[str, Any]:
    return {
        "urn": one["urn"],
        "type": one["type"],
        "name": one["urn"].rpartition("::")[2],
        "properties": to_struct(one.get(side) or {}),
    }


def _size(one: Mapping[str, Any]) -> int:
    """Bytes of a release; 0 of anything else."""
    return to_struct(one.get("inputs") or {}).ByteSize() if one["type"] == RELEASE else 0

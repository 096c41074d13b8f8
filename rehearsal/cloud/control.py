"""Control endpoints under `/_rehearsal/`: health, recorded calls, faults, reset."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import psutil

from rehearsal.cloud import faults
from rehearsal.cloud.wire import Environ, Reply

if TYPE_CHECKING:
    from rehearsal.cloud.gateway import Gateway

PREFIX = "/_rehearsal/"


def answer(gateway: Gateway, method: str, path: str, environ: Environ, body: bytes) -> Reply:
    """Answer a control request; unknown ones get the list of those that exist."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    match (method, path.removeprefix(PREFIX)):
        case ("GET", "health"):
            return _json(200, _health())
        case ("GET", "calls"):
            return _json(200, gateway.journal.entries(int(query.get("after", ["0"])[0])))
        case ("DELETE", "calls"):
            gateway.journal.clear()
            return _json(200, {})
        case ("GET", "faults"):
            return _json(200, gateway.faults.listed())
        case ("POST", "faults"):
            return _add_fault(gateway, body)
        case ("DELETE", "faults"):
            gateway.faults.clear()
            return _json(200, {})
        case ("POST", "reset"):
            gateway.reset()
            return _json(200, {})
        case _:
            return _unknown(method, path)


def _unknown(method: str, path: str) -> Reply:
    known = "GET health, GET|DELETE calls, GET|POST|DELETE faults, POST reset"
    return _json(404, {"error": f"no {method} {path}; under {PREFIX} there are: {known}"})


def _health() -> dict[str, Any]:
    process = psutil.Process()
    return {
        "status": "ok",
        "pid": os.getpid(),
        "rss_bytes": process.memory_info().rss,
        "threads": process.num_threads(),
    }


def _add_fault(gateway: Gateway, body: bytes) -> Reply:
    try:
        fault = faults.parse(json.loads(body))
    except ValueError as problem:
        return _json(400, {"error": str(problem)})
    return _json(201, {"id": gateway.faults.add(fault).id})


def _json(status: int, document: object) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(document).encode())

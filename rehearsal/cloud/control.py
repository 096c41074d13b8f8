"""Control endpoints under `/_rehearsal/`: health, recorded calls, faults, reset."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import psutil

from rehearsal.cloud import faults
from rehearsal.cloud.clock import CLOCK
from rehearsal.cloud.wire import Environ, Reply

if TYPE_CHECKING:
    from rehearsal.cloud.gateway import Gateway

PREFIX = "/_rehearsal/"


def answer(gateway: Gateway, method: str, path: str, environ: Environ, body: bytes) -> Reply:
    """Answer a control request; unknown ones get the list of those that exist."""
    name = f"{method} {path.removeprefix(PREFIX)}"
    if name not in _ROUTES:
        text = f"no {method} {path}; under {PREFIX} there are: {', '.join(_ROUTES)}"
        return _json(404, {"error": text})
    return _ROUTES[name](gateway, environ, body)


def _calls(gateway: Gateway, environ: Environ, _body: bytes) -> Reply:
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return _json(200, gateway.journal.entries(int(query.get("after", ["0"])[0])))


def _forget_calls(gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    gateway.journal.clear()
    return _json(200, {})


def _faults(gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    return _json(200, gateway.faults.listed())


def _outages(gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    return _json(200, [asdict(each) for each in gateway.faults.outages()])


def _clear_faults(gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    gateway.faults.clear()
    return _json(200, {})


def _reset(gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    gateway.reset()
    return _json(200, {})


def _health(_gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    process = psutil.Process()
    state = {
        "status": "ok",
        "pid": os.getpid(),
        "rss_bytes": process.memory_info().rss,
        "threads": process.num_threads(),
    }
    return _json(200, state)


def _clock(_gateway: Gateway, _environ: Environ, _body: bytes) -> Reply:
    return _json(200, {"now": CLOCK.exact().timestamp()})


def _drive_clock(gateway: Gateway, environ: Environ, body: bytes) -> Reply:
    try:
        CLOCK.drive(float(json.loads(body)["advance"]))
    except (KeyError, TypeError, ValueError) as problem:
        return _json(400, {"error": f'expected {{"advance": seconds}}: {problem}'})
    return _clock(gateway, environ, b"")


def _rest_clock(gateway: Gateway, environ: Environ, _body: bytes) -> Reply:
    CLOCK.rest()
    return _clock(gateway, environ, b"")


def _add_fault(gateway: Gateway, _environ: Environ, body: bytes) -> Reply:
    try:
        fault = faults.parse(json.loads(body))
    except ValueError as problem:
        return _json(400, {"error": str(problem)})
    return _json(201, {"id": gateway.faults.add(fault).id})


def _json(status: int, document: object) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(document).encode())


_ROUTES: dict[str, Callable[[Gateway, Environ, bytes], Reply]] = {
    "GET health": _health,
    "GET calls": _calls,
    "DELETE calls": _forget_calls,
    "GET clock": _clock,
    "POST clock": _drive_clock,
    "POST rest": _rest_clock,
    "GET faults": _faults,
    "POST faults": _add_fault,
    "DELETE faults": _clear_faults,
    "GET outages": _outages,
    "POST reset": _reset,
}

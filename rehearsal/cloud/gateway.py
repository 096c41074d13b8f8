"""The WSGI application: each request goes through faults, validation, refusals, our own
operations and moto, in this order, and into the journal."""

from __future__ import annotations

import http.client
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.cloud import (
    control,
    faults,
    lost_region,
    lost_zone,
    operations,
    refusals,
    validation,
)
from rehearsal.cloud.call import Answer, Call, digest
from rehearsal.cloud.callers import caller
from rehearsal.cloud.clock import CLOCK
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.faults import Disconnect, Faults
from rehearsal.cloud.journal import Journal
from rehearsal.cloud.moto_switches import ACCOUNT_ID
from rehearsal.cloud.state import Cloud
from rehearsal.cloud.upstream import Upstream, broken
from rehearsal.cloud.wire import Environ, Reply, Wire, environ_for, identify, rewound

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True)
class Outcome:
    """How a call ended, and which stage ended it."""

    reply: Reply
    by: str
    error: str | None = None
    parameters: str = ""


@dataclass
class Gateway:
    """The simulated cloud as one WSGI application."""

    cloud: Cloud = field(default_factory=Cloud)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    upstream: Upstream = field(default_factory=Upstream)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """moto's models are not thread-safe, and a refusal must see the state it judges."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = _body(environ)
        path = environ.get("PATH_INFO", "")
        if path.startswith(control.PREFIX):
            reply = control.answer(self, environ["REQUEST_METHOD"], path, environ, body)
        else:
            reply = self._aws(environ, body)
        headers = {**reply.headers, "Content-Length": str(len(reply.body))}
        if environ["REQUEST_METHOD"] == "HEAD":
            headers = {"Content-Length": "0", **reply.headers}
        start_response(f"{reply.status} {_reason(reply.status)}", list(headers.items()))
        return [reply.body]

    def reset(self) -> None:
        """Empty the account, the journal and the faults."""
        with self.lock:
            self.cloud.reset()
            self.journal.clear()
            self.faults.reset()
            CLOCK.reset()

    def _aws(self, environ: Environ, body: bytes) -> Reply:
        started = time.time()
        try:
            wire = identify(rewound(environ, body))
        except ApiError as problem:
            return _unidentified(problem)
        try:
            outcome = self._outcome(wire, environ, body)
        except Disconnect:
            broken_off = Outcome(Reply(0, {}, b""), "fault", "Disconnect")
            self._record(started, wire, caller(environ), broken_off)
            raise
        self._record(started, wire, caller(environ), outcome)
        return outcome.reply

    def _outcome(self, wire: Wire, environ: Environ, body: bytes) -> Outcome:
        asked = (wire.service, wire.operation.name, wire.region, caller(environ))
        fault = self.faults.take(*asked)
        if fault and fault.kind != "lost-answer":
            time.sleep(fault.seconds)
            return _refused(wire, faults.error(fault, wire.service), "fault")
        try:
            params = wire.params()
            validation.check(wire.service, wire.operation, params)
        except ApiError as problem:
            return _refused(wire, problem, "validation")
        with self.lock:
            outcome = self._carried_out(wire, params, rewound(environ, body))
        if fault:
            time.sleep(fault.seconds)
            raise Disconnect
        return replace(outcome, parameters=digest(params))

    def _carried_out(self, wire: Wire, params: dict[str, Any], environ: Environ) -> Outcome:
        call = self._call(wire, params, environ)
        try:
            lost_region.check(call)
            lost_zone.check(call, self.faults.lost_zones())
            refusals.check(call)
        except ApiError as problem:
            return _refused(wire, problem, "refusal")
        except Exception as problem:  # noqa: BLE001 - a client must get an answer
            return _refused(wire, broken("a refusal", call.name, problem), "refusal")
        try:
            operation = operations.find(call.service, call.operation)
            if operation is None:
                return _passed(wire, self.upstream.reply(call.service, call.operation, environ))
            return _made(wire, operations.checked(wire.operation, operation(call)))
        except ApiError as problem:
            return _refused(wire, problem, "operation")
        except Exception as problem:  # noqa: BLE001 - a client must get an answer
            return _refused(wire, broken("the simulated cloud", call.name, problem), "operation")

    def _call(self, wire: Wire, params: dict[str, Any], environ: Environ) -> Call:
        name = wire.operation.name

        def upstream() -> Answer:
            return wire.read(self.upstream.reply(wire.service, name, environ))

        def ask(
            service: str, operation: str, given: dict[str, Any], *, region: str = wire.region
        ) -> Answer:
            asked = environ_for(service, operation, region, given)
            identified = identify(rewound(asked, _body(asked)))
            asked = environ_for(service, operation, region, given)
            return identified.read(self.upstream.reply(service, operation, asked))

        return Call(
            service=wire.service,
            operation=name,
            region=wire.region,
            account=ACCOUNT_ID,
            params=params,
            cloud=self.cloud,
            upstream=upstream,
            ask=ask,
            lost=self.faults.lost_regions(),
            outages=self.faults.outages(),
            late=self.faults.late_replicas(),
        )

    def _record(self, started: float, wire: Wire, by: str, outcome: Outcome) -> None:
        self.journal.record(
            started,
            caller=by,
            service=wire.service,
            region=wire.region,
            operation=wire.operation.name,
            parameters=outcome.parameters,
            status=outcome.reply.status,
            error=outcome.error,
            by=outcome.by,
        )


def _body(environ: Environ) -> bytes:
    """The whole request body, so that several stages can read it."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return stream.read(int(length))
    return stream.read() if environ.get("wsgi.input_terminated") else b""


def _made(wire: Wire, answer: Answer) -> Outcome:
    return Outcome(wire.reply(answer, str(uuid.uuid4())), "operation")


def _refused(wire: Wire, problem: ApiError, by: str) -> Outcome:
    return Outcome(wire.reply(problem, str(uuid.uuid4())), by, problem.code)


def _passed(wire: Wire, reply: Reply) -> Outcome:
    """moto's answer as it is; its error code, if it is one, goes into the journal."""
    if reply.status < 300:
        return Outcome(reply, "moto")
    try:
        wire.read(reply)
    except ApiError as problem:
        return Outcome(reply, "moto", problem.code)
    return Outcome(reply, "moto")


def _unidentified(problem: ApiError) -> Reply:
    """An error for a request whose protocol is not known: in words."""
    text = f"{problem.code}: {problem.message}\n"
    headers = {"Content-Type": "text/plain; charset=utf-8", "x-amzn-ErrorType": problem.code}
    return Reply(problem.status or 400, headers, text.encode())


def _reason(status: int) -> str:
    return http.client.responses.get(status, "Unknown")

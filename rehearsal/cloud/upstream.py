"""moto, called in this process: one Flask application per service, made at first use."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from rehearsal.cloud.errors import ApiError, not_implemented
from rehearsal.cloud.wire import Environ, Reply


class Upstream:
    """moto's applications by service."""

    def __init__(self) -> None:
        self._apps: dict[str, Callable[..., Any]] = {}

    def reply(self, service: str, operation: str, environ: Environ) -> Reply:
        """moto's answer. Raises ApiError `NotImplemented` where moto has no such
        operation, and `InternalFailure` where moto breaks."""
        try:
            reply = collect(self._app(service, operation), environ)
        except NotImplementedError as problem:
            raise not_implemented(service, operation) from problem
        except ApiError:
            raise
        except Exception as problem:
            raise broken("moto", f"{service}:{operation}", problem) from problem
        if _is_unrouted(reply):
            raise not_implemented(service, operation)
        return reply

    def _app(self, service: str, operation: str) -> Callable[..., Any]:
        if service not in self._apps:
            from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
                create_backend_app,
            )

            name: Any = service
            try:
                self._apps[service] = create_backend_app(name)
            except (ImportError, KeyError):
                raise not_implemented(service, operation) from None
        return self._apps[service]


def broken(who: str, name: str, problem: Exception) -> ApiError:
    """The error for a bug in the simulation, with its traceback on standard error."""
    traceback.print_exception(problem)
    text = f"{who} failed in {name}: {type(problem).__name__}: {problem}"
    return ApiError("InternalFailure", text, 500)


def collect(app: Callable[..., Any], environ: Environ) -> Reply:
    """Run a WSGI application to its end. Raises what it raises."""
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
        started["status"] = int(status.split(maxsplit=1)[0])
        started["headers"] = dict(headers)

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    return Reply(started["status"], started["headers"], body)


def _is_unrouted(reply: Reply) -> bool:
    """Flask's own 404 or 405 page: moto has no route for the path."""
    return reply.status in (404, 405) and b"<!doctype html>" in reply.body[:32].lower()

"""Health and metrics over HTTP: `/livez`, `/readyz`, `/metrics`, for kubelet and Prometheus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

PLAIN = "text/plain; charset=utf-8"


@contextmanager
def served(
    port: int, registry: CollectorRegistry, problems: Mapping[str, Callable[[], str]]
) -> Generator[int]:
    """Serve while the `with` block runs; yields the port, a free one for 0.

    `problems` tells, for each path, what is wrong now; empty when nothing is.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            elif self.path in problems:
                problem = problems[self.path]()
                self._answer(503 if problem else 200, PLAIN, (problem or "ok").encode())
            else:
                self._answer(404, PLAIN, b"not found")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Probes are not worth a line."""

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()

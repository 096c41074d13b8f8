"""The HTTP server around the gateway: loopback, keep-alive, a thread per connection."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
from pathlib import Path
from types import FrameType

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    MotoRequestHandler,
)
from werkzeug.serving import BaseWSGIServer, make_server

from rehearsal.cloud.gateway import Gateway
from rehearsal.cloud.state import moto_backend
from rehearsal.cloud.upstream import collect
from rehearsal.cloud.wire import service_model

HOST = "127.0.0.1"


class Handler(MotoRequestHandler):
    """Keeps connections open, sends without delay and does not log each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    """Buffered: an answer leaves in one packet."""

    def run_wsgi(self) -> None:
        """Answer one request. werkzeug's own version closes the connection each time."""
        environ = self.make_environ()
        try:
            reply = collect(self.server.app, environ)
        except ConnectionError:
            # A fault asked for no answer: the client sees a broken connection.
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Ask for the body at once: a client that hears nothing waits a second."""
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.wfile.flush()
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: `/_rehearsal/calls` has the record."""


def serve(port: int, ready_file: Path | None, parent: int | None) -> None:
    """Serve until SIGTERM or SIGINT, or until the process `parent` is gone."""
    server = make_server(HOST, port, Gateway(), threaded=True, request_handler=Handler)
    server.daemon_threads = True  # pyright: ignore[reportAttributeAccessIssue]
    ended = threading.Event()
    _end_on_signals(ended)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        _announce(server, ready_file)
        threading.Thread(target=_warm_up, daemon=True).start()
        _wait(ended, parent)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        if ready_file:
            ready_file.unlink(missing_ok=True)


def _warm_up() -> None:
    """Load the largest parts while the first client is still starting: a second or two."""
    moto_backend("ec2", "us-east-1")
    for service in ("ec2", "iam", "s3", "rds"):
        service_model(service)
    # What is loaded by now stays: keep the collector from walking it again and again.
    gc.collect()
    gc.freeze()


def _end_on_signals(ended: threading.Event) -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def _announce(server: BaseWSGIServer, ready_file: Path | None) -> None:
    """Write the URL and pid in one step, so that a reader never sees half of it."""
    url = f"http://{HOST}:{server.server_port}"
    print(url, flush=True)
    if ready_file is None:
        return
    half = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
    half.write_text(json.dumps({"url": url, "pid": os.getpid()}))
    half.replace(ready_file)


def _wait(ended: threading.Event, parent: int | None, poll_seconds: float = 0.5) -> None:
    while not ended.wait(poll_seconds):
        if parent is not None and not _is_alive(parent):
            return


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""The real machine, as far as it can be tried without a network."""

import http.server
import socket
import sys
import threading
from pathlib import Path

import pytest

from bootstrap.errors import AttemptFailed
from bootstrap.machine import ThisMachine


def test_a_commands_output_is_returned() -> None:
    assert ThisMachine().run(sys.executable, "-c", "print('here')") == "here\n"


def test_a_failing_command_is_told_by_its_last_line() -> None:
    with pytest.raises(AttemptFailed, match="ValueError: lost$"):
        ThisMachine().run(sys.executable, "-c", "raise ValueError('lost')")


def test_a_hint_does_not_hide_the_error() -> None:
    said = "error: no package\\n cause: refused\\nhint: try another"
    with pytest.raises(AttemptFailed, match="error: no package; cause: refused$"):
        ThisMachine().run(sys.executable, "-c", f"import sys; sys.exit('{said}')")


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(AttemptFailed, match=r"/nowhere/tool: No such file"):
        ThisMachine().run(Path("/nowhere/tool"))


def test_a_host_that_refuses_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(AttemptFailed, match=r"http://127\.0\.0\.1:1/: .*refused"):
        ThisMachine().download("http://127.0.0.1:1/", tmp_path / "file")


def test_a_host_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(AttemptFailed, match=r"no answer within 0\.1 s"):
            ThisMachine(connect_seconds=0.1).download(url, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_download_is_saved(tmp_path: Path) -> None:
    class Greeter(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Greeter) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        ThisMachine().download(f"http://127.0.0.1:{server.server_port}/", tmp_path / "file")
        thread.join(5)
    assert (tmp_path / "file").read_bytes() == b"hello"

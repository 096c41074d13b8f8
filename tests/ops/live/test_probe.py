"""Trying the services through the balancers: a small server stands in for what is behind them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from ops.errors import Refused
from ops.live.front_door import Door
from ops.live.mlflow_api import Login
from ops.live.probe import Places, Probe
from tests.ops.memory.parts import MemoryObjects

PLACES = Places(
    mlflow="mlflow.example.com",
    models="models.example.com",
    stored={"churn": "s3://models/churn/1", "spam": "s3://models/spam/1"},
)


class Behind(ThreadingHTTPServer):
    """MLflow and two models, by the name that is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.runs: list[dict[str, Any]] = []
        self.artifacts: dict[str, bytes] = {}
        self.experiment = False
        self.asked: list[tuple[str, str]] = []
        self.garbled = False


class Handler(BaseHTTPRequestHandler):
    """Answers as MLflow's REST API and KServe do, as far as they are asked here."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""

    def do_GET(self) -> None:
        self._answer("GET", b"")

    def do_PUT(self) -> None:
        self._answer("PUT", self._body())

    def do_POST(self) -> None:
        self._answer("POST", self._body())

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _answer(self, method: str, body: bytes) -> None:
        behind = cast("Behind", self.server)
        host = self.headers["Host"]
        behind.asked.append((host, self.path))
        if host == PLACES.mlflow:
            status, document = self._mlflow(behind, method, body)
        else:
            status, document = self._model(host, method, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def _model(self, host: str, method: str, body: bytes) -> tuple[int, bytes]:
        if host == "churn-models.models.example.com" and method == "POST":
            return (200, b"{}") if b"instances" in body else (400, b"")
        ready = host == "spam-models.models.example.com" and self.path == "/v2/models/spam/ready"
        return (200, b"{}") if ready else (404, b"")

    def _mlflow(self, behind: Behind, method: str, body: bytes) -> tuple[int, bytes]:
        if "/mlflow-artifacts/" in self.path:
            if method == "PUT":
                behind.artifacts[self.path] = b"garbled" if behind.garbled else body
            return 200, behind.artifacts[self.path]
        call = self.path.removeprefix("/api/2.0/mlflow/").partition("?")[0]
        given = cast("dict[str, Any]", json.loads(body or b"{}"))
        if call == "experiments/get-by-name" and not behind.experiment:
            return 404, b"{}"
        return 200, json.dumps(self._called(behind, call, given)).encode()

    def _called(self, behind: Behind, call: str, given: dict[str, Any]) -> dict[str, Any]:
        if call == "experiments/get-by-name":
            return {"experiment": {"experiment_id": "7"}}
        if call == "experiments/create":
            behind.experiment = True
            return {"experiment_id": "7"}
        if call == "runs/create":
            tags = {tag["key"]: tag["value"] for tag in given["tags"]}
            behind.runs.append({"tags": tags})
            uri = "mlflow-artifacts:/7/run-1/artifacts"
            return {"run": {"info": {"run_id": "run-1", "artifact_uri": uri}}}
        if call == "runs/set-tag":
            behind.runs[-1]["tags"][given["key"]] = given["value"]
        if call == "runs/search":
            passed = [run for run in behind.runs if run["tags"].get("mlops.outcome") == "passed"]
            return {
                "runs": [run for run in passed if run["tags"]["mlops.epoch"] in given["filter"]]
            }
        return {}


@pytest.fixture
def behind() -> Iterator[Behind]:
    server = Behind()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _probe(behind: Behind, objects: MemoryObjects) -> Probe:
    here = {"mlflow.example.com": "127.0.0.1", "models.example.com": "127.0.0.1"}
    door = Door(addresses=here, port=behind.server_port, tls=False)
    return Probe(door, PLACES, lambda: Login(user="admin", password="s"), objects)


def test_a_run_is_logged_and_its_artifact_read_again(behind: Behind) -> None:
    probe = _probe(behind, MemoryObjects())
    assert not probe.passed(5)
    probe.log_run(5)
    assert probe.passed(5)
    assert not probe.passed(6)
    path = "/api/2.0/mlflow-artifacts/artifacts/7/run-1/artifacts/probe.txt"
    assert behind.artifacts == {path: b"epoch 5"}


def test_an_artifact_that_comes_back_different_is_no_success(behind: Behind) -> None:
    behind.garbled = True
    probe = _probe(behind, MemoryObjects())
    with pytest.raises(Refused, match="garbled"):
        probe.log_run(5)
    assert not probe.passed(5)


def test_a_model_with_a_stored_request_predicts_and_others_are_ready(behind: Behind) -> None:
    objects = MemoryObjects()
    objects.put("models", "churn/1/probe.json", b'{"instances": [[1, 2]]}')
    assert _probe(behind, objects).unready_models(["churn", "spam"]) == []


def test_a_model_that_does_not_answer_its_request_is_not_ready(behind: Behind) -> None:
    objects = MemoryObjects()
    objects.put("models", "churn/1/probe.json", b'{"inputs": []}')
    assert _probe(behind, objects).unready_models(["churn"]) == ["churn"]


def test_nobody_behind_the_balancer_is_no_answer() -> None:
    door = Door(addresses={"models.example.com": "127.0.0.1"}, port=1, tls=False)
    probe = Probe(door, PLACES, lambda: Login(user="a", password="b"), MemoryObjects())
    assert probe.unready_models(["spam"]) == ["spam"]
    assert not probe.passed(1)

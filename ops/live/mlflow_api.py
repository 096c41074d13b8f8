"""MLflow's REST API, through this region's balancer, as its administrator."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, cast

from ops.errors import Refused, Retryable
from ops.live.front_door import Door, Reply

PREFIX = "/api/2.0"
PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Login:
    """MLflow's administrator."""

    user: str
    password: str

    def header(self) -> Mapping[str, str]:
        """Basic authentication."""
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {token}", "Content-Type": "application/json"}


class MlflowApi:
    """Calls raise Retryable where MLflow is not up, and Refused where it refuses."""

    def __init__(self, door: Door, host: str, login: Callable[[], Login]) -> None:
        self._door, self._host, self._login = door, host, login

    def call(self, method: str, path: str, document: object) -> dict[str, Any]:
        """One call below `mlflow/`, and its answer."""
        body = json.dumps(document).encode()
        return answer(self.reply(method, f"{PREFIX}/mlflow/{path}", body), path)

    def pages(self, path: str, member: str, query: Mapping[str, object]) -> Iterator[Any]:
        """Every `member` of a search's pages."""
        token: str | None = None
        while True:
            given = {**query, "max_results": PAGE, **({"page_token": token} if token else {})}
            page = self.call("POST", path, given)
            yield from page.get(member, [])
            token = page.get("next_page_token")
            if not token:
                return

    def reply(self, method: str, path: str, body: bytes | None) -> Reply:
        """One request as it is."""
        try:
            return self._door.ask(self._host, method, path, body, self._login().header())
        except (OSError, HTTPException) as error:
            raise Retryable(f"MLflow at {self._host}: {error}") from error


def accepted(reply: Reply, what: str) -> Reply:
    """The reply, unless it is an error."""
    if reply.status >= 500:
        raise Retryable(f"MLflow: {what}: status {reply.status}")
    if reply.status >= 400:
        raise Refused(f"MLflow: {what}: status {reply.status}: {reply.body[:200]!r}")
    return reply


def answer(reply: Reply, what: str) -> dict[str, Any]:
    """The document of a reply that is no error."""
    return cast("dict[str, Any]", json.loads(accepted(reply, what).body))

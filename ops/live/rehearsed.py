"""A runbook in a rehearsal: its waits cost no time, and names, balancers, clusters and database
servers are the simulated ones. AWS itself is reached as ever, at the simulated cloud's endpoint."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, cast
from urllib.parse import quote, urlsplit

from ops.errors import Refused
from ops.live.front_door import Door
from ops.live.kubernetes_api import KubernetesApi
from ops.live.log_positions import Server, unreached
from ops.live.outside import REHEARSED, Outside

ENDPOINT = "AWS_ENDPOINT_URL"
LOOPBACK = "127.0.0.1"
TIMEOUT_SECONDS = 30


class Site:
    """What answers in place of the outside."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def ask(self, path: str, document: object = None) -> Any:
        """The JSON of an answer; a document is posted."""
        body = None if document is None else json.dumps(document).encode()
        # Always http on loopback: `rehearsed` has looked.
        request = urllib.request.Request(f"{self.url}{path}", body)  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return json.load(answer)


class DrivenClock:
    """Real time, and all that was waited for: a wait moves the simulated cloud's clock."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ahead = self._lead(site.ask("/clock"))

    def now(self) -> float:
        """Seconds since 1970, by the simulated cloud."""
        return time.time() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Move the clock ahead."""
        self._ahead = self._lead(self._site.ask("/clock", {"advance": seconds}))

    @staticmethod
    def _lead(told: Any) -> float:
        return float(told["now"]) - time.time()


class Servers:
    """Database servers, each known by its address."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def ask(self, server: Server, query: str) -> int | None:
        """The one value of a query. Raises Retryable where the server gives none."""
        asked = {"user": server.user, "password": server.password, "query": query}
        told = self._site.ask(f"/postgres/{quote(server.host)}", asked)
        if "error" in told:
            raise unreached(server.host, told["error"])
        return None if told["value"] is None else int(told["value"])


def rehearsed(url: str, environment: Mapping[str, str]) -> Outside:
    """The outside at `url`. Raises Refused unless it and AWS's endpoint are on this machine."""
    for name, value in ((REHEARSED, url), (ENDPOINT, environment.get(ENDPOINT, ""))):
        if urlsplit(value).hostname != LOOPBACK:
            raise Refused(
                f"{name}: {value!r}: expected http://{LOOPBACK}:<port> of a rehearsal; unset "
                f"{REHEARSED} to work on AWS"
            )
    site, port = Site(url), urlsplit(url).port or 80
    return Outside(
        clock=DrivenClock(site),
        resolve=lambda name: cast("Sequence[str]", site.ask(f"/names/{quote(name)}")),
        door=lambda balancers: Door(addresses=balancers, tls=False, through=(LOOPBACK, port)),
        cluster=lambda kubeconfig: KubernetesApi(_redirected(kubeconfig, site.url)),
        ask_server=Servers(site).ask,
    )


def _redirected(kubeconfig: str, url: str) -> str:
    """The kubeconfig with the site in place of the API server, which wants no token."""
    config = json.loads(kubeconfig)
    named = dict(pairwise(config["users"][0]["user"]["exec"]["args"]))
    server = f"{url}/clusters/{named['--region']}/{named['--cluster-name']}"
    for cluster in config["clusters"]:
        cluster["cluster"] = {"server": server}
    for user in config["users"]:
        user["user"] = {}
    return json.dumps(config)

"""The site as one HTTP server on loopback, in a thread of the rehearsal."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.site.agents import Agents, Side
from rehearsal.site.cluster import ClusterApi
from rehearsal.site.control import Control
from rehearsal.site.front import Answer, Asked, Front, Silent
from rehearsal.site.jobs import Jobs
from rehearsal.site.names import Client, Names
from rehearsal.site.postgres import Postgres, Unanswered

ADDRESS = "X-Rehearsal-Address"
"""Header of a request to a balancer: the balancer's name, or a public name that leads to one."""
GROUP = "eks.amazonaws.com/nodegroup="
_CLUSTER = re.compile(r"/clusters/(?P<region>[^/]+)/(?P<cluster>[^/]+)(?P<path>/.*)")
_DEPLOYMENT = re.compile(
    r"/apis/apps/v1/namespaces/(?P<namespace>[^/]+)/deployments/(?P<name>[^/]+)(?P<scale>/scale)?"
)

_BATCH = re.compile(
    r"/apis/batch/v1/namespaces/(?P<namespace>[^/]+)/(?P<kind>jobs|cronjobs)(?:/(?P<name>[^/]+))?"
)


@dataclass(frozen=True)
class Site:
    """What answers."""

    control: Control
    names: Names
    clusters: ClusterApi
    front: Front
    jobs: Jobs
    agents: Agents
    postgres: Postgres

    def advance(self, seconds: float) -> float:
        """Move the clock ahead, at which the agents look; the time it then shows."""
        moved = self.control.advance(seconds)
        self.agents.look()
        return moved


def surrounding(
    client: Client, control: Control, objects: Objects, platform: str, sides: Sequence[Side]
) -> Site:
    """What is around a platform of two regions whose production stack has the prefix `platform`."""
    clusters = ClusterApi(client, objects, control.now)
    agents = Agents(client, control.now, control.lost, platform, sides)
    return Site(
        control=control,
        names=Names(client, control.now),
        clusters=clusters,
        front=Front(client, clusters, agents, control.lost, platform, sides),
        agents=agents,
        postgres=Postgres(client, agents, control.now, control.lost, platform),
        jobs=Jobs(client, objects, control.now, control.outages),
    )


@contextmanager
def serving(site: Site) -> Generator[str]:
    """The site, served until the end; its URL."""
    server = _Server(site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site
        # One at a time: what is answered keeps state, and asks the cloud, which does the same.
        self.turn = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""

    def do_GET(self) -> None:
        self._reply(b"")

    def do_POST(self) -> None:
        self._reply(self._body())

    def do_PUT(self) -> None:
        self._reply(self._body())

    def do_PATCH(self) -> None:
        self._reply(self._body())

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _reply(self, body: bytes) -> None:
        server = cast("_Server", self.server)
        try:
            with server.turn:
                status, document = self._answer(server.site, body)
        except Silent:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def _answer(self, site: Site, body: bytes) -> Answer:
        address = self.headers[ADDRESS]
        if address:
            return self._behind(site, str(address), body)
        place = urlsplit(self.path)
        if place.path == "/clock":
            moved = site.advance(json.loads(body)["advance"]) if body else None
            return _json({"now": site.control.now() if moved is None else moved})
        if place.path.startswith("/names/"):
            found = site.names.target(unquote(place.path.removeprefix("/names/")))
            return _json([found] if found else [])
        if place.path.startswith("/postgres/"):
            return _queried(site.postgres, unquote(place.path.removeprefix("/postgres/")), body)
        cluster = _CLUSTER.fullmatch(place.path)
        if cluster is None:
            return _json({"error": f"no {place.path}"}, 404)
        return _in_cluster(site, cluster, place.query, body)

    def _behind(self, site: Site, address: str, body: bytes) -> Answer:
        balancer = site.names.target(address)
        if balancer is None:
            raise Silent(address)
        host, method = str(self.headers["Host"]), self.command
        asked = Asked(
            address=balancer, host=host, method=method, path=self.path,
            headers=dict(self.headers.items()), body=body,
        )  # fmt: skip
        return site.front.answer(asked)


def _in_cluster(site: Site, asked: re.Match[str], query: str, body: bytes) -> Answer:
    """Raises Silent for a cluster of a lost region."""
    where = (asked["region"], asked["cluster"])
    if asked["region"] in site.control.lost():
        raise Silent(asked["region"])
    if asked["path"] == "/api/v1/nodes":
        wanted = parse_qs(query)["labelSelector"][0].removeprefix(GROUP)
        return _json(_nodes(site.clusters.ready_nodes(*where, wanted)))
    batch = _BATCH.fullmatch(asked["path"])
    if batch:
        return _job(site, where, batch, body)
    return _deployment(site.clusters, where, asked["path"], body)


def _queried(postgres: Postgres, host: str, body: bytes) -> Answer:
    try:
        return _json({"value": postgres.answer(host, json.loads(body))})
    except Unanswered as error:
        return _json({"error": str(error)})


def _deployment(api: ClusterApi, where: tuple[str, str], path: str, body: bytes) -> Answer:
    asked = _DEPLOYMENT.fullmatch(path)
    if asked is None:
        return _json({"kind": "Status", "message": f"the rehearsal does not serve {path}"}, 404)
    named = (asked["namespace"], asked["name"])
    if asked["scale"] and body:
        api.scale(*where, *named, int(json.loads(body)["spec"]["replicas"]))
    found = api.deployment(*where, *named)
    if found is None:
        return _json({"kind": "Status", "message": f"deployments {named[1]!r} not found"}, 404)
    if asked["scale"]:
        sizes = {"spec": {"replicas": found["spec"]["replicas"]}, "status": {"replicas": 0}}
        found = {"apiVersion": "autoscaling/v1", "kind": "Scale", **sizes}
    return _json(found)


def _job(site: Site, where: tuple[str, str], asked: re.Match[str], body: bytes) -> Answer:
    stored, namespace = site.clusters.stored(*where), asked["namespace"]
    if body:
        manifest = json.loads(body)
        if not site.jobs.create(where[0], stored, namespace, manifest):
            named = manifest["metadata"]["name"]
            return _json({"kind": "Status", "message": f'jobs.batch "{named}" already exists'}, 409)
        return _json(manifest, 201)
    show = site.jobs.cron_job if asked["kind"] == "cronjobs" else site.jobs.job
    found = show(stored, namespace, asked["name"])
    if found is None:
        said = f'{asked["kind"]}.batch "{asked["name"]}" not found'
        return _json({"kind": "Status", "message": said}, 404)
    return _json(found)


def _nodes(count: int) -> dict[str, Any]:
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    items = [{"metadata": {"name": f"node-{number}"}, "status": ready} for number in range(count)]
    return {"kind": "NodeList", "apiVersion": "v1", "items": items}


def _json(document: object, status: int = 200) -> Answer:
    return status, json.dumps(document).encode()

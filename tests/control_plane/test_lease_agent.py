"""The lease agent as it is deployed: its plan's objects on a real API server, and the agent itself
as their account, with its own password on a PostgreSQL that the bootstrap's script prepared."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from kubernetes.client import ApiException, CoreV1Api

from catalog.writers import MLFLOW, WRITERS, Writer
from components.services.database_bootstrap import FENCE_AGENT
from components.services.lease_agent import (
    NAME,
    NAMESPACE,
    LeaseAgentArgs,
    lease_agent,
    variables,
)
from lease.budget import Budget
from lease.dynamo import DynamoTable
from lease.protocol import Lease, taken
from lease.table import LostCondition
from tests.control_plane.cluster import Cluster, new_client, nodes, until
from tests.control_plane.postgres import Postgres
from tests.control_plane.server import ControlPlane, control_plane, free_port
from tests.lease.agent_process import Agent, running, table_over_http
from tests.lease.fenced import PASSWORDS, asked, fenced_server

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("control-plane"),
    pytest.mark.timeout(480),
]

EAST, WEST = "us-east-1", "us-west-2"
TABLE, PLATFORM = "mlops-fence", "mlops"
ARGS = LeaseAgentArgs(
    image=f"registry.example/{NAME}@sha256:" + "0" * 64,
    region=EAST,
    table=TABLE,
    platform=PLATFORM,
    host="a socket's folder",
    writers=WRITERS,
    budget=Budget(renew_every=500, duration=12_000, margin=6_000),
)
PODS = 3
"""Of each writer."""


@dataclass(frozen=True)
class Place:
    """What the agent finds."""

    cluster: Cluster
    server: Postgres
    table: DynamoTable
    environment: dict[str, str]

    def replicas(self) -> dict[Writer, int]:
        """That each writer shall have."""
        return {
            one: self.cluster.get("apps/v1", "Deployment", one.name, one.namespace).spec.replicas
            for one in WRITERS
        }

    def swap(self, change: Callable[[Lease], Lease]) -> None:
        """As a taker: again when an agent renews at that moment."""
        for _ in range(50):
            seen = self.table.read()
            assert seen
            try:
                return self.table.swap(seen, change(seen))
            except LostCondition:
                continue
        raise AssertionError("the record never stood still")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    with ExitStack() as stack:
        plane = stack.enter_context(control_plane(tmp_path_factory.mktemp("control-plane")))
        server = stack.enter_context(fenced_server())
        table, environment = stack.enter_context(table_over_http(TABLE, PLATFORM, EAST))
        cluster = Cluster(plane)
        for manifest in (*nodes(), *_ground(), *_objects()):
            cluster.create(manifest)
        told = {name: str(value) for name, value in variables(ARGS).items()}
        yield Place(
            cluster,
            server,
            table,
            {**told, **environment, "PGHOST": str(server.socket), "KUBECONFIG": _agents(plane)},
        )


@pytest.fixture
def agent(place: Place) -> Generator[Agent]:
    port = free_port()
    password = {"PGPASSWORD": PASSWORDS[FENCE_AGENT.variable], "LEASE_PORT": str(port)}
    command = [sys.executable, "-m", "lease"]
    with running(command, {**place.environment, **password}, port) as started:
        started.until('lease_database_state{state="open"} 1.0')
        yield started


def test_it_opens_by_its_own_password_and_sees_its_guard(agent: Agent) -> None:
    assert agent.asks("/readyz") == (200, "ok")
    assert agent.shows("lease_held 1.0")
    assert agent.shows("lease_guarded 1.0")


def test_another_password_opens_nothing(place: Place) -> None:
    done = place.server.psql(
        "-c", "SELECT 1", user=FENCE_AGENT.name, environment={"PGPASSWORD": "another's"}
    )
    assert "password authentication failed" in done.stderr


def test_its_roles_suffice_to_stop_every_writer_and_to_bring_each_back(
    place: Place, agent: Agent
) -> None:
    place.cluster.scale(MLFLOW.name, MLFLOW.namespace, 5)
    place.swap(lambda lease: taken(lease, WEST))
    agent.until("lease_fenced 1.0")
    until(lambda: set(place.replicas().values()) == {0})
    assert agent.asks("/readyz") == (200, "ok")
    assert agent.shows("lease_held 0.0")
    assert asked(place.server, "SELECT count(*) FROM fence.admitted()", user="superuser") == "0"

    place.swap(lambda lease: taken(lease, EAST))
    agent.until("lease_fenced 0.0")
    until(lambda: place.replicas() == {one: 5 if one == MLFLOW else PODS for one in WRITERS})


def test_its_account_may_do_nothing_else(place: Place) -> None:
    api: Any = new_client(place.environment["KUBECONFIG"])
    core = CoreV1Api(api)
    for forbidden in (
        lambda: core.read_namespaced_config_map("kube-root-ca.crt", NAMESPACE),
        lambda: core.list_namespaced_secret(NAMESPACE),
        lambda: core.delete_namespaced_config_map(NAME, NAMESPACE),
    ):
        with pytest.raises(ApiException, match="Forbidden"):
            forbidden()


def test_its_pods_are_scheduled_into_two_zones(place: Place) -> None:
    core = CoreV1Api(place.cluster.dynamic.client)

    def zones() -> set[str]:
        pods: Any = core.list_namespaced_pod(
            NAMESPACE, label_selector=f"app.kubernetes.io/name={NAME}"
        )
        placed = [one.spec.node_name for one in pods.items if one.spec.node_name]
        where: list[Any] = [core.read_node(name) for name in placed]
        return {one.metadata.labels["topology.kubernetes.io/zone"] for one in where}

    until(lambda: len(zones()) == 2)


def _ground() -> list[dict[str, Any]]:
    """Namespaces, a priority class, and the writers."""
    priority = "platform-critical"
    return [
        *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": one}}
          for one in sorted({one.namespace for one in WRITERS})),
        {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 1_000_000,
         "metadata": {"name": priority}},
        *(_writer(one) for one in WRITERS),
    ]  # fmt: skip


def _writer(writer: Writer) -> dict[str, Any]:
    labels = {"app": writer.name}
    container = {"name": "one", "image": "registry.example/one:1"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": writer.name, "namespace": writer.namespace},
        "spec": {"replicas": PODS, "selector": {"matchLabels": labels}, "template": template},
    }


def _objects() -> list[dict[str, Any]]:
    """The plan's, but for the kind of Prometheus' operator."""
    return [dict(one.manifest) for one in lease_agent(ARGS).objects if one.kind != "ServiceMonitor"]


def _agents(plane: ControlPlane) -> str:
    """A kubeconfig with a token of the agent's account."""
    administrator = CoreV1Api(new_client(str(plane.kubeconfig)))
    request: Any = {"spec": {"audiences": ["https://kubernetes.default.svc"]}}
    token: Any = administrator.create_namespaced_service_account_token(NAME, NAMESPACE, request)
    document = yaml.safe_load(plane.kubeconfig.read_text())
    document["users"][0]["user"]["token"] = token.status.token
    file = plane.kubeconfig.with_name("agent")
    file.write_text(yaml.safe_dump(document))
    return str(file)

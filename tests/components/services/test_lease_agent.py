"""The lease agent's plan: what its pods are given, may do and may reach."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.charts import CHARTS
from catalog.signals.fence import SKEW_SECONDS
from catalog.signals.sources import SOURCES
from catalog.writers import WRITERS
from components.services.database_bootstrap import TENANTS, bootstrap_sql
from components.services.lease_agent import (
    LABELS,
    NAMESPACE,
    PODS,
    LeaseAgentArgs,
    lease_agent,
    variables,
)
from components.services.plan import Object
from lease.budget import Budget
from lease.metrics import Metrics
from lease.protocol import first
from lease.rights import CONNECTIONS
from lease.settings import Settings, settings
from lease.writers import Deployment
from tests.components.services.flow_matrix import Endpoint, FlowMatrix
from tests.infra.services.stacks import everything

ARGS = LeaseAgentArgs(
    image="registry/lease-agent@sha256:" + "0" * 64,
    region="us-east-1",
    table="mlops-fence",
    platform="mlops",
    host="postgres.internal",
    writers=WRITERS,
)
PLAN = lease_agent(ARGS)
POD = Endpoint(NAMESPACE, LABELS)


def part(kind: str, name: str | None = None) -> dict[str, Any]:
    (found,) = [
        one.manifest
        for one in PLAN.objects
        if one.kind == kind and name in (None, one.manifest["metadata"]["name"])
    ]
    return dict(found)


def pod() -> dict[str, Any]:
    return part("Deployment")["spec"]["template"]["spec"]


def test_the_agent_understands_its_environment_and_gets_the_figures_of_everybody() -> None:
    given = {name: str(value) for name, value in variables(ARGS).items()}
    read = settings({**given, "PGPASSWORD": "a secret's"})
    assert read.budget == Budget()
    assert (read.table, read.platform, read.region) == ("mlops-fence", "mlops", "us-east-1")
    assert set(read.writers) == {
        Deployment(namespace=one.namespace, name=one.name) for one in WRITERS
    }
    assert read.memory == f"{NAMESPACE}/{part('ConfigMap')['metadata']['name']}"


def test_every_variable_is_one_that_the_agent_reads() -> None:
    read = {field.alias for field in Settings.model_fields.values()}
    assert {name for name in variables(ARGS) if name.startswith("LEASE_")} == read


def test_its_password_is_in_no_manifest() -> None:
    (password,) = [one for one in pod()["containers"][0]["env"] if one["name"] == "PGPASSWORD"]
    assert password["valueFrom"] == {
        "secretKeyRef": {"name": "database-fence-agent", "key": "password-v1"}
    }


def test_two_pods_stand_in_two_zones_and_a_drain_takes_one() -> None:
    zone = next(
        one for one in pod()["topologySpreadConstraints"] if one["topologyKey"].endswith("/zone")
    )
    assert part("Deployment")["spec"]["replicas"] == 2
    assert zone["maxSkew"] == 1
    assert zone["whenUnsatisfiable"] == "DoNotSchedule"
    assert zone["labelSelector"]["matchLabels"] == LABELS
    assert part("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_its_pod_is_nobody_on_a_root_that_it_cannot_write() -> None:
    (container,) = pod()["containers"]
    assert pod()["securityContext"]["runAsUser"] == 65532
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {one["mountPath"] for one in container["volumeMounts"]} == {"/database-ca"}


def test_it_may_scale_the_writers_and_remember_their_replicas_and_nothing_else() -> None:
    rules = {
        (one.namespace, rule["resources"][0], name)
        for one in PLAN.objects
        if one.kind == "Role"
        for rule in one.manifest["rules"]
        for name in rule["resourceNames"]
        if rule["verbs"] == ["get", "patch"]
    }
    assert rules == {
        *((one.namespace, "deployments/scale", one.name) for one in WRITERS),
        (NAMESPACE, "configmaps", "lease-agent"),
    }
    assert sum(len(one.manifest["rules"]) for one in PLAN.objects if one.kind == "Role") == 3
    assert not [one for one in PLAN.objects if one.kind.startswith("Cluster")]


def test_every_role_is_bound_to_its_account_alone() -> None:
    roles = {(one.namespace, one.manifest["metadata"]["name"]) for one in kinds("Role")}
    bound = {(one.namespace, one.manifest["roleRef"]["name"]) for one in kinds("RoleBinding")}
    assert roles == bound
    for one in kinds("RoleBinding"):
        assert one.manifest["subjects"] == [
            {"kind": "ServiceAccount", "name": "lease-agent", "namespace": NAMESPACE}
        ]


def kinds(kind: str) -> list[Object]:
    return [one for one in PLAN.objects if one.kind == kind]


def test_a_deployment_leaves_the_remembered_replicas_alone() -> None:
    (memory,) = kinds("ConfigMap")
    assert "data" not in memory.manifest
    assert memory.ignore_changes == ("data",)


@pytest.mark.parametrize(
    ("address", "port", "allowed"),
    [
        ("10.0.224.10", 5432, True),
        ("172.20.0.1", 443, True),
        ("151.101.1.1", 443, True),
        ("169.254.170.23", 80, True),
        ("169.254.169.254", 80, False),
        ("10.0.224.10", 6379, False),
        ("151.101.1.1", 80, False),
    ],
)
def test_it_reaches_the_database_the_table_the_api_server_and_its_credentials(
    address: str, port: int, allowed: bool
) -> None:
    (policies,) = [plan for plan in everything() if plan.name == "network-policies"]
    matrix = FlowMatrix(one.manifest for one in policies.objects)
    assert matrix.allows(POD, Endpoint(address=address), port) is allowed


def test_prometheus_alone_asks_it() -> None:
    into = [flow for flow in PLAN.flows if flow.target == PODS]
    assert [flow.name for flow in into] == ["prometheus-scrapes-lease-agent"]


def test_every_metric_that_alerts_read_is_one_that_the_agent_shows() -> None:
    shown = {sample.name for family in Metrics().registry.collect() for sample in family.samples}
    gauges = {family.name for family in Metrics().registry.collect()}
    assert set(SOURCES["lease-agent"]) <= shown | gauges


def test_the_alert_about_clocks_comes_at_half_of_the_skew() -> None:
    assert Budget().clock_skew == 2 * SKEW_SECONDS * 1_000


def test_the_bootstrap_makes_the_fence_after_every_owner_and_only_where_it_is_kept() -> None:
    assert "fence" not in bootstrap_sql(TENANTS)
    script = bootstrap_sql(TENANTS, fenced=True)
    owners = [one.name for one in TENANTS if one.owns]
    assert all(f"('{name}', '{name}')" in script for name in owners)
    assert script.index("CREATE SCHEMA IF NOT EXISTS fence") > script.index("CREATE DATABASE argo")
    assert f"CONNECTION LIMIT {CONNECTIONS}" in script
    assert script.rstrip().endswith("""'ALTER ROLE fence_agent PASSWORD %L', :'secret') \\gexec""")


def test_no_writer_is_scaled_by_keda_and_each_ones_replicas_are_its_scalers() -> None:
    scaled: set[str] = set()
    for plan in everything():
        for one in plan.objects:
            if one.kind == "ScaledObject":
                scaled.add(one.manifest["spec"]["scaleTargetRef"]["name"])
            if one.kind == "Deployment" and one.manifest["metadata"]["name"] in NAMES:
                assert "spec.replicas" in one.ignore_changes, one.name
    assert not scaled & NAMES


NAMES = {one.name for one in WRITERS}


def test_every_writer_is_a_deployment_of_the_platform() -> None:
    made = {
        (one.namespace, one.manifest["metadata"]["name"])
        for plan in everything()
        for one in plan.objects
        if one.kind == "Deployment"
    }
    charts = {CHARTS[name].namespace for name in ("mlflow", "argo-workflows")}
    for one in WRITERS:
        assert (one.namespace, one.name) in made or one.namespace in charts


def test_the_first_record_lets_its_holder_open_at_once() -> None:
    assert first("mlops", "us-east-1").previous_is_closed

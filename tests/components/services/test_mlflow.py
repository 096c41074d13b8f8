"""MLflow: who signs in, with which accounts, and that its metrics are read all the same."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

import pytest

from components.services.mlflow import MlflowArgs, mlflow
from components.services.oidc import Oidc
from components.services.plan import ServicePlan

ARGS = MlflowArgs(
    host="mlflow.example.com",
    vpc_cidr="172.16.0.0/16",
    database_host="postgres.internal",
    artifacts_bucket="artifacts",
    prefix="mlops",
    passwords="mlops",
    target_group_arn=None,
)


ISSUER = "https://login.example.com"
SIGNED_IN = replace(
    ARGS,
    oidc=Oidc(
        issuer=ISSUER,
        authorization=f"{ISSUER}/authorize",
        token=f"{ISSUER}/token",
        userinfo=f"{ISSUER}/userinfo",
        groups_claim="groups",
        admin_group="admins",
        scientist_group="scientists",
        viewer_group="viewers",
        team_prefix="team-",
        client_prefix="mlops-",
    ),
    teams=["fraud"],
)
SIGNED = mlflow(SIGNED_IN)


def _container(plan: ServicePlan, name: str) -> Any:
    (job,) = [one for one in plan.objects if one.name == name]
    (container,) = job.manifest["spec"]["template"]["spec"]["containers"]
    return container


def _environment(plan: ServicePlan, name: str) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in _container(plan, name)["env"]}


def _asked(plan: ServicePlan) -> set[str]:
    """MLflow's own Secrets that the accounts' job reads; the bootstrap makes the others."""
    found = {
        one["valueFrom"]["secretKeyRef"]["name"]
        for one in _container(plan, "accounts")["env"]
        if "valueFrom" in one
    }
    return {one for one in found if one.startswith("mlflow-")}


def _values(plan: ServicePlan) -> Any:
    (release,) = plan.releases
    return release.values


def _endpoint(plan: ServicePlan) -> Any:
    (monitor,) = [one for one in plan.objects if one.kind == "ServiceMonitor"]
    (endpoint,) = monitor.manifest["spec"]["endpoints"]
    return endpoint


def test_prometheus_signs_in_where_mlflow_asks_for_a_user() -> None:
    plan = mlflow(ARGS)
    assert _values(plan)["auth"]["enabled"]
    users = _endpoint(plan)["basicAuth"]
    assert users["username"] == {"name": "mlflow-admin", "key": "username"}
    assert users["password"] == {"name": "mlflow-admin", "key": "password"}


def test_it_does_not_where_an_openid_connect_provider_is_asked() -> None:
    assert "basicAuth" not in _endpoint(SIGNED)


def test_the_plugins_users_are_in_a_database_of_their_own() -> None:
    """Its tables are called like MLflow's own, and so is its migrations' table."""
    plugin = _values(SIGNED)["oidcAuth"]["database"]["postgres"]
    own = _values(SIGNED)["backendStore"]
    assert (plugin["database"], own["postgres"]["database"]) == ("mlflow_oidc", "mlflow")
    secrets = (plugin["existingSecret"]["name"], own["existingDatabaseSecret"]["name"])
    assert secrets == ("database-mlflow-oidc", "database-mlflow")
    assert _environment(SIGNED, "accounts")["DB_URI"].endswith("/mlflow_oidc")
    assert _environment(mlflow(ARGS), "accounts")["DB_URI"].endswith("/mlflow")


def test_who_is_in_a_group_of_the_stack_signs_in_and_nobody_else() -> None:
    plugin = _values(SIGNED)["oidcAuth"]
    assert plugin["groupName"] == ["scientists", "viewers", "team-fraud"]
    assert plugin["adminGroupName"] == ["admins"]
    assert plugin["defaultPermission"] == "READ"


@pytest.mark.parametrize("args", [ARGS, SIGNED_IN], ids=["MLflow's own", "the plugin"])
def test_accounts_are_there_before_a_server_is(args: MlflowArgs) -> None:
    plan = mlflow(args)
    (release,) = plan.releases
    assert "accounts" in release.after
    (job,) = [one for one in plan.objects if one.name == "accounts"]
    assert {"migration", *(f"secret-{name}" for name in _asked(plan))} <= set(job.after)


def test_programs_are_no_administrators() -> None:
    basic, plugin = _environment(mlflow(ARGS), "accounts"), _environment(SIGNED, "accounts")
    assert basic["ACCOUNTS"].split() == ["admin", "platform-api", "training"]
    assert basic["ADMINISTRATORS"] == "admin"
    assert plugin["ACCOUNTS"].split() == ["platform-api", "training"]
    assert plugin["ADMINISTRATORS"] == ""


def test_no_password_is_in_a_manifest() -> None:
    for name in ("migration", "accounts"):
        told = _environment(mlflow(ARGS), name)
        assert not [one for one, value in told.items() if "PASSWORD" in one and value]


def test_metrics_are_kept_on_a_volume_as_the_root_is_read_only() -> None:
    values = _values(mlflow(ARGS))
    (folder,) = [one["mountPath"] for one in values["extraVolumeMounts"] if not one.get("readOnly")]
    assert values["extraArgs"]["exposePrometheus"].startswith(f"{folder}/")


def test_pods_are_asked_by_the_addresses_of_the_vpc() -> None:
    allowed = _values(mlflow(ARGS))["serverAllowedHosts"]
    assert any(fnmatch("172.16.9.9:5000", one) for one in allowed)
    assert any(fnmatch("mlflow.mlops-platform.svc:80", one) for one in allowed)
    assert not any(fnmatch("evil.example.com", one) for one in allowed)

"""MLflow's metrics are read although the server asks who is there, and by which name."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

from components.services.mlflow import MlflowArgs, mlflow
from components.services.oidc import Oidc
from components.services.plan import ServicePlan

ARGS = MlflowArgs(
    host="mlflow.example.com",
    vpc_cidr="172.16.0.0/16",
    database_host="postgres.internal",
    artifacts_bucket="artifacts",
    prefix="mlops",
    target_group_arn=None,
)


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
    issuer = Oidc(
        issuer="https://login.example.com",
        authorization="https://login.example.com/authorize",
        token="https://login.example.com/token",
        userinfo="https://login.example.com/userinfo",
        groups_claim="groups",
        admin_group="admins",
        scientist_group="scientists",
        viewer_group="viewers",
        team_prefix="team-",
        client_prefix="mlops-",
    )
    assert "basicAuth" not in _endpoint(mlflow(replace(ARGS, oidc=issuer)))


def test_metrics_are_kept_on_a_volume_as_the_root_is_read_only() -> None:
    values = _values(mlflow(ARGS))
    (folder,) = [one["mountPath"] for one in values["extraVolumeMounts"] if not one.get("readOnly")]
    assert values["extraArgs"]["exposePrometheus"].startswith(f"{folder}/")


def test_pods_are_asked_by_the_addresses_of_the_vpc() -> None:
    allowed = _values(mlflow(ARGS))["serverAllowedHosts"]
    assert any(fnmatch("172.16.9.9:5000", one) for one in allowed)
    assert any(fnmatch("mlflow.mlops-platform.svc:80", one) for one in allowed)
    assert not any(fnmatch("evil.example.com", one) for one in allowed)

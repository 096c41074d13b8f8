"""The small online store: three pods that survive a drain, and a password for every user."""

from __future__ import annotations

from typing import Any

from components.services.valkey import NAMESPACE, valkey
from tests.infra.services.stacks import judge, settings_of

PLAN = valkey("mlops", 10)
SMALL = {"learning": {"feast": {"online_store": {"kind": "in-cluster"}}}}


def values() -> dict[str, Any]:
    return dict(PLAN.releases[0].values)


def test_a_stack_with_the_small_store_is_sound() -> None:
    judge(settings_of("production", SMALL))


def test_a_primary_has_two_replicas_and_a_drain_takes_one_pod_at_a_time() -> None:
    assert values()["replica"]["enabled"] is True
    assert values()["replica"]["replicas"] == 2
    assert values()["replica"]["persistence"] == {"size": "10Gi", "storageClass": "gp3"}
    assert values()["podDisruptionBudget"]["maxUnavailable"] == 1


def test_every_user_has_a_password_that_is_in_the_secret() -> None:
    """The chart's start script ends where one has none."""
    auth = values()["auth"]
    (secret,) = [
        one.manifest
        for one in PLAN.objects
        if one.manifest["metadata"]["name"] == auth["usersExistingSecret"]
    ]
    keys = {one["secretKey"] for one in secret["spec"]["data"]}
    assert {user["passwordKey"] for user in auth["aclUsers"].values()} <= keys
    assert values()["replica"]["replicationUser"] in auth["aclUsers"]


def test_nobody_gets_in_without_a_name() -> None:
    users = values()["auth"]["aclUsers"]
    assert users["default"]["permissions"] == "off"
    for name in ("replicator", "monitor"):
        assert users[name]["permissions"].startswith("-@all ")
        assert "~" not in users[name]["permissions"]
    assert values()["metrics"]["exporter"]["extraEnvs"] == {"REDIS_USER": "monitor"}


def test_the_exporters_container_is_restricted_as_its_namespace_asks() -> None:
    security = values()["metrics"]["exporter"]["securityContext"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["runAsNonRoot"] is True


def test_replicas_reach_their_primary() -> None:
    (flow,) = [one for one in PLAN.flows if one.name == "valkey-replicates"]
    assert flow.source == flow.target
    assert flow.ports == (6379,)
    assert NAMESPACE == "mlops-platform"

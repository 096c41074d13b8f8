"""Who signs in to MLflow: people by their groups, programs by accounts that the stack makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from catalog.service_secrets import SECRETS
from components.services.mlflow_accounts import PROGRAMS
from components.services.plan import Object, ServicePlan
from infra.settings import SettingsError
from tests.infra.services.stacks import (
    APPLICATIONS,
    EVERYTHING,
    SINGLE_SIGN_ON,
    plans_of,
    settings_of,
)


def plans(services: Mapping[str, Any], stack: str = "production") -> list[ServicePlan]:
    return plans_of(settings_of(stack, services))


def part(made: Sequence[ServicePlan], service: str, name: str) -> Object:
    (plan,) = [one for one in made if one.name == service]
    (found,) = [one for one in plan.objects if one.name == name]
    return found


def asked(deployment: Object) -> dict[str, tuple[str, str]]:
    """Variables of its container that come from Secrets."""
    (container,) = deployment.manifest["spec"]["template"]["spec"]["containers"]
    found = {one["name"]: one.get("valueFrom") for one in container["env"]}
    return {
        name: (one["secretKeyRef"]["name"], one["secretKeyRef"]["key"])
        for name, one in found.items()
        if one
    }


@pytest.mark.parametrize("services", [{"applications": APPLICATIONS}, EVERYTHING])
def test_the_platform_api_signs_in_whoever_asks_people(services: Mapping[str, Any]) -> None:
    made = plans(services)
    deployment = part(made, "platform-api", "deployment")
    assert asked(deployment) == {
        "MLFLOW_TRACKING_USERNAME": ("mlflow-platform-api", "username"),
        "MLFLOW_TRACKING_PASSWORD": ("mlflow-platform-api", "password-v1"),
    }
    assert "mlflow/accounts" in deployment.after
    spec = part(made, "mlflow", "secret-mlflow-platform-api").manifest["spec"]
    assert {one["remoteRef"]["key"] for one in spec["data"]} == {
        "mlops-platform-production-mlflow-platform-api"
    }


def test_beside_a_database_that_only_replicates_it_has_the_account_that_is_replicated() -> None:
    made = plans({"applications": APPLICATIONS}, "dr")
    deployment = part(made, "platform-api", "deployment")
    assert "mlflow/accounts" not in deployment.after
    assert "MLFLOW_TRACKING_PASSWORD" in asked(deployment)
    spec = part(made, "mlflow", "secret-mlflow-platform-api").manifest["spec"]
    assert {one["remoteRef"]["key"] for one in spec["data"]} == {
        "mlops-platform-production-mlflow-platform-api"
    }


def test_accounts_of_programs_are_generated_under_their_own_names() -> None:
    for account in PROGRAMS:
        secret = SECRETS[account.secret]
        assert (secret.origin, secret.username) == ("generated", account.name)


def test_every_group_of_the_stack_is_let_in() -> None:
    (mlflow,) = [one for one in plans(EVERYTHING) if one.name == "mlflow"]
    told = mlflow.releases[0].values["oidcAuth"]
    assert told["groupName"] == [
        "data-scientists", "viewers", "team-data-science", "team-ml-engineering",
    ]  # fmt: skip
    assert told["adminGroupName"] == ["platform-admins"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"viewer_group": "platform-admins"},
            (
                "services.access.oidc.viewer_group: expected another group than admin_group, "
                'not "platform-admins"'
            ),
        ),
        (
            {"scientist_group": "team-data-science"},
            (
                "services.access.oidc.scientist_group: expected another group than "
                'the group of team data-science, not "team-data-science"'
            ),
        ),
        (
            {"admin_group": "CN=admins,DC=company"},
            "services.access.oidc.admin_group: expected a group without a comma",
        ),
        ({"viewer_group": "viewers "}, "services.access.oidc.viewer_group: expected a group"),
    ],
    ids=["two roles", "a team's", "a comma", "a space"],
)
def test_groups_that_contradict_each_other_are_refused(
    changed: Mapping[str, str], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of("production", {"access": {"oidc": {**SINGLE_SIGN_ON, **changed}}})
    assert said in str(refused.value)


@pytest.mark.parametrize("way", ["auth", "ldapAuth", "oauth2Proxy", "oidcAuth"])
def test_a_second_way_into_mlflow_is_refused_with_the_stack_file(way: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of("production", {"values": {"mlflow": {way: {"enabled": True}}}})
    assert f"services.values.mlflow.{way}.enabled: expected it left out" in str(refused.value)

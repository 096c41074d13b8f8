"""Who gets in at Argo Workflows and Argo CD, and how far."""

from __future__ import annotations

from typing import Any

import pytest

from components.services.plan import ServicePlan
from tests.infra.services.stacks import (
    SINGLE_SIGN_ON,
    committed,
    everything,
    plans_of,
    settings_of,
)

RULE = "workflows.argoproj.io/rbac-rule"


def named(name: str) -> ServicePlan:
    (plan,) = [plan for plan in everything() if plan.name == name]
    return plan


def of_kind(service: str, kind: str) -> list[Any]:
    return [one.manifest for one in named(service).objects if one.kind == kind]


def accounts() -> dict[tuple[str, str], dict[str, str]]:
    found = of_kind("argo-workflows", "ServiceAccount")
    return {
        (one["metadata"]["namespace"], one["metadata"]["name"]): one["metadata"]["annotations"]
        for one in found
        if RULE in one["metadata"].get("annotations", {})
    }


def test_each_group_maps_to_an_account_and_a_teams_own_goes_before_a_viewers() -> None:
    rules = {key: said[RULE] for key, said in accounts().items()}
    assert rules["argo", "sign-in-admins"] == '"platform-admins" in groups'
    assert rules["argo", "sign-in-scientists"] == '"data-scientists" in groups'
    assert rules["data-science", "sign-in-team"] == '"team-data-science" in groups'
    # Argo turns away whoever matches no account in its own namespace.
    assert '"team-data-science" in groups' in rules["argo", "sign-in-viewers"]
    order = {key[1]: int(said[f"{RULE}-precedence"]) for key, said in accounts().items()}
    assert (
        order["sign-in-admins"]
        > order["sign-in-team"]
        > order["sign-in-scientists"]
        > order["sign-in-viewers"]
    )


def test_every_account_has_the_token_that_argo_looks_for_and_argo_may_read_it() -> None:
    tokens = {
        (one["metadata"]["namespace"], one["metadata"]["name"])
        for one in of_kind("argo-workflows", "Secret")
    }
    assert tokens == {(space, f"{name}.service-account-token") for space, name in accounts()}
    (release,) = named("argo-workflows").releases
    known = release.values["server"]["sso"]["rbac"]["secretWhitelist"]
    assert {name for _, name in tokens} <= set(known)
    assert "argo-oidc" in known


def test_a_team_works_in_its_own_namespace_and_a_viewer_in_none() -> None:
    bound = {
        (one["subjects"][0]["name"], one["subjects"][0]["namespace"], one["roleRef"]["name"]):
        one["metadata"].get("namespace", "everywhere")
        for kind in ("RoleBinding", "ClusterRoleBinding")
        for one in of_kind("argo-workflows", kind)
    }  # fmt: skip
    assert bound["sign-in-team", "data-science", "mlops-workflows-operator"] == "data-science"
    assert bound["sign-in-scientists", "argo", "mlops-workflows-operator"] == "training"
    assert bound["sign-in-admins", "argo", "mlops-workflows-operator"] == "everywhere"
    assert ("sign-in-viewers", "argo", "mlops-workflows-operator") not in bound


def test_without_single_sign_on_there_are_no_accounts_to_map_to() -> None:
    (plan,) = [plan for plan in committed("production") if plan.name == "argo-workflows"]
    assert not [one for one in plan.objects if one.kind == "Secret"]


def projects() -> dict[str, Any]:
    return {one["metadata"]["name"]: one["spec"] for one in of_kind("argo-cd", "AppProject")}


def test_a_teams_applications_stay_in_its_namespace() -> None:
    project = projects()["data-science"]
    assert project["destinations"] == [
        {"server": "https://kubernetes.default.svc", "namespace": "data-science"}
    ]
    assert project["clusterResourceWhitelist"] == []
    kinds = {one["kind"] for one in project["namespaceResourceWhitelist"]}
    assert {"Deployment", "InferenceService", "TrainJob"} <= kinds
    assert not kinds & {"ResourceQuota", "NetworkPolicy", "RoleBinding", "LocalQueue", "Secret"}
    (role,) = project["roles"]
    assert role["groups"] == ["team-data-science"]
    assert role["policies"] == [
        "p, proj:data-science:members, applications, *, data-science/*, allow"
    ]


def test_a_project_takes_the_repositories_of_its_teams_record() -> None:
    address = "https://git.company.com/data-science/apps.git"
    team = {
        "name": "data-science", "owner": "a@company.com", "cost_center": "Data",
        "quota": {"cpus": 1, "memory_gib": 1, "gpus": 0, "storage_gib": 1},
        "repositories": [address],
    }  # fmt: skip
    plans = plans_of(settings_of("production", teams=[team]))
    (plan,) = [plan for plan in plans if plan.name == "argo-cd"]
    sources = {
        one.manifest["metadata"]["name"]: one.manifest["spec"]["sourceRepos"]
        for one in plan.objects
        if one.kind == "AppProject"
    }
    assert sources == {"default": [], "data-science": [address]}


def test_the_default_project_allows_nothing() -> None:
    default = projects()["default"]
    assert (default["sourceRepos"], default["destinations"]) == ([], [])


def test_argo_cd_and_the_web_ui_are_reached_at_the_consoles() -> None:
    for service, host in (
        ("argo-cd", "argocd.mlops-platform.com"),
        ("web-ui", "app.mlops-platform.com"),
    ):
        assert named(service).hosts == [host]
        (binding,) = of_kind(service, "TargetGroupBinding")
        assert binding["spec"]["targetType"] == "ip"


@pytest.mark.parametrize("stack", ["production", "dr"])
@pytest.mark.parametrize(
    "access", [{}, {"oidc": SINGLE_SIGN_ON}], ids=["without a provider", "with a provider"]
)
def test_argo_cd_has_no_administrator_that_people_share(stack: str, access: dict[str, Any]) -> None:
    plans = plans_of(settings_of(stack, {"access": access}))
    (plan,) = [plan for plan in plans if plan.name == "argo-cd"]
    (release,) = plan.releases
    settings = release.values["configs"]["cm"]
    assert settings["admin.enabled"] is False
    assert settings["users.anonymous.enabled"] is False
    assert ("oidc.config" in settings) == bool(access)

"""Tenants of the cluster: what they make runs apart from controllers, secrets and one another."""

from __future__ import annotations

from catalog.namespaces import PLATFORM, WORKED_IN
from tests.infra.services.stacks import committed, plans_of, settings_of
from tests.infra.services.test_plans import OIDC, objects


def test_no_account_with_rights_of_a_controller_is_where_people_work() -> None:
    """Whoever makes pods in a namespace may take any of its accounts."""
    people = {*WORKED_IN, "data-science", "ml-engineering"}
    bound = {
        subject.get("namespace")
        for _, one in objects(committed("production"))
        if one.kind in ("ClusterRoleBinding", "RoleBinding")
        for subject in one.manifest["subjects"]
        if subject["kind"] == "ServiceAccount"
    }
    assert bound
    assert not bound & people
    releases = [one for plan in committed("production") for one in plan.releases]
    assert not {one.chart.namespace for one in releases} & people


def test_where_people_work_the_store_brings_trainings_account_alone() -> None:
    made = list(objects(committed("production")))
    (store,) = [one for _, one in made if one.kind == "ClusterSecretStore"]
    (condition,) = store.manifest["spec"]["conditions"]
    trained_in = {"training", "data-science", "ml-engineering"}
    assert set(condition["namespaces"]) == {*PLATFORM, *trained_in}
    brought = [one for _, one in made if one.kind == "ExternalSecret"]
    assert {one.namespace for one in brought} <= set(condition["namespaces"])
    theirs = [one.manifest["spec"] for one in brought if one.namespace in trained_in]
    keys = {each["remoteRef"]["key"] for spec in theirs for each in spec["data"]}
    assert keys == {"mlops-platform-production-mlflow-training"}


def test_an_application_stays_in_its_teams_namespace_whoever_makes_it() -> None:
    (argo,) = [plan for plan in plans_of(settings_of("production", OIDC)) if plan.name == "argo-cd"]
    projects = {
        one.manifest["metadata"]["name"]: one.manifest["spec"]
        for one in argo.objects
        if one.kind == "AppProject"
    }
    assert projects.pop("default")["destinations"] == []
    for team, spec in projects.items():
        assert [one["namespace"] for one in spec["destinations"]] == [team]
        assert spec["clusterResourceWhitelist"] == []
    (release,) = argo.releases
    grants = release.values["configs"]["rbac"]["policy.csv"].splitlines()
    allowed = [grant.split(", ")[4] for grant in grants if ", applications, " in grant]
    assert allowed == [f"{team}/*" for team in projects] == ["data-science/*", "ml-engineering/*"]
    assert not [grant for grant in grants if "role:admin" in grant]


def test_workflows_run_where_people_work_each_with_the_account_that_has_a_role() -> None:
    (argo,) = [plan for plan in committed("production") if plan.name == "argo-workflows"]
    accounts = {one.namespace for one in argo.objects if one.kind == "ServiceAccount"}
    (release,) = argo.releases
    assert accounts == set(release.values["controller"]["workflowNamespaces"])
    assert accounts == {"training", "data-science", "ml-engineering"}

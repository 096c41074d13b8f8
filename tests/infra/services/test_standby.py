"""A standby holds every service: what writes to the database without pods, so that a failover
scales it up and deploys nothing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from catalog.service_secrets import IN_DATABASE
from catalog.writers import ARGO_CONTROLLER, ARGO_SERVER, FEAST, MLFLOW, WRITERS, Writer
from components.services.plan import Object, Release, ServicePlan
from infra.database_secrets import copies, made_elsewhere, passwords
from tests.infra.services.stacks import APPLICATIONS, DIGEST, committed, plans_of, settings_of

TRAINS = {"delivery": {"training": {"image_digest": DIGEST}}, "applications": APPLICATIONS}
PRODUCTION, STANDBY = committed("production"), committed("dr")
PROMOTED = plans_of(settings_of("dr", role="primary"))
JOBS = {"database-bootstrap", "mlflow-migration", "mlflow-accounts"}

Plans = Sequence[ServicePlan]


def releases(plans: Plans) -> dict[str, Mapping[str, Any]]:
    return {one.chart.name: one.values for plan in plans for one in plan.releases}


def objects(plans: Plans, kind: str) -> Iterator[Object]:
    return (one for plan in plans for one in plan.objects if one.kind == kind)


def scaled(plans: Plans) -> dict[Writer, int]:
    """Pods that each writer begins with."""
    charts = releases(plans)
    argo = charts["argo-workflows"]
    (feast,) = [
        one
        for one in objects(plans, "Deployment")
        if one.manifest["metadata"]["name"] == FEAST.name
    ]
    return {
        MLFLOW: charts["mlflow"]["replicaCount"],
        FEAST: feast.manifest["spec"]["replicas"],
        ARGO_CONTROLLER: argo["controller"]["replicas"],
        ARGO_SERVER: argo["server"]["replicas"],
    }


def jobs(plans: Plans) -> set[str]:
    """Jobs by what they are for, without the hash or version that ends their names."""
    names = [str(one.manifest["metadata"]["name"]) for one in objects(plans, "Job")]
    return {job for job in JOBS for name in names if name.startswith(job)}


def test_every_service_of_the_primary_is_there() -> None:
    primary = {plan.name for plan in plans_of(settings_of("production", TRAINS))}
    standby = {plan.name for plan in plans_of(settings_of("dr", TRAINS))}
    assert primary == standby


def test_what_writes_has_no_pods_until_the_database_takes_writes() -> None:
    assert scaled(STANDBY) == dict.fromkeys(WRITERS, 0)
    assert scaled(PROMOTED) == scaled(PRODUCTION)
    assert min(scaled(PRODUCTION).values()) >= 2


def test_no_job_tries_to_write_to_a_replica() -> None:
    assert jobs(STANDBY) == set()
    assert jobs(PROMOTED) == jobs(PRODUCTION) == JOBS


def test_dumps_wait_where_the_database_only_replicates() -> None:
    asleep = [
        {one.manifest["metadata"]["name"]: one.manifest["spec"]["suspend"]
         for one in objects(plans, "CronJob")}["database-backup"]
        for plans in (STANDBY, PROMOTED, PRODUCTION)
    ]  # fmt: skip
    assert asleep == [True, False, False]


def test_scalers_are_there_with_their_least_and_find_nothing_to_scale() -> None:
    least = {
        one.manifest["spec"]["scaleTargetRef"]["name"]: one.manifest["spec"]["minReplicas"]
        for one in objects(STANDBY, "HorizontalPodAutoscaler")
    }
    assert least.items() >= {MLFLOW.name: 3, FEAST.name: 3}.items()


def test_a_release_that_was_at_zero_goes_on_saying_how_many_pods_it_has() -> None:
    """Helm would take a number that is left out back to one."""
    chosen = [releases(plans)["mlflow"]["autoscaling"]["enabled"] for plans in (STANDBY, PROMOTED)]
    assert chosen == [False, False]
    assert releases(PRODUCTION)["mlflow"]["autoscaling"]["enabled"] is True


def test_nobody_waits_for_pods_behind_a_service_that_has_none() -> None:
    """Pulumi waits ten minutes for them, and then fails."""
    without = [
        one.manifest["spec"]["template"]["metadata"]["labels"]
        for one in objects(STANDBY, "Deployment")
        if one.manifest["spec"]["replicas"] == 0
    ]
    assert without
    for service in objects(STANDBY, "Service"):
        selector = service.manifest["spec"]["selector"].items()
        if any(selector <= labels.items() for labels in without):
            annotations = service.manifest["metadata"]["annotations"]
            assert annotations["pulumi.com/skipAwait"] == "true"


def test_budgets_hold_where_there_are_no_pods() -> None:
    for name in ("controller", "server"):
        budget = releases(STANDBY)["argo-workflows"][name]["pdb"]
        assert budget == {"enabled": True, "maxUnavailable": 1}


def test_passwords_that_the_database_knows_are_its_sources() -> None:
    settings = settings_of("dr")
    assert passwords(settings) == "mlops-platform-production"
    assert made_elsewhere(settings) == IN_DATABASE
    assert "mlops-platform-production-database-g1" in copies(settings)
    read = remote_keys(STANDBY)
    borrowed = {key for key in read if not key.startswith("mlops-platform-dr-")}
    # The agent signs in where the database takes writes alone.
    named = {f"mlops-platform-production-{name}" for name in IN_DATABASE - {"db-fence-agent"}}
    assert borrowed == named
    # The master's is the sample's here, and the source's in the program.
    assert borrowed <= remote_keys(PROMOTED) & set(copies(settings))


def test_a_primary_of_its_own_reads_no_other_stacks_secrets() -> None:
    settings = settings_of("production")
    assert copies(settings) == ()
    assert made_elsewhere(settings) == frozenset()
    assert {key.rpartition("mlops-platform-production-")[0] for key in remote_keys(PRODUCTION)} == {
        ""
    }


def remote_keys(plans: Plans) -> set[str]:
    return {
        str(one["remoteRef"]["key"])
        for secret in objects(plans, "ExternalSecret")
        for one in secret.manifest["spec"]["data"]
    }


def test_people_may_bring_in_the_account_of_training_that_the_database_knows() -> None:
    (policy,) = [
        one
        for one in objects(STANDBY, "ValidatingAdmissionPolicy")
        if "own-secrets" in one.manifest["metadata"]["name"]
    ]
    assert "mlops-platform-production-mlflow-training" in str(policy.manifest["spec"])


@pytest.mark.parametrize("plans", [STANDBY, PROMOTED], ids=["standby", "promoted"])
def test_replicas_of_feast_belong_to_whoever_scales_it(plans: Plans) -> None:
    (feast,) = [
        part
        for plan in plans
        for part in plan.parts
        if isinstance(part, Object) and part.kind == "Deployment" and plan.name == "feast"
    ]
    assert feast.ignore_changes == ("spec.replicas",)


def test_its_database_is_watched_while_it_replicates() -> None:
    (exporter,) = [
        part
        for plan in STANDBY
        for part in plan.parts
        if isinstance(part, Release) and part.chart.name == "prometheus-postgres-exporter"
    ]
    assert "database-bootstrap" in exporter.after

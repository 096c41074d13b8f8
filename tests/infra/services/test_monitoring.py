"""What a stack watches follows from what it has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from components.services.plan import Release, ServicePlan
from tests.infra.documents import committed as document
from tests.infra.documents import refusal_of, with_values
from tests.infra.services.stacks import committed, everything, plans_of, settings_of


def _alerts(plans: Sequence[ServicePlan]) -> set[str]:
    (rules,) = [plan for plan in plans if plan.name == "alert-rules"]
    return {
        rule["alert"]
        for part in rules.objects
        for group in part.manifest["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }


def _probed(plans: Sequence[ServicePlan]) -> set[str]:
    (probes,) = [plan for plan in plans if plan.name == "probes"]
    return {part.manifest["spec"]["jobName"] for part in probes.objects}


def test_production_hears_of_mlflow_and_of_its_database() -> None:
    assert {"MLflowServerDown", "FeatureServerDown", "PostgreSQLDown"} <= _alerts(
        committed("production")
    )
    assert {"probe-mlflow", "probe-feast", "probe-consoles", "probe-models"} == _probed(
        committed("production")
    )


def test_the_other_region_hears_of_no_service_that_sleeps_there() -> None:
    alerts = _alerts(committed("dr"))
    assert not {"MLflowServerDown", "FeatureServerDown"} & alerts
    assert {"ClusterUnavailable", "DatabaseReplicaLag"} <= alerts
    assert not {"probe-mlflow", "probe-feast"} & _probed(committed("dr"))


def test_the_other_region_hears_of_its_replica() -> None:
    assert "database-exporter" in {plan.name for plan in committed("dr")}
    assert "PostgreSQLDown" in _alerts(committed("dr"))


def test_the_api_is_watched_once_it_is_there() -> None:
    assert "APIPodDown" not in _alerts(committed("production"))
    assert {"APIPodDown", "HighErrorRate", "SlowAPIResponse"} <= _alerts(everything())


@pytest.mark.parametrize(
    ("stack", "replicas"), [("production", 2), ("dr", 1)], ids=["production", "the other region"]
)
def test_grafana_has_two_replicas_where_it_has_a_database(stack: str, replicas: int) -> None:
    (plan,) = [plan for plan in committed(stack) if plan.name == "monitoring"]
    (release,) = [part for part in plan.parts if isinstance(part, Release)]
    assert release.values["grafana"]["replicas"] == replicas


def test_prometheus_keeps_what_the_runbook_says() -> None:
    (plan,) = [plan for plan in committed("production") if plan.name == "monitoring"]
    (release,) = plan.releases
    spec = release.values["prometheus"]["prometheusSpec"]
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert (spec["retention"], spec["replicas"]) == ("30d", 2)
    assert claim["resources"] == {"requests": {"storage": "100Gi"}}
    assert spec["resources"] == {
        "requests": {"cpu": "2", "memory": "8Gi"},
        "limits": {"cpu": "4", "memory": "16Gi"},
    }
    assert release.values["alertmanager"]["alertmanagerSpec"]["replicas"] == 3


def test_a_page_of_runbooks_with_an_anchor_of_its_own_is_refused() -> None:
    wrong = with_values(
        document("production"), {"services": {"monitoring": {"runbooks": "https://docs#alerts"}}}
    )
    assert "services.monitoring.runbooks: expected the address of the page" in refusal_of(wrong)


PROVIDERS = {
    "Okta": (
        "https://company.okta.com/oauth2/default",
        "https://company.okta.com/oauth2/default/v1/authorize",
        "https://company.okta.com/oauth2/default/v1/token",
        "https://company.okta.com/oauth2/default/v1/userinfo",
    ),
    "Keycloak": (
        "https://login.company.com/realms/mlops",
        "https://login.company.com/realms/mlops/protocol/openid-connect/auth",
        "https://login.company.com/realms/mlops/protocol/openid-connect/token",
        "https://login.company.com/realms/mlops/protocol/openid-connect/userinfo",
    ),
    "Entra": (
        "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0",
        "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/oauth2/v2.0/token",
        "https://graph.microsoft.com/oidc/userinfo",
    ),
}
KEYS = ("issuer", "authorization", "token", "userinfo")


@pytest.mark.parametrize("addresses", PROVIDERS.values(), ids=PROVIDERS)
def test_grafana_signs_in_where_the_provider_says(addresses: tuple[str, ...]) -> None:
    access = {"oidc": dict(zip(KEYS, addresses, strict=True))}
    plans = plans_of(settings_of("production", {"access": access}))
    (plan,) = [plan for plan in plans if plan.name == "monitoring"]
    (release,) = plan.releases
    ini = release.values["grafana"]["grafana.ini"]["auth.generic_oauth"]
    assert (ini["auth_url"], ini["token_url"], ini["api_url"]) == addresses[1:]


@pytest.mark.parametrize("key", KEYS)
def test_a_provider_without_an_address_is_refused_by_its_key(key: str) -> None:
    given = zip(KEYS, PROVIDERS["Okta"], strict=True)
    oidc = {name: address for name, address in given if name != key}
    wrong = with_values(document("production"), {"services": {"access": {"oidc": oidc}}})
    assert f"services.access.oidc.{key}" in refusal_of(wrong)


def test_an_address_without_tls_is_refused() -> None:
    oidc = dict(zip(KEYS, PROVIDERS["Okta"], strict=True)) | {"token": "http://a.com/token"}
    wrong = with_values(document("production"), {"services": {"access": {"oidc": oidc}}})
    assert "services.access.oidc.token" in refusal_of(wrong)

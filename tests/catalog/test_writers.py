"""The writers are what the platform really deploys, and whoever has a database of its own."""

from __future__ import annotations

import pytest

from catalog.writers import FEAST, WRITERS, Writer
from components.services.database_bootstrap import TENANTS
from tests.infra.services.stacks import committed

PLANS = committed("production")


@pytest.mark.parametrize("writer", WRITERS, ids=str)
def test_each_is_a_deployment_of_the_platform(writer: Writer) -> None:
    objects = {
        (one.manifest["metadata"].get("namespace"), one.manifest["metadata"]["name"])
        for plan in PLANS
        for one in plan.objects
        if one.kind == "Deployment"
    }
    # A chart's Deployments carry the names of the service accounts that it makes, or its own.
    charts = {
        (one.chart.namespace, name)
        for plan in PLANS
        for one in plan.releases
        for name in (one.chart.name, *one.chart.service_accounts)
    }
    assert (writer.namespace, writer.name) in objects | charts


def test_every_owner_of_a_database_but_grafana_is_among_them() -> None:
    owners = {tenant.name.partition("_")[0] for tenant in TENANTS if tenant.owns}
    named = {owner for owner in owners for one in WRITERS if one.name.startswith(owner)}
    assert owners - named == {"grafana"}


def test_they_read_as_a_lease_agent_takes_them() -> None:
    assert str(FEAST) == "mlops-platform/feast-feature-server"

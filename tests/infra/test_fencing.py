"""Where an agent keeps the lease, what it may do in AWS, and what is said where none does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components.services.order import ordered
from components.services.plan import ServicePlan
from infra.fencing import platform_of, unkept_lease
from infra.settings import Settings
from tests.components.recorder import Recording
from tests.infra.composed import Outputs, recorded
from tests.infra.documents import (
    Document,
    committed,
    parsed,
    refusal_of,
    with_values,
    without,
)
from tests.infra.services.stacks import DIGEST, everything, plans_of

AGENT = "services.applications.lease_agent.image_digest"
PLATFORM = "mlops-platform-production"
POLICY = "aws:iam/rolePolicy:RolePolicy"


def stack(name: str, **values: Any) -> Settings:
    changed = {"services": {"applications": {"lease_agent": {"image_digest": DIGEST}}}, **values}
    return parsed(with_values(committed(name), changed), name)


def alone() -> Document:
    """Production without another region."""
    return with_values(without(committed("production"), "recovery.witness_region"), {"peer": None})


def names(settings: Settings) -> set[str]:
    return {plan.name for plan in plans_of(settings)}


def test_agents_run_in_both_regions_so_that_a_failover_needs_no_deployment() -> None:
    for settings in (stack("production"), stack("dr", role="primary"), stack("dr")):
        assert "lease-agent" in names(settings)
    assert "lease-agent" not in names(parsed(committed("production")))


def test_a_standby_logs_in_as_its_source_does_and_waits_for_no_agent() -> None:
    standby, promoted = (
        {plan.name: plan for plan in plans_of(settings)}
        for settings in (stack("dr"), stack("dr", role="primary"))
    )
    (secret,) = [
        one.manifest
        for one in standby["database-bootstrap"].objects
        if one.manifest["metadata"]["name"] == "database-fence-agent"
    ]
    sources = {one["remoteRef"]["key"] for one in secret["spec"]["data"]}
    assert sources == {f"{PLATFORM}-db-fence-agent"}
    assert awaited(promoted["lease-agent"])
    assert not awaited(standby["lease-agent"])


def awaited(plan: ServicePlan) -> bool:
    (made,) = [one.manifest for one in plan.objects if one.kind == "Deployment"]
    return "pulumi.com/skipAwait" not in made["metadata"].get("annotations", {})


def test_both_regions_keep_to_one_record_in_one_table() -> None:
    for settings in (stack("production"), stack("dr", role="primary")):
        assert platform_of(settings) == PLATFORM
        (plan,) = [one for one in plans_of(settings) if one.name == "lease-agent"]
        (made,) = [one.manifest for one in plan.objects if one.kind == "Deployment"]
        (container,) = made["spec"]["template"]["spec"]["containers"]
        told = {one["name"]: one.get("value") for one in container["env"]}
        assert told["LEASE_TABLE"] == f"{PLATFORM}-fence"
        assert told["LEASE_PLATFORM"] == PLATFORM
        assert told["LEASE_REGION"] == settings.region


def test_a_database_that_nobody_would_close_is_told_of() -> None:
    bare = parsed(committed("production"))
    assert not bare.keeps_lease
    said = unkept_lease(bare) or ""
    assert said.startswith(f"{AGENT}: null, so nothing closes this region's database")
    standby = unkept_lease(parsed(committed("dr"), "dr")) or ""
    assert "nothing opens it after a failover once us-east-1 has agents" in standby
    assert unkept_lease(stack("production")) is None
    assert unkept_lease(parsed(alone())) is None


def test_an_agent_without_a_fence_is_refused() -> None:
    document = with_values(
        alone(), {"services": {"applications": {"lease_agent": {"image_digest": DIGEST}}}}
    )
    assert f"{AGENT}: expected null: a platform without a peer has no fence" in refusal_of(document)


def test_an_agent_whose_repository_nobody_makes_is_refused() -> None:
    document = with_values(
        committed("production"),
        {
            "registry.repositories": ["platform-api", "web-ui", "training"],
            "services": {"applications": {"lease_agent": {"image_digest": DIGEST}}},
        },
    )
    assert f"{AGENT}: expected null, or lease-agent among" in refusal_of(document)


def test_who_waits_for_the_roles_waits_for_the_agent_that_lets_them_in() -> None:
    needs = ordered(everything()).needs
    for part in ("mlflow/migration", "argo-workflows/release"):
        assert "lease-agent/deployment" in needs[part], part
    assert "database-bootstrap/job" in needs["lease-agent/deployment"]


@pytest.fixture(scope="module", params=["production", "dr"])
def made(request: pytest.FixtureRequest) -> Iterator[Recording[Outputs]]:
    with recorded(parsed(committed(request.param), request.param)) as recording:
        yield recording


def statements(recording: Recording[Outputs]) -> dict[str, dict[str, Any]]:
    policy = recording.one(POLICY, "lease-agent-permissions").inputs["policy"]
    return {one["Sid"]: one for one in json.loads(policy)["Statement"]}


def test_its_role_swaps_its_own_record_in_its_own_region(made: Recording[Outputs]) -> None:
    region = made.value(made.result)["region"]
    record = statements(made)["Record"]
    assert record["Action"] == ["dynamodb:GetItem", "dynamodb:PutItem"]
    assert record["Resource"] == [f"arn:aws:dynamodb:{region}:123456789012:table/{PLATFORM}-fence"]
    assert record["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [PLATFORM]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def test_it_decrypts_the_tables_key_through_dynamodb_alone(made: Recording[Outputs]) -> None:
    region = made.value(made.result)["region"]
    key = statements(made)["Key"]
    assert key["Action"] == ["kms:Decrypt"]
    assert key["Condition"]["StringEquals"] == {
        "kms:ViaService": f"dynamodb.{region}.amazonaws.com",
        "kms:EncryptionContext:aws:dynamodb:tableName": f"{PLATFORM}-fence",
        "kms:EncryptionContext:aws:dynamodb:subscriberId": "123456789012",
    }
    assert set(statements(made)) == {"Record", "Key"}


def test_a_platform_of_one_region_has_neither_fence_nor_role() -> None:
    with recorded(parsed(alone())) as recording:
        assert not recording.has(POLICY, "lease-agent-permissions")
        assert not recording.has("aws:dynamodb/tableItem:TableItem")

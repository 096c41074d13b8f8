"""The standby's stack once a failover made it the primary: it writes, and needs nothing of the
region that is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.data import database_secret_name
from infra.outputs import load
from tests.components.recorder import Recording
from tests.infra.composed import Outputs, recorded
from tests.infra.documents import committed, parsed, with_values
from tests.infra.services.stacks import plans_of

PROMOTED = parsed(with_values(committed("dr"), {"role": "primary"}), "dr")


@pytest.fixture(scope="module")
def promoted() -> Iterator[Recording[Outputs]]:
    with recorded(PROMOTED) as recording:
        yield recording


def test_its_database_follows_nobody_and_keeps_its_password(promoted: Recording[Outputs]) -> None:
    instance = promoted.one("aws:rds/instance:Instance").inputs
    assert "replicateSourceDb" not in instance
    assert "passwordWo" not in instance
    assert database_secret_name(PROMOTED) == "mlops-platform-production-database-g1"


def test_it_makes_nothing_in_the_lost_region(promoted: Recording[Outputs]) -> None:
    lost = [it.name for it in promoted.resources if it.inputs.get("region") == "us-east-1"]
    assert lost == []
    for type_ in ("aws:kms/replicaKey:ReplicaKey", "aws:dynamodb/table:Table"):
        assert not promoted.has(type_), type_


def test_its_names_stay_the_half_that_the_switch_turned_to(promoted: Recording[Outputs]) -> None:
    records = [
        it.inputs for it in promoted.all("aws:route53/record:Record") if "aliases" in it.inputs
    ]
    assert {it["failoverRoutingPolicies"][0]["type"] for it in records} == {"SECONDARY"}


def test_what_an_account_has_once_stays_the_others(promoted: Recording[Outputs]) -> None:
    assert not promoted.has("aws:cloudtrail/trail:Trail")
    assert not promoted.has("aws:budgets/budget:Budget")


def test_it_carries_the_role_that_publishes_where_traffic_belongs(
    promoted: Recording[Outputs],
) -> None:
    outputs = load(promoted.value(promoted.result))
    assert outputs.role == "primary"
    assert outputs.flip_heartbeat_role_arn
    role = next(
        it.inputs for it in promoted.all("aws:iam/role:Role") if "heartbeat" in it.inputs["name"]
    )
    assert "scheduler.amazonaws.com" in role["assumeRolePolicy"]


def test_declaring_it_touches_nothing_whose_control_plane_is_in_us_east_1(
    promoted: Recording[Outputs],
) -> None:
    """Roles, records and the configuration of buckets are as the standby already has them."""
    with recorded(parsed(committed("dr"), "dr")) as standby:
        before = _global(standby)
    assert _global(promoted) == before
    assert before


def _global(recording: Recording[Outputs]) -> dict[tuple[str, str], object]:
    return {
        (it.type, it.name): it.inputs
        for it in recording.resources
        if it.type.startswith(("aws:iam/", "aws:route53/", "aws:s3/"))
    }


def test_its_services_write(promoted: Recording[Outputs]) -> None:
    assert {"mlflow", "feast"} <= {plan.name for plan in plans_of(PROMOTED)}

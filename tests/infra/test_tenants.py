"""What a team has in AWS: a role of its own that reaches its prefixes and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.components.recorder import Recording, Registered
from tests.infra.composed import Outputs, recorded
from tests.infra.documents import committed, parsed

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
TEAM = "team-data-science"


@pytest.fixture(scope="module")
def production() -> Iterator[Recording[Outputs]]:
    with recorded(parsed(committed("production"))) as recording:
        yield recording


def statements(recording: Recording[Outputs], workload: str) -> dict[str, dict[str, Any]]:
    policy = recording.one(POLICY, f"{workload}-permissions").inputs["policy"]
    return {one["Sid"]: one for one in json.loads(policy)["Statement"]}


def associations(recording: Recording[Outputs], namespace: str) -> list[Registered]:
    return [one for one in recording.all(ASSOCIATION) if one.inputs["namespace"] == namespace]


def test_a_team_reaches_its_prefixes_of_three_buckets_and_nothing_else(
    production: Recording[Outputs],
) -> None:
    made = statements(production, TEAM)
    objects, buckets = made["Objects"]["Resource"], made["List"]["Resource"]
    assert objects == [f"{bucket}/teams/data-science/*" for bucket in buckets]
    kept = ("models", "artifacts", "features")
    assert all(f"buckets-{purpose}-" in one for purpose, one in zip(kept, buckets, strict=True))
    assert made["List"]["Condition"] == {"StringLike": {"s3:prefix": "teams/data-science/*"}}
    assert set(made) == {"Objects", "List", "Find", "Key"}
    assert made["Find"]["Action"] == ["s3:GetBucketLocation"]


def test_a_team_uses_the_key_through_s3_alone(production: Recording[Outputs]) -> None:
    key = statements(production, TEAM)["Key"]
    assert key["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def test_a_teams_role_is_its_own_by_trust_and_by_tags(production: Recording[Outputs]) -> None:
    role = production.one(ROLE, f"{TEAM}-role")
    assert role.tags["Team"] == "data-science"
    assert role.tags["CostCenter"] == "Data Science"
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    tags = trust["Condition"]["StringEquals"]
    assert tags["aws:RequestTag/kubernetes-namespace"] == "data-science"
    assert tags["aws:RequestTag/kubernetes-service-account"] == ["team", "workflows"]


def test_a_teams_pods_and_workflows_get_its_role(production: Recording[Outputs]) -> None:
    made = associations(production, "data-science")
    assert [one.inputs["serviceAccount"] for one in made] == ["team", "workflows"]
    assert len({one.inputs["roleArn"] for one in made}) == 1
    assert all(one.tags["Team"] == "data-science" for one in made)


def test_no_workflow_has_an_identity_where_the_controller_runs(
    production: Recording[Outputs],
) -> None:
    assert associations(production, "argo") == []
    (workflows,) = associations(production, "training")
    assert workflows.inputs["serviceAccount"] == "workflows"
    (objects,) = statements(production, "workflows")["Objects"]["Resource"]
    assert objects.endswith("/teams/training/*")


def test_what_teams_keep_is_out_of_the_reach_of_everyones_models(
    production: Recording[Outputs],
) -> None:
    made = statements(production, "model-server")
    assert made["Objects"]["Effect"] == "Allow"
    assert made["NotOfTenants"]["Effect"] == "Deny"
    (resource,) = made["NotOfTenants"]["Resource"]
    assert resource.endswith("/teams/*")

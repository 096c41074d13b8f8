"""The role of last resort."""

from __future__ import annotations

import json

import pytest

from components.base import Site
from components.break_glass import BreakGlass, BreakGlassArgs
from tests.components.recorder import Recording, record

ONCALL = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*OnCall*"


def build(site: Site) -> Recording[BreakGlass]:
    return record(lambda: BreakGlass("break-glass", BreakGlassArgs(principals=[ONCALL]), site))


def test_only_named_people_with_a_second_factor_can_take_it(site: Site) -> None:
    role = build(site).one("aws:iam/role:Role").inputs
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Condition"]["ArnLike"] == {"aws:PrincipalArn": [ONCALL]}
    assert trust["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}
    assert role["maxSessionDuration"] == 3600
    assert role["permissionsBoundary"] == site.permissions_boundary


def test_it_may_reach_this_cluster_and_nothing_else(site: Site) -> None:
    policy = json.loads(build(site).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    (statement,) = policy["Statement"]
    assert statement["Resource"] == [
        "arn:aws:eks:us-east-1:123456789012:cluster/mlops-platform-production"
    ]


@pytest.mark.parametrize("principals", [[], ["*"], ["arn:aws:iam::123456789012:root"]])
def test_nobody_and_anybody_are_refused(principals: list[str]) -> None:
    with pytest.raises(ValueError, match="named roles or users"):
        BreakGlassArgs(principals=principals)

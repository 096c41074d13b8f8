"""What needs a lost region is caught, whoever calls: the program by its resource's name, a runbook
by its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from pulumi import automation

from ops.errors import Refused, UnknownOutcome
from ops.live.aws import Aws
from ops.live.engine import UNFINISHED, Engine
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.pulumi import Stack
from rehearsal.engine.tools import pulumi_cli
from rehearsal.scenario.account import Account
from rehearsal.scenario.drill import CALLER
from rehearsal.scenario.lost_region import strays
from rehearsal.site.control import Control
from tests.rehearsal.conftest import Program

LOST, REFUGE = "us-east-1", "us-west-2"
ROLE: dict[str, Any] = {"RoleName": "planted", "AssumeRolePolicyDocument": "{}"}


@pytest.fixture
def lost(cloud: CloudProcess) -> Iterator[Account]:
    """The account while a region is lost."""
    control = Control(cloud.endpoint)
    control.lose(LOST)
    yield Account(cloud.endpoint, "123456789012")
    control.restore()


def _last(account: Account) -> int:
    calls = account.calls()
    return calls[-1].number if calls else 0


@pytest.mark.rehearsal
def test_a_call_planted_in_the_program_is_told_with_its_resource(
    program: Program, lost: Account
) -> None:
    stack, mark = program("planted_role"), _last(lost)
    outcome = stack.up()
    assert not outcome.succeeded
    assert "iam in us-east-1 is out of service" in "; ".join(outcome.tally.errors)
    found = strays(lost.calls(mark), LOST)
    assert {call.caller for call in found} == {"creating aws:iam/role:Role (planted)"}
    assert "creating aws:iam/role:Role (planted): iam:CreateRole" in strays_told(found)
    assert _engine(stack).deployed_role() == UNFINISHED


def strays_told(calls: Any) -> str:
    return "; ".join(f"{call.caller}: {call}" for call in calls)


def test_a_call_planted_in_a_runbook_is_refused_before_it_is_sent(
    cloud: CloudProcess, lost: Account
) -> None:
    mark = _last(lost)
    with pytest.raises(Refused, match=r"iam:CreateRole in .*: not sent: iam has its control"):
        _aws(cloud, LOST).write("iam", "create_role", **ROLE)
    assert lost.calls(mark) == []


def test_a_call_planted_past_the_guard_is_told_with_its_runbook(
    cloud: CloudProcess, lost: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = _last(lost)
    monkeypatch.setenv(CALLER, "mlops-failover")
    with pytest.raises(UnknownOutcome):
        _aws(cloud, None).write("iam", "create_role", **ROLE)
    (call,) = strays(lost.calls(mark), LOST)
    assert str(call) == "iam:CreateRole in us-west-2"
    assert call.caller == "mlops-failover"


def test_reads_of_global_services_and_calls_elsewhere_are_no_strays(
    cloud: CloudProcess, lost: Account
) -> None:
    mark = _last(lost)
    aws = _aws(cloud, None)
    aws.read("ec2", "describe_vpcs")
    aws.read("route53", "list_hosted_zones")
    assert len(lost.calls(mark)) == 2
    assert strays(lost.calls(mark), LOST) == []


def _aws(cloud: CloudProcess, lost_region: str | None) -> Aws:
    session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
    return Aws(REFUGE, lost_region, session=session, endpoint=cloud.endpoint)


def _engine(stack: Stack) -> Engine:
    cli = automation.PulumiCommand(str(pulumi_cli().parent.parent))
    return Engine(stack.name, stack.project, cli=cli, environment=stack.environment)

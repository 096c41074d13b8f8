"""Flow logs: everything is written down, encrypted, for as long as agreed."""

from __future__ import annotations

import json

import pytest

from components.base import Site
from components.flow_logs import FlowLogs, FlowLogsArgs
from tests.components.recorder import ACCOUNT, Recording, record

KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs"


@pytest.fixture
def recording(site: Site) -> Recording[FlowLogs]:
    args = FlowLogsArgs(vpc_id="vpc-1", logs_key_arn=KEY_ARN, retention_days=30)
    return record(lambda: FlowLogs("flow-logs", args, site))


def test_accepted_and_refused_traffic_is_recorded_every_minute(
    recording: Recording[FlowLogs],
) -> None:
    flow_log = recording.one("aws:ec2/flowLog:FlowLog")
    assert flow_log.inputs["vpcId"] == "vpc-1"
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["maxAggregationInterval"] == 60
    group = recording.one("aws:cloudwatch/logGroup:LogGroup")
    assert recording.waits_for(flow_log, group)


def test_the_log_group_is_encrypted_and_forgets(recording: Recording[FlowLogs]) -> None:
    group = recording.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == "/mlops/mlops-platform-production/flow-logs"
    assert group.inputs["kmsKeyId"] == KEY_ARN
    assert group.inputs["retentionInDays"] == 30


def test_the_role_serves_flow_logs_of_this_account_only(recording: Recording[FlowLogs]) -> None:
    role = recording.one("aws:iam/role:Role")
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert role.inputs["permissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/mlops/boundary"


def test_the_role_writes_to_that_log_group_only(recording: Recording[FlowLogs]) -> None:
    policy = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    write, find = policy["Statement"]
    arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:flow-logs-group"
    assert write["Resource"] == [arn, f"{arn}:*"]
    assert find["Action"] == ["logs:DescribeLogGroups"]

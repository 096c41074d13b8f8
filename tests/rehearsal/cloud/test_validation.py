"""What botocore's models say about parameters is enforced, in each protocol's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from rehearsal.cloud import borrowed, validation
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.stale_constraints import STALE
from tests.rehearsal.cloud.account import Account

ROLE = "arn:aws:iam::123456789012:role/x"


def error(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    """Code and message with which a call is refused."""
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    said = cast("Any", refusal.value.response)["Error"]
    return said["Code"], said["Message"]


def test_an_invented_instance_type_is_refused_as_ec2_refuses_it(account: Account) -> None:
    code, message = error(
        account.ec2.create_launch_template,
        LaunchTemplateName="nodes",
        LaunchTemplateData={"InstanceType": "m5.huge"},
    )
    assert code == "InvalidParameterValue"
    assert "'m5.huge' at 'LaunchTemplateData.InstanceType'" in message


def test_an_invented_ami_type_is_refused_as_eks_refuses_it(account: Account) -> None:
    code, message = error(
        account.eks.create_nodegroup,
        clusterName="c",
        nodegroupName="n",
        subnets=["subnet-1"],
        nodeRole=ROLE,
        amiType="AL3_x86_64",
    )
    assert code == "InvalidParameterException"
    assert "amiType" in message
    assert "AL2023_x86_64_STANDARD" in message


def test_a_role_name_with_a_space_is_refused_as_iam_refuses_it(account: Account) -> None:
    code, message = error(
        account.iam.create_role, RoleName="two words", AssumeRolePolicyDocument="{}"
    )
    assert code == "ValidationError"
    assert "RoleName" in message


def test_a_value_too_long_is_refused(account: Account) -> None:
    code, message = error(account.logs.create_log_group, logGroupName="x" * 513)
    assert code == "InvalidParameterException"
    assert "length less than or equal to 512" in message


def test_every_wrong_parameter_is_named_in_one_message(account: Account) -> None:
    _, message = error(
        account.cloudwatch.put_metric_alarm,
        AlarmName="x" * 256,
        EvaluationPeriods=1,
        ComparisonOperator="Above",
    )
    assert message.startswith("2 validation errors detected")
    assert "AlarmName" in message
    assert "ComparisonOperator" in message


def test_a_secret_value_is_not_repeated_in_the_message() -> None:
    operation = borrowed.service_model("secretsmanager").operation_model("CreateSecret")
    with pytest.raises(ApiError) as refusal:
        validation.check("secretsmanager", operation, {"Name": "s", "SecretString": "y" * 70000})
    assert "yyyy" not in str(refusal.value)


def test_a_missing_parameter_is_refused() -> None:
    operation = borrowed.service_model("eks").operation_model("CreateCluster")
    with pytest.raises(ApiError, match="roleArn.*must not be null"):
        validation.check("eks", operation, {"name": "c", "resourcesVpcConfig": {}})


def test_every_pattern_of_the_models_can_be_read() -> None:
    broken = [
        pattern
        for service in ("autoscaling", "eks", "iam", "kms", "s3control", "wafv2", "backup")
        for pattern in patterns(service)
        if validation.compiled(pattern) is None
    ]
    assert broken == []


def patterns(service: str) -> set[str]:
    model = cast("Any", borrowed.service_model(service))
    shapes = (model.shape_for(name) for name in model.shape_names)
    return {shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata}


def test_every_exception_to_the_models_says_why_and_names_a_shape_that_exists() -> None:
    for stale in STALE:
        assert stale.because
        assert borrowed.shape(stale.service, stale.shape).name == stale.shape

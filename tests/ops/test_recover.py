"""What a killed engine leaves: found, taken in or dropped, and never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ops.errors import Refused
from ops.live.lookups import LOOKUPS
from ops.pending_state import pending_of, settled, unread_of
from ops.recover import found, recover
from ops.resource_ids import (
    FROM_ARN,
    FROM_INPUTS,
    LOOKED_UP,
    PUT_AGAIN,
    READ_BY_INPUTS,
    named,
)
from rehearsal.providers.aws.registry import RESOURCES
from tests.ops.memory.pending import MemoryPending
from tests.ops.memory.region import Region
from tests.ops.runbooks import CASES, TARGET, apply, operation, resource

(CASE,) = [case for case in CASES if case.name == "recover"]
VPC = "aws:ec2/vpc:Vpc"


def _region(*operations: dict[str, Any], **more: Any) -> Region:
    region = Region()
    state = {"resources": [], "pending_operations": list(operations)}
    region.operations = MemoryPending(region.account, state, **more)
    return region


def _refused(region: Region, tmp_path: Path) -> str:
    with pytest.raises(Refused) as refused:
        apply(
            lambda reads: recover(TARGET, reads),
            region,
            tmp_path / "journal.jsonl",
            reads=Region.pending_reads,
            world=Region.pending_world,
        )
    assert region.faults.calls == []
    return str(refused.value)


def test_what_was_made_is_in_the_state_and_what_was_not_is_forgotten(tmp_path: Path) -> None:
    region = CASE.region()
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    state = region.operations.deployment
    assert state["pending_operations"] == []
    assert [each["id"] for each in state["resources"]] == ["r", "d", "models", "vpc-1"]
    assert unread_of(state) == []


def test_a_name_that_nothing_has_leaves_the_state_again(tmp_path: Path) -> None:
    region = _region(operation("aws:s3/bucket:Bucket", "b", {"bucket": "never-made"}))
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    assert region.operations.deployment["resources"] == []


def test_a_type_that_cannot_be_found_is_refused_before_anything_is_settled(tmp_path: Path) -> None:
    bucket = operation("aws:s3/bucket:Bucket", "b", {"bucket": "models"})
    said = _refused(_region(bucket, operation("aws:x/y:Z", "odd", {})), tmp_path)
    assert "odd (aws:x/y:Z): whether it was made cannot be told from here" in said


def test_two_with_one_tag_are_refused_by_their_names(tmp_path: Path) -> None:
    region = _region(
        operation(VPC, "v", {"tags": {"mlops:id": "1:v"}}), tags={"1:v": ["arn:a", "arn:b"]}
    )
    assert "v: 2 carry 1:v: arn:a, arn:b; keep one" in _refused(region, tmp_path)


def test_a_replacement_keeps_what_it_replaces_for_its_deletion() -> None:
    role = "aws:iam/role:Role"
    old = {**resource("r"), "id": "old"}
    pending = operation(role, "r", {"name": "new"})
    state = {"resources": [old], "pending_operations": [pending]}
    after = settled(state, {pending_of(state)[0]: "new"})
    assert [(each["id"], each.get("delete")) for each in after["resources"]] == [
        ("old", True),
        ("new", None),
    ]


def test_what_the_state_knows_already_is_not_taken_twice() -> None:
    pending = operation("aws:iam/role:Role", "r", {"name": "r"})
    state = {"resources": [resource("r")], "pending_operations": [pending]}
    after = settled(state, {pending_of(state)[0]: "r"})
    assert len(after["resources"]) == 1
    assert after["pending_operations"] == []


def test_objects_of_a_cluster_go_by_their_namespace_and_name() -> None:
    inputs = {"metadata": {"name": "mlflow", "namespace": "mlops-platform"}}
    assert named("kubernetes:core/v1:Service", inputs) == "mlops-platform/mlflow"
    assert named("kubernetes:core/v1:Namespace", {"metadata": {"name": "models"}}) == "models"


def test_what_lives_in_the_state_alone_is_made_anew() -> None:
    reads = Region().pending_reads()
    password = operation("random:index/randomPassword:RandomPassword", "p", {})
    state = {"pending_operations": [password]}
    assert found(pending_of(state)[0], reads) is None


def test_no_type_is_found_in_two_ways() -> None:
    ways = [*FROM_INPUTS, *FROM_ARN, *LOOKED_UP, *PUT_AGAIN]
    assert len(ways) == len(set(ways))
    assert set(LOOKUPS) == LOOKED_UP
    assert set(FROM_INPUTS) >= READ_BY_INPUTS


def test_what_is_only_put_once_more_is_forgotten() -> None:
    (pending,) = pending_of(
        {"pending_operations": [operation("aws:sns/topicPolicy:TopicPolicy", "p", {})]}
    )
    assert found(pending, Region().pending_reads()) is None


def test_what_nothing_marks_is_found_by_what_it_belongs_to(tmp_path: Path) -> None:
    inputs = {"fileSystemId": "fs-1", "subnetId": "subnet-1"}
    target = operation("aws:efs/mountTarget:MountTarget", "m", inputs)
    region = _region(target, belongs={"subnet-1": "fsmt-1"}, there={"fsmt-1": inputs})
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    (taken,) = region.operations.deployment["resources"]
    assert taken["id"] == "fsmt-1"


@pytest.mark.parametrize("there", [True, False])
def test_an_item_that_no_import_takes_is_read_by_what_it_was_given(
    tmp_path: Path, there: bool
) -> None:
    item = '{"platform": {"S": "mlops"}, "epoch": {"N": "1"}}'
    given = {"tableName": "fence", "hashKey": "platform", "item": item}
    inputs: dict[str, Any] = {**given, "__defaults": []}
    record = operation("aws:dynamodb/tableItem:TableItem", "first-record", inputs)
    state = {"resources": [], "pending_operations": [record]}
    (pending,) = pending_of(state)
    after = settled(state, {pending: found(pending, Region().pending_reads())})
    (taken,) = after["resources"]
    assert taken["id"] == "fence|platform|mlops"
    assert taken["outputs"] == given
    assert unread_of(after) == [pending.urn]
    read = {**given, "id": taken["id"], "region": "us-east-1"}
    region = _region(record, there={taken["id"]: read} if there else {})
    assert CASE.apply(region, tmp_path / "journal.jsonl")
    assert len(region.operations.deployment["resources"]) == there


@pytest.mark.parametrize(
    ("type_", "inputs", "id_"),
    [
        (
            "aws:ec2/route:Route",
            {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "n"},
            "rtb-1_0.0.0.0/0",
        ),
        (
            "aws:ec2/networkAclRule:NetworkAclRule",
            {"networkAclId": "acl-1", "ruleNumber": 100.0, "protocol": "tcp", "egress": True},
            "acl-1:100:tcp:true",
        ),
        (
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            {
                "securityGroupId": "sg-1", "type": "ingress", "protocol": "tcp",
                "fromPort": 443.0, "toPort": 443.0, "sourceSecurityGroupId": "sg-2",
            },
            "sg-1_ingress_tcp_443_443_sg-2",
        ),
        (
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            {
                "securityGroupId": "sg-1", "type": "egress", "protocol": "-1",
                "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"],
            },
            "sg-1_egress_-1_0_0_0.0.0.0/0_::/0",
        ),
        (
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            {"subnetId": "subnet-1", "routeTableId": "rtb-1"},
            "subnet-1/rtb-1",
        ),
    ],
)  # fmt: skip
def test_ids_are_those_with_which_the_provider_imports(
    type_: str, inputs: dict[str, Any], id_: str
) -> None:
    assert named(type_, inputs) == id_


def test_a_firewall_is_imported_by_its_id_name_and_scope() -> None:
    arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/0a1b"
    assert FROM_ARN["aws:wafv2/webAcl:WebAcl"](arn) == "0a1b/edge/REGIONAL"


UNTOLD = {
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:s3/bucketV2:BucketV2",
}
"""Types of which an operator is told to look himself."""


def test_every_other_type_of_the_platform_is_found_by_itself() -> None:
    known = {resource.token for resource in RESOURCES}
    ways = {*FROM_INPUTS, *FROM_ARN, *LOOKED_UP, *PUT_AGAIN}
    assert known - ways == UNTOLD

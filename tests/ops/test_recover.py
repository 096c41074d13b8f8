"""What a killed engine leaves: found, taken in or dropped, and never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ops.errors import Refused
from ops.pending_state import pending_of, settled, unread_of
from ops.recover import found, recover
from ops.resource_ids import FROM_ARN, FROM_INPUTS, named
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
    assert not set(FROM_INPUTS) & set(FROM_ARN)
    assert len(FROM_INPUTS) + len(FROM_ARN) >= 30

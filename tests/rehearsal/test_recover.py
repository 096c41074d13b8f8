"""`mlops recover` with the real engine: what a killed one made is in the state again, once."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from pulumi import automation

from ops.live.aws import Aws
from ops.live.engine import Engine
from ops.live.pending import PendingOperations
from ops.recover import recover
from ops.step import Target, plan
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.engine.pulumi import Stack
from rehearsal.engine.tools import pulumi_cli
from tests.rehearsal.conftest import Program

TARGET = Target(
    stack="test", account_id="123456789012", region="us-west-2", platform="p", holder="us-west-2"
)
MADE = ["s-a", "k", "r", "b"]
"""Nothing depends on them: what does would not have begun."""


@pytest.mark.rehearsal
def test_what_a_killed_engine_made_is_taken_in_and_nothing_is_made_twice(
    program: Program, cloud: CloudProcess
) -> None:
    stack = program("few_resources")
    assert stack.up().succeeded
    operations = _operations(stack, cloud)
    _kill_after(stack, MADE)
    assert sorted(each.name for each in operations.pending()) == sorted(MADE)
    book = recover(TARGET, operations)
    for step in book.steps:
        if not step.holds(operations):
            step.make(operations)
    assert plan(book.steps, operations) == []
    again = stack.up()
    assert again.succeeded, again.output
    assert again.changed == {}, again.output
    assert stack.destroy().succeeded


def _kill_after(stack: Stack, names: list[str]) -> None:
    """Leave the state as it is when the engine dies after the calls that made `names`, and before
    it noted so."""
    (file,) = stack.project.parent.glob("state/.pulumi/stacks/*/test.json")
    document: dict[str, Any] = json.loads(file.read_text())
    latest = document["checkpoint"]["latest"]
    made = [each for each in latest["resources"] if each["urn"].rpartition("::")[2] in names]
    latest["resources"] = [each for each in latest["resources"] if each not in made]
    asked = [{key: each[key] for key in each if key not in ("id", "outputs")} for each in made]
    latest["pending_operations"] = [{"resource": each, "type": "creating"} for each in asked]
    file.write_text(json.dumps(document))


def _engine(stack: Stack) -> Engine:
    cli = automation.PulumiCommand(str(pulumi_cli().parent.parent))
    return Engine(stack.name, stack.project, cli=cli, environment=stack.environment)


def _operations(stack: Stack, cloud: CloudProcess) -> PendingOperations:
    session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
    aws = Aws("us-west-2", session=session, endpoint=cloud.endpoint)
    return PendingOperations(aws, _engine(stack))

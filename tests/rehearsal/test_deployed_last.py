"""What a failback asks of the real engine: whether a stack was deployed since something else was
done to it."""

from __future__ import annotations

import pytest
from pulumi import automation

from ops.live.engine import Engine
from rehearsal.engine.pulumi import Stack
from rehearsal.engine.tools import pulumi_cli
from tests.rehearsal.conftest import Program


@pytest.mark.rehearsal
def test_a_refresh_is_told_from_a_deployment(program: Program) -> None:
    stack = program("few_resources")
    engine = _engine(stack)
    assert not engine.deployed_last()
    assert stack.up().succeeded
    assert engine.deployed_last()
    engine.change_state(lambda deployment: deployment)
    urns = [each["urn"] for each in engine.state()["resources"] if each["type"].startswith("aws:")]
    engine.read_anew(urns)
    assert not engine.deployed_last()
    engine.deploy()
    assert engine.deployed_last()
    assert stack.destroy().succeeded


def _engine(stack: Stack) -> Engine:
    cli = automation.PulumiCommand(str(pulumi_cli().parent.parent))
    return Engine(stack.name, stack.project, cli=cli, environment=stack.environment)

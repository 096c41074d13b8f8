"""How a failback's and a drill's figures are read, and what counts as the same outputs."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.leftovers.inventory import Item
from rehearsal.scenario.drill import Told, step_seconds
from rehearsal.scenario.failback import outputs, passing, returned
from rehearsal.scenario.standby_drill import measured
from rehearsal.scenario.verdict import Drilled, Return


def _told(text: str) -> Told:
    return Told(code=0, text=text, wall_seconds=1, waited_seconds=0)


def test_the_outage_and_the_own_code_are_those_of_the_last_run() -> None:
    text = "waits 4754 s, software 1.5 s\nwrites were away for 459 s of 1800 s\nno row was lost\n"
    assert returned(_told(text)) == Return(software=1.5, outage=459, outage_target=1800)


def test_a_drill_tells_what_it_measured() -> None:
    text = "measured: database 301 s\nRTO 1421 s of 1800 s\nRPO 1 s of 300 s\nboth are kept\n"
    assert measured(_told(text)) == Drilled(rto=1421, rto_target=1800, rpo=1, rpo_target=300)


@pytest.mark.parametrize("text", ["RTO 1421 s of 1800 s\nRPO unknown of 300 s\n", "refused\n"])
def test_a_drill_without_both_figures_measured_nothing(text: str) -> None:
    assert measured(_told(text)) is None


def test_outputs_are_those_of_the_stack_alone() -> None:
    resources: list[dict[str, Any]] = [
        {"type": "aws:s3/bucket:Bucket", "outputs": {"name": "a"}},
        {"type": "pulumi:pulumi:Stack", "outputs": {"role": "standby"}},
    ]
    assert outputs({"deployment": {"resources": resources}}) == {"role": "standby"}


def test_a_step_that_held_took_no_time() -> None:
    lines = [
        {"event": "step", "step": "copy", "at": 10},
        {"event": "done", "step": "copy", "at": 32},
    ]
    assert step_seconds(lines, "copy") == 22
    assert step_seconds(lines, "last write") == 0


@pytest.mark.parametrize(
    ("item", "passes"),
    [
        (Item("us-east-1 network interface", "eni-1"), True),
        (Item("us-west-2 database snapshot", "rds:main-2026-11-28-10-00"), True),
        (Item("bucket", "artifacts", "holds objects"), True),
        (Item("us-west-2 database snapshot", "main-final"), False),
        (Item("us-east-1 database", "main-before-e3"), False),
    ],
)
def test_what_comes_and_goes_by_itself_is_not_what_was_kept(item: Item, passes: bool) -> None:
    assert passing(item) is passes

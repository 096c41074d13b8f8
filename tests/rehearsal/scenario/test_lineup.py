"""Which stacks a rehearsal brings up, in which order, when some of them are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.engine.workspace import SETTINGS_KEY
from rehearsal.scenario.lifecycle import lifecycle
from rehearsal.scenario.lineup import UnknownStack, committed, lined_up
from rehearsal.scenario.world import project_root

STACKS: Mapping[str, dict[str, Any]] = {
    "production": {"role": "primary"},
    "dr": {"role": "standby", "source_stack": "organization/mlops-platform/production"},
    "far": {"role": "standby", "source_stack": "organization/mlops-platform/dr"},
    "link": {
        "role": "link",
        "primary": {"stack": "organization/mlops-platform/production"},
        "standby": {"stack": "organization/mlops-platform/dr"},
    },
}


def test_a_stack_that_is_read_comes_up_first_whichever_was_named_first() -> None:
    found = lined_up(["dr", "production"], STACKS.__getitem__)
    assert found.stacks == ("production", "dr")
    assert found.implied == {}


def test_a_stack_alone_brings_all_that_it_reads() -> None:
    found = lined_up(["far"], STACKS.__getitem__)
    assert found.stacks == ("production", "dr", "far")
    assert found.implied == {"production": "dr", "dr": "far"}
    assert found.asked == ("far",)


def test_what_is_only_read_comes_up_and_is_left_alone() -> None:
    taken = lifecycle(lined_up(["dr"], STACKS.__getitem__))
    assert [step.title for step in taken if step.stack == "production"] == ["up"]
    titles = {step.title for step in taken if step.stack == "dr"}
    assert {"preview", "destroy", "leftovers"} <= titles


def test_a_link_comes_last_goes_first_and_is_not_changed() -> None:
    steps = lifecycle(lined_up(["production", "dr", "link"], STACKS.__getitem__))
    order = [(step.stack, step.title) for step in steps]
    assert order.index(("dr", "parity")) < order.index(("production", "everything on"))
    assert ("link", "policies together") in order
    assert order.index(("link", "destroy")) < order.index(("dr", "destroy, protected"))
    assert order.index(("link", "up after a teardown")) > order.index(("dr", "leftovers"))
    assert ("link", "edit that replaces") not in order


def test_the_platform_is_lost_last_of_all_and_is_home_again() -> None:
    steps = lifecycle(lined_up(["production", "dr", "link"], STACKS.__getitem__))
    order = [(step.stack, step.title) for step in steps]
    lost, home = order.index(("production", "region lost")), order.index(("dr", "failback"))
    assert order[lost - 1] == ("dr", "drill")
    assert order[lost - 2][1] == "up after a teardown"
    assert lost < order.index(("dr", "failback, too early")) < home
    settled = [stack for stack, title in order if title == "up, returned"]
    assert settled == ["production", "dr", "link"]
    assert order[-1] == ("dr", "what was kept")


def test_without_the_link_the_primarys_region_is_lost_last_of_all() -> None:
    steps = lifecycle(lined_up(["production", "dr"], STACKS.__getitem__))
    order = [(step.stack, step.title) for step in steps]
    assert order[-1] == ("production", "up, region returned")
    assert order.index(("production", "region lost")) > order.index(("dr", "up after a teardown"))
    assert ("dr", "failback") not in order


def test_no_region_is_lost_of_a_stack_that_is_only_read() -> None:
    steps = lifecycle(lined_up(["dr"], STACKS.__getitem__))
    assert "region lost" not in {step.title for step in steps}


def test_nothing_is_judged_together_where_a_stack_is_alone() -> None:
    taken = lifecycle(lined_up(["production"], STACKS.__getitem__))
    assert not {"parity", "policies together"} & {step.title for step in taken}


@pytest.mark.parametrize(
    ("stack", "implied"),
    [("dr", {"production": "dr"}), ("link", {"production": "link", "dr": "link"})],
)
def test_what_the_committed_stacks_read_is_known(stack: str, implied: dict[str, str]) -> None:
    assert lined_up([stack], committed(project_root())).implied == implied


def test_a_stack_without_a_file_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    settings = {"source_stack": "organization/mlops-platform/prod"}
    document = {"config": {SETTINGS_KEY: settings}}
    (tmp_path / "Pulumi.dr.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(UnknownStack, match=r"prod: no Pulumi.prod.yaml, expected one of dr"):
        lined_up(["dr"], committed(tmp_path))

"""Programs with one mistake each: the engine fails where AWS would fail, and says why."""

from __future__ import annotations

import pytest

from tests.rehearsal.conftest import Program

PLANTED = {
    "wrong_zone": "us-west-2a",
    "wrong_account": "allowedAccountIds: the credentials are for account 123456789012",
    "invented_class": "db.r5.huge",
    "unknown_type": "aws:gamelift/alias:Alias: the simulated cloud does not know this resource",
    "unknown_property": "does not honour this property",
}


@pytest.mark.rehearsal
@pytest.mark.parametrize(("name", "told"), PLANTED.items())
def test_a_planted_mistake_is_caught(program: Program, name: str, told: str) -> None:
    outcome = program(name).up()
    assert not outcome.succeeded
    assert any(told in error for error in outcome.tally.errors), outcome.output

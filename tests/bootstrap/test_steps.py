"""Steps are reached once, told in a line each, and survive interruption."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.errors import SetupError
from bootstrap.steps import Step, reach_all


class Door:
    """A goal that can be made true, and counts how often it was."""

    def __init__(self, lock: Path) -> None:
        self.open = False
        self.made = 0
        self.step = Step(goal="door", holds=self._holds, make=self._make, lock=lock)

    def _holds(self) -> str | None:
        return "open" if self.open else None

    def _make(self, tell: Callable[[str], None]) -> str:
        tell("pushing")
        self.made += 1
        self.open = True
        return "open now"


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "locks" / "door")


def test_a_step_tells_how_it_was_reached_and_how_long_it_took(door: Door, told: list[str]) -> None:
    reach_all([door.step], told.append, clock=iter([10.0, 12.5]).__next__)
    assert told == ["door             … pushing", "door             open now  (2.5 s)"]


def test_a_second_run_makes_nothing(door: Door, told: list[str]) -> None:
    reach_all([door.step], told.append)
    reach_all([door.step], told.append)
    assert door.made == 1
    assert told[-1].startswith("door             open  (")


def test_what_another_setup_did_meanwhile_is_not_done_again(
    tmp_path: Path, told: list[str]
) -> None:
    looks = iter([None, "done by the other"])

    def make(_: Callable[[str], None]) -> str:
        raise AssertionError("made twice")

    reach_all(
        [Step(goal="g", holds=lambda: next(looks), make=make, lock=tmp_path / "lock")], told.append
    )
    assert "done by the other" in told[0]


def test_nothing_follows_a_step_that_cannot_be_reached(door: Door, tmp_path: Path) -> None:
    def make(_: Callable[[str], None]) -> str:
        raise SetupError("no luck")

    broken = Step(goal="broken", holds=lambda: None, make=make, lock=tmp_path / "lock")
    with pytest.raises(SetupError, match="no luck"):
        reach_all([broken, door.step], lambda _: None)
    assert not door.open

"""Which of the recorded resources become fixtures."""

from __future__ import annotations

from typing import Any

from upkeep.recorded_resources import KEPT, LARGEST, chosen


def _line(type_: str, *keys: str, asked: str = "resource", value: Any = 1) -> dict[str, Any]:
    return {"type": type_, "asked": asked, "properties": dict.fromkeys(keys, value)}


def test_the_first_of_each_shape_is_kept() -> None:
    lines = [_line("a", "x", value=1), _line("a", "x", value=2), _line("a", "x", "y")]
    assert chosen(lines) == [lines[0], lines[2]]


def test_no_more_than_a_few_shapes_of_a_type_are_kept_for_each_question() -> None:
    lines = [_line("a", str(n)) for n in range(KEPT + 2)]
    asked_twice = [*lines, *(one | {"asked": "stack"} for one in lines)]
    assert len(chosen(asked_twice)) == 2 * KEPT


def test_what_is_too_large_is_left_out() -> None:
    assert chosen([_line("a", "x", value="." * LARGEST)]) == []


def test_types_are_in_order_so_that_a_recording_can_be_compared() -> None:
    assert [one["type"] for one in chosen([_line("b", "x"), _line("a", "x")])] == ["a", "b"]

"""Numbers and names as a reader wants them."""

from __future__ import annotations

import pytest

from rehearsal.report.wording import counted, duration, kind_of, operations


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.42, "0.4 s"),
        (5, "5 s"),
        (9.96, "10 s"),
        (59.7, "1 min"),
        (882, "14 min 42 s"),
        (3599.8, "1 h"),
        (3720, "1 h 02 min"),
    ],
)
def test_durations_read_as_one_would_say_them(seconds: float, text: str):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("aws:rds/instance:Instance", "rds Instance"),
        ("mlops:components:Network", "Network"),
        ("eks:index:Cluster", "Cluster"),
        ("kubernetes:helm.sh/v3:Release", "Release"),
        ("kubernetes:apps/v1:Deployment", "Deployment"),
    ],
)
def test_types_lose_what_a_reader_does_not_need(token: str, text: str):
    assert kind_of(token) == text


def test_operations_are_listed_by_weight_and_zeros_left_out():
    assert operations({"same": 9, "update": 1, "delete": 0}) == "1 update · 9 same"
    assert operations({}) == "nothing"


def test_one_is_singular():
    assert (counted(1, "check"), counted(1200, "check")) == ("1 check", "1,200 checks")

"""Names within AWS's limits."""

from __future__ import annotations

import dataclasses

import pytest

from components.base import Site
from components.physical_names import LOAD_BALANCER_LIMIT, fitted_name


def test_a_name_that_fits_is_left_alone(site: Site) -> None:
    assert fitted_name(site, "node", 64) == "mlops-platform-production-node"


def test_a_long_name_keeps_its_part_and_stays_within_the_limit(site: Site) -> None:
    name = fitted_name(site, "consoles", LOAD_BALANCER_LIMIT)
    assert name.startswith("mlops-platform-")
    assert name.endswith("-consoles")
    assert len(name) <= LOAD_BALANCER_LIMIT


def test_two_prefixes_that_begin_alike_never_meet(site: Site) -> None:
    other = dataclasses.replace(site, prefix="mlops-platform-production-eu")
    assert fitted_name(site, "consoles", 32) != fitted_name(other, "consoles", 32)


def test_a_part_that_leaves_no_room_is_refused(site: Site) -> None:
    with pytest.raises(ValueError, match="use a shorter part"):
        fitted_name(site, "a-target-group-of-some-length", LOAD_BALANCER_LIMIT)

"""The address plan: tiers are disjoint, inside the VPC, and stay put when a zone is appended."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.fields import PRIVATE_RANGES
from infra.network_plan import MAX_ZONES, ZonePlan, plan_subnets

CASES = 5_000  # two properties: 10,000 in total


def _block(parent: IPv4Network, length: int, place: int) -> str:
    blocks_in_parent = 2 ** (length - parent.prefixlen)
    start = int(parent.network_address) + place % blocks_in_parent * 2 ** (32 - length)
    return str(IPv4Network((start, length)))


def blocks() -> st.SearchStrategy[str]:
    """Any block that a stack file accepts for a VPC."""
    parents = st.sampled_from(PRIVATE_RANGES)
    return st.builds(_block, parents, st.integers(16, 20), st.integers(0, 2**12 - 1))


zone_counts = st.integers(1, MAX_ZONES)


def _zones(count: int) -> list[str]:
    return [f"us-east-1{letter}" for letter in "abcdef"[:count]]


def _subnets(plan: tuple[ZonePlan, ...]) -> list[IPv4Network]:
    return [IPv4Network(b) for zone in plan for b in (zone.public, zone.private, zone.database)]


@settings(max_examples=CASES, deadline=None)
@given(blocks(), zone_counts)
def test_every_subnet_lies_in_the_vpc_and_meets_no_other(cidr: str, count: int) -> None:
    subnets = _subnets(plan_subnets(cidr, _zones(count)))
    assert len(subnets) == 3 * count
    assert all(subnet.subnet_of(IPv4Network(cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@settings(max_examples=CASES, deadline=None)
@given(blocks(), st.integers(1, MAX_ZONES - 1))
def test_appending_a_zone_changes_no_existing_subnet(cidr: str, count: int) -> None:
    before = plan_subnets(cidr, _zones(count))
    assert plan_subnets(cidr, _zones(count + 1))[:count] == before


@settings(max_examples=200, deadline=None)
@given(blocks(), zone_counts)
def test_every_subnet_has_room_for_load_balancers_and_aws(cidr: str, count: int) -> None:
    # AWS accepts /28 to /16; an ALB wants a /27.
    assert all(16 <= s.prefixlen <= 27 for s in _subnets(plan_subnets(cidr, _zones(count))))


def test_production_gets_these_subnets() -> None:
    first, second = plan_subnets("10.0.0.0/16", ["us-east-1a", "us-east-1b"])
    assert first == ZonePlan(
        zone="us-east-1a", public="10.0.192.0/21", private="10.0.0.0/18", database="10.0.224.0/21"
    )
    assert second == ZonePlan(
        zone="us-east-1b", public="10.0.200.0/21", private="10.0.64.0/18", database="10.0.232.0/21"
    )


def test_a_fourth_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="4 zones: the plan has room for 3"):
        plan_subnets("10.0.0.0/16", _zones(4))

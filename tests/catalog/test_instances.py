"""The table of instance types: sizes, architectures, prices."""

from __future__ import annotations

import pytest

from catalog.instances import PRICED_REGIONS, Service, instances


def test_a_type_has_its_size_and_architecture() -> None:
    large = instances("ec2")["m5.large"]
    assert (large.vcpus, large.memory_gib, large.architecture) == (2, 8, "x86_64")
    assert instances("ec2")["m7g.large"].architecture == "arm64"
    assert instances("ec2")["g5.xlarge"].architecture == "x86_64"
    assert instances("rds")["db.r6g.large"].architecture == "arm64"


@pytest.mark.parametrize("service", ["ec2", "rds", "elasticache"])
def test_every_type_has_a_price_in_both_regions(service: Service) -> None:
    for each in instances(service).values():
        assert set(each.prices) == set(PRICED_REGIONS)
        assert all(price.on_demand > 0 for price in each.prices.values())

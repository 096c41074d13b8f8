"""GPU families agree with the table of instance types."""

from __future__ import annotations

import pytest

from catalog.gpu import FAMILIES, GpuFamily
from catalog.instances import instances


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_family_has_the_sizes_and_gpus_of_the_instance_table(family: GpuFamily) -> None:
    known = {
        it.name: it.accelerators for it in instances("ec2").values() if it.family == family.name
    }
    assert family.gpus == known


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_a_familys_images_fit_its_architecture(family: GpuFamily) -> None:
    assert all(family.architecture in ami for ami in family.ami_types)


def test_only_data_centre_models_can_be_sliced() -> None:
    assert {name for name, family in FAMILIES.items() if family.mig_capable} == {"p4d", "p5"}

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


@pytest.mark.parametrize(
    ("family", "profile", "slices"),
    [
        ("p4d", "1g.5gb", 7), ("p4d", "2g.10gb", 3), ("p4d", "3g.20gb", 2), ("p4d", "7g.40gb", 1),
        ("p5", "1g.10gb", 7), ("p5", "1g.20gb", 4), ("p5", "3g.40gb", 2), ("p5", "4g.40gb", 1),
    ],
)  # fmt: skip
def test_a_gpu_is_cut_into_as_many_slices_as_nvidia_lists(
    family: str, profile: str, slices: int
) -> None:
    assert FAMILIES[family].slices(profile) == slices

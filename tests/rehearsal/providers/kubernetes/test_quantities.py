"""Quantities, as Kubernetes reads and writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rehearsal.providers.kubernetes.quantities import amount, written


@pytest.mark.parametrize(
    ("quantity", "value"),
    [("500m", "0.5"), ("1.5", "1.5"), ("2Ki", "2048"), ("3k", "3000"), ("1e3", "1000"), (4, "4")],
)
def test_a_quantity_is_read_in_its_base_unit(quantity: object, value: str) -> None:
    assert amount(quantity) == Decimal(value)


@pytest.mark.parametrize(
    ("value", "like", "text"),
    [
        ("0", "1Gi", "0"),
        ("134217728", "1Gi", "128Mi"),
        ("0.25", "1", "250m"),
        ("2", "1", "2"),
        ("1073741824", "4Ti", "1Gi"),
    ],
)
def test_a_quantity_is_written_with_the_largest_suffix_that_leaves_it_whole(
    value: str, like: str, text: str
) -> None:
    assert written(Decimal(value), like) == text

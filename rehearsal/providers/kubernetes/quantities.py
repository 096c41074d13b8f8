"""Quantities as Kubernetes writes them: `500m`, `1.5`, `20Gi`."""

from __future__ import annotations

from decimal import Decimal

SUFFIXES = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12),
    "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40),
    "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip


def amount(quantity: object) -> Decimal:
    """A quantity in its base unit: processors, bytes, pieces. Source: apimachinery, quantity."""
    text = str(quantity)
    digits = text.rstrip("numkKMGTPEi")
    suffix = text[len(digits) :]
    return Decimal(digits) * SUFFIXES[suffix]


def written(value: Decimal, like: object) -> str:
    """`value` in Kubernetes' canonical form: with the largest suffix that leaves it whole, of
    the binary ones where the quantity `like` has one."""
    binary = str(like).endswith("i")
    fitting = [
        (size, suffix)
        for suffix, size in SUFFIXES.items()
        if not suffix or suffix.endswith("i") == binary
    ]
    for size, suffix in sorted(fitting, reverse=True):
        if value and value % size == 0:
            return f"{value / size:f}{suffix}"
    return "0"

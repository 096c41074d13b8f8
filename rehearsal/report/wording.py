"""Numbers and names as a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

_ORDER = (
    "create",
    "update",
    "replace",
    "create-replacement",
    "delete-replaced",
    "delete",
    "import",
    "read",
    "refresh",
    "same",
)


def duration(seconds: float) -> str:
    """`0.4 s`, `47 s`, `13 min 47 s`, `1 h 02 min`."""
    if seconds and seconds < 9.95:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    hours, rest = divmod(round(whole / 60), 60)
    return f"{hours} h {rest:02d} min" if rest else f"{hours} h"


def kind_of(resource_type: str) -> str:
    """`rds Instance` of `aws:rds/instance:Instance`, `Network` of `mlops:components:Network`."""
    package, _, rest = resource_type.partition(":")
    module, _, name = rest.rpartition(":")
    if package == "kubernetes":
        return name
    module = module.partition("/")[0]
    return name if module in {"", "index", "components"} else f"{module} {name}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 check`, `2 checks`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def operations(by_kind: Mapping[str, int]) -> str:
    """`146 create`, `1 update · 145 same`; `no change` when there is nothing to say."""
    ranks = {kind: place for place, kind in enumerate(_ORDER)}
    kinds = sorted(by_kind, key=lambda kind: (ranks.get(kind, len(ranks)), kind))
    return " · ".join(f"{by_kind[kind]} {kind}" for kind in kinds if by_kind[kind]) or "nothing"

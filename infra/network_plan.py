"""Which subnet gets which addresses, derived from the VPC's block and a zone's place.

The block is cut in quarters. Zone 0, 1 and 2 own a quarter each for private subnets, where
every pod takes an address. The last quarter is cut in eighths: the first three are the public
subnets, three more the database subnets, the rest is kept free. A zone's subnets depend on its
place alone, so appending a zone moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 3

_PUBLIC_EIGHTH = 0
_DATABASE_EIGHTH = 4


@dataclass(frozen=True, kw_only=True)
class ZonePlan:
    """The blocks of one zone's three subnets, in CIDR notation."""

    zone: str
    public: str
    private: str
    database: str


def plan_subnets(cidr: str, zones: Sequence[str]) -> tuple[ZonePlan, ...]:
    """Subnets of `cidr` (a /16 to /20) for one to three `zones`, in their order.

    A /16 gives private subnets of 16,384 addresses, public and database ones of 2,048.
    Raises ValueError for more zones than the plan has room for.
    """
    if len(zones) > MAX_ZONES:
        raise ValueError(f"{len(zones)} zones: the plan has room for {MAX_ZONES}")
    *quarters, last = IPv4Network(cidr).subnets(prefixlen_diff=2)
    eighths = list(last.subnets(prefixlen_diff=3))
    return tuple(
        ZonePlan(
            zone=zone,
            public=str(eighths[_PUBLIC_EIGHTH + place]),
            private=str(quarters[place]),
            database=str(eighths[_DATABASE_EIGHTH + place]),
        )
        for place, zone in enumerate(zones)
    )

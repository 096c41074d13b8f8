"""Instance types: size, architecture and price by region, from `instances.csv` beside this file.

Prices are USD per hour on Linux, from the cristim/ec2-instances-info data set of 2025-05-28;
RDS rows are PostgreSQL, single-AZ; ElastiCache rows are Valkey.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

Architecture: TypeAlias = Literal["x86_64", "arm64"]
Service: TypeAlias = Literal["ec2", "rds", "elasticache"]

PRICED_REGIONS = ("us-east-1", "us-west-2")


@dataclass(frozen=True, kw_only=True)
class Price:
    """USD per hour; `reserved` is a one-year, no-upfront commitment. None: not offered so."""

    on_demand: float
    reserved: float | None
    spot: float | None


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance type of one service, such as `m5.large` (ec2) or `db.r5.large` (rds)."""

    service: Service
    name: str
    architecture: Architecture
    vcpus: int
    memory_gib: float
    accelerators: int
    accelerator: str
    """Maker and model of the accelerators, or empty."""
    prices: dict[str, Price]
    """By region."""

    @property
    def family(self) -> str:
        """`m5` of `m5.large`, `db.r5` of `db.r5.large`."""
        return self.name.rpartition(".")[0]


@cache
def instances(service: Service) -> dict[str, Instance]:
    """Every known type of `service`, by name."""
    text = files("catalog").joinpath("instances.csv").read_text(encoding="utf-8")
    rows = (_instance(row) for row in csv.DictReader(text.splitlines()))
    return {each.name: each for each in rows if each.service == service}


def _instance(row: dict[str, str]) -> Instance:
    return Instance(
        service=cast(Service, row["service"]),
        name=row["instance_type"],
        architecture=cast(Architecture, row["architecture"]),
        vcpus=int(row["vcpus"]),
        memory_gib=float(row["memory_gib"]),
        accelerators=int(row["accelerators"]),
        accelerator=row["accelerator"],
        prices={region: _price(row, region) for region in PRICED_REGIONS},
    )


def _price(row: dict[str, str], region: str) -> Price:
    column = region.replace("-", "_")
    reserved, spot = row[f"reserved_1y_{column}"], row[f"spot_{column}"]
    return Price(
        on_demand=float(row[f"on_demand_{column}"]),
        reserved=float(reserved) if reserved else None,
        spot=float(spot) if spot else None,
    )

"""The online store of Feast: managed, at the runbooks' size, or a small one in the cluster."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from catalog.instances import instances
from catalog.valkey import DEFAULT_VERSION, MAX_REPLICAS, MAX_SNAPSHOT_DAYS, VERSIONS
from infra.fields import DailyWindow, Section, WeeklyWindow, member_of


class OnlineStore(Section):
    """Where features are read from in milliseconds."""

    kind: Literal["managed", "in-cluster"] = Field(
        default="managed", description='"managed" (ElastiCache) or "in-cluster"'
    )
    engine_version: Annotated[str, AfterValidator(member_of(VERSIONS))] = Field(
        default=DEFAULT_VERSION, description=f"Valkey on ElastiCache: {', '.join(VERSIONS)}"
    )
    node_type: Annotated[str, AfterValidator(member_of(instances("elasticache")))] = Field(
        default="cache.r6g.large", description="an ElastiCache node type, such as cache.r6g.large"
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=MAX_REPLICAS,
        description=f"replicas beside the primary, 1 to {MAX_REPLICAS}",
    )
    snapshot_days: int = Field(
        default=7,
        ge=0,
        le=MAX_SNAPSHOT_DAYS,
        description=f"days that daily snapshots are kept, 0 (none) to {MAX_SNAPSHOT_DAYS}",
    )
    snapshot_window: DailyWindow = Field(
        default="04:00-05:00", description="a daily window in UTC, such as 04:00-05:00"
    )
    maintenance_window: WeeklyWindow = Field(
        default="tue:07:00-tue:09:00",
        description="a weekly window in UTC, such as tue:07:00-tue:09:00",
    )
    rematerialisation_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="minutes that materialising every feature into an empty store takes, 1 to "
        "1440, as measured: after a failover features are served that much later than the rest",
    )
    disk_gib: int = Field(
        default=20, ge=1, le=1000, description="GiB of the in-cluster store's volume"
    )

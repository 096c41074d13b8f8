"""A stack's settings: the one object of `Pulumi.<stack>.yaml`, parsed offline and strictly.

The program, the tests and ops all go through `parse`; nothing here imports pulumi, so that a bad
file is refused at once and before any resource is registered.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from infra.cluster_settings import Cluster, Gpu
from infra.data_settings import Buckets, Database, FileSystem, Keys, Logs, Registry
from infra.fields import AccountId, Email, Label, Prefix, Region, Section, TagValue
from infra.governance_settings import (
    Alerts,
    Budget,
    Dns,
    Guardrails,
    Identity,
    Recovery,
    Team,
)
from infra.network_settings import Edge, Network, Peer, Reachability
from infra.problems import SettingsError, read_document
from infra.rules import broken_rules
from infra.service_settings import Services

CONFIG_KEY = "mlops-platform:settings"
"""Where a stack file keeps the object."""

__all__ = ["CONFIG_KEY", "Settings", "SettingsError", "parse"]


class Settings(Section):
    """Everything that a stack declares. Obtain it from `parse`, which also judges the rules."""

    environment: Label = Field(
        description="the environment's name, such as production: at most 20 lower-case "
        "letters, digits and single hyphens"
    )
    role: Literal["primary", "standby"] = Field(description='"primary" or "standby"')
    source_stack: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){2}$",
        description="the stack that this one stands in for, as organization/project/stack: given "
        "by a standby, and kept by what a failover makes of it, a primary",
    )
    data_generation: int = Field(
        ge=1, le=99, description="the generation of the stack's data, 1 to 99"
    )
    protect_data: bool = Field(description="true, or false while the stack is being torn down")
    account_id: AccountId
    region: Region
    prefix: Prefix
    owner: Email
    cost_center: TagValue
    identity: Identity
    reachability: Reachability
    network: Network
    peer: Peer | None = Field(
        description="the other region's declared names, or null when there is none"
    )
    keys: Keys
    buckets: Buckets
    database: Database
    file_system: FileSystem
    registry: Registry
    logs: Logs
    cluster: Cluster
    gpu: Gpu | None = Field(description="the GPU pool, or null for none")
    guardrails: Guardrails
    dns: Dns
    edge: Edge
    alerts: Alerts
    budget: Budget
    teams: tuple[Team, ...] = Field(max_length=50, description="a list of teams, may be empty")
    recovery: Recovery
    services: Services = Field(default_factory=Services)

    @property
    def keeps_lease(self) -> bool:
        """Whether agents keep the lease here: in a standby too, since what a failover promotes is
        closed until one opens it."""
        return self.peer is not None and bool(self.services.applications.lease_agent.image_digest)

    @property
    def stands_in(self) -> bool:
        """Whether the stack stands in for another region's: a standby, or a primary that a
        failover made of one. What both regions share stays the other's."""
        return self.source_stack is not None


def parse(stack: str, document: str) -> Settings:
    """The settings of `stack` from `document`, the JSON text of its object.

    Raises SettingsError, whose one message lists every wrong key of the file.
    """
    return read_document(f"Pulumi.{stack}.yaml", document, Settings, broken_rules)

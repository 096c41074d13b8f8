"""The rehearsal report as data: what `rehearsal.json` holds, by a versioned schema.

`schemas/rehearsal.schema.json` is generated from these models (`rehearsal.report.schema`).
Seconds are seconds, memory is MiB. "Simulated" is the time that the real account would take,
"wall" the time that the rehearsal itself took.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

SCHEMA_VERSION = "1.2"
"""The first number rises when a reader of the old form would fail, the second otherwise."""

Seconds: TypeAlias = Annotated[float, Field(ge=0)]
Count: TypeAlias = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ResourceRecord(Part):
    """A resource as the engine recorded it after the deployment."""

    urn: str
    type: str
    name: str = Field(description="Logical name.")
    parent: str = Field(description="URN of the parent, or empty.")
    custom: bool = Field(description="False for components.")
    id: str = Field(description="Physical ID, or empty.")
    facts: dict[str, JsonValue] = Field(
        description="The few inputs that the architecture picture shows."
    )


class TimedOperation(Part):
    """An operation on the simulated clock."""

    urn: str
    name: str
    type: str
    kind: str = Field(description="The engine's verb: create, update, delete-replaced, …")
    parent: str
    start: Seconds
    seconds: Seconds
    critical: bool = Field(description="On the critical path.")


class Simulated(Part):
    """A step on the simulated clock."""

    case: Literal["typical", "slow"]
    parallelism: Annotated[int, Field(ge=1)]
    makespan_seconds: Seconds
    critical_seconds: Seconds = Field(description="Length of the critical path.")
    critical_path: tuple[TimedOperation, ...]
    operations: tuple[TimedOperation, ...] = Field(
        description="Every operation that takes time, by start; in the typical case only."
    )


class Spread(Part):
    """Simulated makespans over many random days."""

    samples: Annotated[int, Field(ge=1)]
    median_seconds: Seconds
    p90_seconds: Seconds
    worst_seconds: Seconds


class Check(Part):
    """Something that had to hold, and whether it did."""

    name: str
    passed: bool
    detail: str = Field(description="What was found; for a failed check also what to do.")


class RecoveryRecord(Part):
    """A failover of the rehearsal, beside what the stack file declares."""

    software_seconds: Seconds = Field(
        description="Wall time of the runbook's own steps, without those that wait for others."
    )
    command_seconds: Seconds = Field(
        description="Wall time of the whole command but for its waits: with starting up, which "
        "takes longer on a busy machine."
    )
    rto_seconds: Seconds = Field(description="Simulated, from the loss until service is back.")
    rto_target_seconds: Seconds = Field(description="`recovery.rto_minutes` of the stack file.")
    rpo_seconds: Seconds = Field(description="Simulated: writes that the standby did not have.")
    rpo_target_seconds: Seconds = Field(description="`recovery.rpo_minutes` of the stack file.")


class FailbackRecord(Part):
    """A failback of the rehearsal, beside what the stack file declares."""

    software_seconds: Seconds = Field(
        description="Wall time of the runbook's own steps, without those that wait for others."
    )
    outage_seconds: Seconds = Field(description="Simulated: for how long nobody could write.")
    outage_target_seconds: Seconds = Field(
        description="`recovery.rto_minutes` of the stack file, which a planned outage keeps too."
    )


class DrillRecord(Part):
    """A drill of the standby, in simulated time, beside what the stack file declares."""

    rto_seconds: Seconds
    rto_target_seconds: Seconds
    rpo_seconds: Seconds
    rpo_target_seconds: Seconds


class StepRecord(Part):
    """One step of the rehearsal, such as `preview`, `up` or `destroy`."""

    name: str
    wall_seconds: Seconds
    peak_memory_mib: Annotated[float, Field(ge=0)] | None = Field(
        description="All processes together, or null where it was not measured."
    )
    operations: dict[str, Count] = Field(description="Resources by the engine's verb.")
    typical: Simulated | None = Field(description="Null for a step that changes nothing.")
    slow: Simulated | None
    spread: Spread | None
    checks: tuple[Check, ...]
    recovery: RecoveryRecord | None = Field(
        default=None, description="Null for every step but a failover."
    )
    failback: FailbackRecord | None = Field(
        default=None, description="Null for every step but a failback."
    )
    drill: DrillRecord | None = Field(default=None, description="Null for every step but a drill.")


class Leftover(Part):
    """A thing in the account after a destroy."""

    kind: str = Field(description="Such as `kms key pending deletion`.")
    name: str
    reason: str = Field(description="Why it is expected to be left, or empty.")


class Leftovers(Part):
    """What the destroy left in the account, against the declared manifest."""

    expected: tuple[Leftover, ...]
    found: tuple[Leftover, ...]
    missing: tuple[Leftover, ...] = Field(description="Declared, but not found.")
    unexpected: tuple[Leftover, ...] = Field(description="Found, but not declared.")


class StackReport(Part):
    """The rehearsal of one stack."""

    name: str
    region: str
    account_id: str
    resources: tuple[ResourceRecord, ...]
    steps: tuple[StepRecord, ...]
    leftovers: Leftovers | None

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of all its steps."""
        return tuple(check for step in self.steps for check in step.checks)

    @property
    def deployment(self) -> StepRecord | None:
        """The step that built the stack: the first whose simulated time is known."""
        return next((step for step in self.steps if step.typical), None)


class Report(Part):
    """One rehearsal."""

    schema_version: Literal["1.0", "1.1", "1.2"] = SCHEMA_VERSION
    started_at: datetime
    engine: str = Field(description="Version of the Pulumi engine.")
    parallelism: Annotated[int, Field(ge=1)]
    cores: Annotated[int, Field(ge=1)] = Field(description="Of the rehearsing machine.")
    wall_seconds: Seconds
    peak_memory_mib: Annotated[float, Field(ge=0)] = Field(
        description="The most that all processes together held at one time."
    )
    stacks: tuple[StackReport, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """Checks that failed, of all stacks."""
        return tuple(check for stack in self.stacks for check in stack.checks if not check.passed)

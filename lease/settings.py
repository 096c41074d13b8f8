"""The agent's settings, from environment variables. Those of PostgreSQL are libpq's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lease.budget import Budget, contradictions
from lease.protocol import Milliseconds
from lease.writers import Deployment

POSTGRES = ("PGHOST", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGSSLMODE", "PGSSLROOTCERT")
"""What libpq reads; the first four have to be there."""
REQUIRED_POSTGRES = POSTGRES[:4]


class SettingsError(ValueError):
    """Wrong settings; a line each."""


def _milliseconds(value: object) -> object:
    """Seconds, as people write them."""
    try:
        return round(float(str(value)) * 1_000)
    except ValueError as error:
        raise ValueError("a number of seconds") from error


def _deployments(value: object) -> object:
    names = [part.strip() for part in str(value).split(",") if part.strip()]
    pairs = [name.split("/") for name in names]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise ValueError("namespace/name, separated by commas")
    return tuple(Deployment(namespace=pair[0], name=pair[1]) for pair in pairs)


Seconds = Annotated[Milliseconds, BeforeValidator(_milliseconds)]
DEFAULT = Budget()


class Settings(BaseModel):
    """What one agent needs to know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    table: str = Field(alias="LEASE_TABLE", pattern=r"^[A-Za-z0-9_.-]{3,255}$")
    platform: str = Field(alias="LEASE_PLATFORM", min_length=1)
    region: str = Field(alias="LEASE_REGION", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """Where the agent runs: the holder that it stands for, and the replica that it asks."""
    writers: Annotated[tuple[Deployment, ...], BeforeValidator(_deployments)] = Field(
        alias="LEASE_WRITERS", default=()
    )
    memory: str = Field(
        alias="LEASE_MEMORY", default="mlops-platform/lease-agent", pattern=r"^[^/]+/[^/]+$"
    )
    """ConfigMap, `namespace/name`."""
    renew_every: Seconds = Field(alias="LEASE_RENEW_SECONDS", default=DEFAULT.renew_every)
    duration: Seconds = Field(alias="LEASE_DURATION_SECONDS", default=DEFAULT.duration)
    clock_skew: Seconds = Field(alias="LEASE_CLOCK_SKEW_SECONDS", default=DEFAULT.clock_skew)
    margin: Seconds = Field(alias="LEASE_MARGIN_SECONDS", default=DEFAULT.margin)
    request_timeout: Seconds = Field(alias="LEASE_REQUEST_SECONDS", default=DEFAULT.request_timeout)
    port: int = Field(alias="LEASE_PORT", default=8080, ge=1024, le=65535)
    """Of health and metrics."""

    @property
    def budget(self) -> Budget:
        """The figures, in milliseconds."""
        return Budget(
            renew_every=self.renew_every,
            duration=self.duration,
            clock_skew=self.clock_skew,
            margin=self.margin,
            request_timeout=self.request_timeout,
        )


def settings(environment: Mapping[str, str]) -> Settings:
    """Parse them. Raises SettingsError naming every variable that is wrong."""
    wrong = [
        f"{name}: expected a value for libpq, not nothing"
        for name in REQUIRED_POSTGRES
        if not environment.get(name)
    ]
    try:
        parsed = Settings.model_validate(dict(environment))
    except ValidationError as error:
        raise SettingsError("\n".join([*wrong, *_lines(error)])) from error
    names = {name: field.alias for name, field in Settings.model_fields.items()}
    for line in contradictions(parsed.budget):
        key, _, rest = line.partition(":")
        wrong.append(f"{names[key]}:{rest}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return parsed


def _lines(error: ValidationError) -> list[str]:
    """`variable: what was expected, not <value>`; no passwords, which are libpq's."""
    return [
        f"{problem['loc'][0]}: {problem['msg']}"
        + ("" if problem["type"] == "missing" else f", not {problem['input']!r}")
        for problem in error.errors(include_url=False)
    ]

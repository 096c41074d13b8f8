"""What the pack expects of a stack: written apart from the stack file, so that a mistake there
is not believed twice. `policies/stacks/<stack>.yaml`, one strict object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Role: TypeAlias = Literal["primary", "standby", "link"]
FOLDER = Path(__file__).parent / "stacks"


class PolicySettingsError(ValueError):
    """A file that is missing or wrong; says which key, what was found and what to do."""


class _Section(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Exemption(_Section):
    """One rule, one resource, a reason and the last day on which it holds."""

    rule: str = Field(min_length=1)
    resource: str = Field(min_length=1)
    """Logical name, or URN with `*` for any characters."""
    reason: str = Field(min_length=20)
    until: Annotated[date, Field(strict=False)]


class TagRule(_Section):
    """A required tag and the form of its value."""

    key: str = Field(min_length=1)
    pattern: str = Field(min_length=1)
    """Regular expression that the whole value matches."""
    value: str | None = None
    """What a resource without the tag is repaired with; None where it differs."""


class StackSettings(_Section):
    """The expectations. Days are days; families are as in `m5`, the start of an instance type."""

    role: Role
    account_id: str = Field(pattern=r"^\d{12}$")
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    elsewhere: Mapping[str, str] = Field(default_factory=dict[str, str])
    """Logical name of a provider, or of a resource → the other region that it may be in."""
    instance_families: tuple[str, ...]
    gpu_families: tuple[str, ...]
    kubernetes_versions: tuple[str, ...]
    world_facing: tuple[str, ...] = ()
    """Logical names of the load balancers that the whole world may reach, at 443."""
    vpc_endpoints: tuple[str, ...] = ()
    """Short names of the services that the network reaches without NAT: `s3`, `ecr.api`."""
    tags: tuple[TagRule, ...]
    log_retention_days: int = Field(default=30, ge=1)
    backup_retention_days: int = Field(default=7, ge=1)
    key_deletion_days: int = Field(default=30, ge=7, le=30)
    max_gpu_vcpus: int = Field(ge=0)
    """Processors of the nodes of a GPU pool that Karpenter scales: the account's quota."""
    max_gpu_nodes: int = Field(ge=0)
    """Nodes of a GPU group; GPUs of a pool that Karpenter scales."""
    failover_names: tuple[str, ...] = ()
    """Names that must be able to flip to the other region."""
    secrets_key: str | None = None
    """Key or alias with which a secret without one is repaired; None to refuse it only."""
    multi_region_keys: tuple[str, ...] = ("data", "secrets")
    """Uses, as parts of keys' logical names, whose ciphertext is copied to the other region."""
    locked_buckets: tuple[str, ...] = ("backups", "logs")
    """Purposes, as parts of buckets' names, whose objects must not be deleted early."""
    replicated_buckets: tuple[str, ...] = ("models", "artifacts", "features", "backups")
    """Purposes, as parts of buckets' names, whose objects the other region must have too."""
    privileged_namespaces: tuple[str, ...] = ()
    """Namespaces whose pods read the host."""
    public_services: tuple[str, ...] = ()
    """Services and ingresses, as `namespace/name`, that may have a public load balancer."""
    exemptions: tuple[Exemption, ...] = ()


def read(stack: str, folder: Path = FOLDER) -> StackSettings:
    """Settings of `stack`. Raises PolicySettingsError naming every wrong key."""
    path = folder / f"{stack}.yaml"
    try:
        document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(one.stem for one in folder.glob("*.yaml")))
        raise PolicySettingsError(
            f"policies/stacks/{path.name}: not found; say there what the pack shall expect of "
            f"stack {stack!r}, beginning with a copy of one of: {known}"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        raise PolicySettingsError(f"policies/stacks/{path.name}: not YAML: {told}") from None
    return parse(document, f"policies/stacks/{path.name}")


def parse(document: object, file: str) -> StackSettings:
    """Settings of a document that was read from `file`. Raises PolicySettingsError."""
    try:
        # YAML has lists where the model has tuples.
        return StackSettings.model_validate(document, strict=False)
    except ValidationError as error:
        lines = (
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}, not {one['input']!r}"
            for one in error.errors()
        )
        raise PolicySettingsError("\n".join(f"{file}: {line}" for line in lines)) from None

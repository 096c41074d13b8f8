"""The data half of a stack file: keys, buckets, database, file system, registry, logs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from catalog.instances import instances
from catalog.postgres import (
    MAX_GP3_GIB,
    MAX_RETENTION_DAYS,
    MIN_GP3_GIB,
    RESERVED_USERS,
    VERSIONS,
)
from infra.fields import (
    DailyWindow,
    KeyArn,
    LogDays,
    Namespace,
    Ownership,
    Section,
    WeeklyWindow,
    member_of,
)


class AdoptedKeys(Section):
    """The organisation's keys, one per purpose, in the stack's region."""

    data: KeyArn
    secrets: KeyArn
    logs: KeyArn


class Keys(Section):
    """Customer keys for data, secrets and logs."""

    ownership: Literal["create", "adopt"] = Field(
        description='"create" or "adopt": nothing is stored without a customer key'
    )
    deletion_window_days: int = Field(
        ge=7, le=30, description="days that a deleted key can be brought back, 7 to 30"
    )
    auto_scaling_role: Ownership = Field(
        description='"create" where no node group has ever run in the account, else "adopt"; '
        '"off" (in quotes) where node volumes use another key'
    )
    adopted: AdoptedKeys | None = Field(
        default=None, description='the ARNs of the keys to adopt, given exactly with "adopt"'
    )


class Buckets(Section):
    """Lifecycle of the buckets, in days after an object was written."""

    infrequent_access_days: int = Field(
        ge=30, le=3650, description="days until Standard-IA, 30 to 3650"
    )
    glacier_days: int = Field(
        ge=60, le=3650, description="days until Glacier Instant Retrieval, 60 to 3650"
    )
    noncurrent_days: int = Field(
        ge=1, le=3650, description="days that an overwritten version is kept, 1 to 3650"
    )
    abort_upload_days: int = Field(
        ge=1, le=30, description="days until an incomplete upload is dropped, 1 to 30"
    )
    lock_days: int = Field(
        ge=1, le=3650, description="days that backups and logs cannot be deleted, 1 to 3650"
    )
    extra: tuple[
        Annotated[
            str,
            Field(
                pattern=r"^[a-z][a-z0-9]{1,13}[a-z0-9]$",
                description="the purpose of a further bucket: 3 to 15 letters and digits",
            ),
        ],
        ...,
    ] = Field(default=(), max_length=90, description="a list of further buckets for data")


def _master_username(value: str) -> str:
    if value in RESERVED_USERS or value.startswith("pg_"):
        raise ValueError("is reserved")
    return value


class Database(Section):
    """PostgreSQL on RDS for MLflow and its neighbours. Windows are in UTC."""

    instance_class: Annotated[str, AfterValidator(member_of(instances("rds")))] = Field(
        description="an RDS class of catalog/instances.csv, such as db.r5.large"
    )
    engine_version: Annotated[str, AfterValidator(member_of(VERSIONS))] = Field(
        description=f"a PostgreSQL version of the catalogue, one of {', '.join(VERSIONS)}",
        json_schema_extra={"enum": [*VERSIONS]},
    )
    storage_gib: int = Field(
        ge=MIN_GP3_GIB,
        le=MAX_GP3_GIB,
        description=f"a gp3 volume of {MIN_GP3_GIB} to {MAX_GP3_GIB} GiB",
    )
    max_storage_gib: int = Field(
        ge=MIN_GP3_GIB,
        le=MAX_GP3_GIB,
        description=f"how far the volume may grow, at most {MAX_GP3_GIB} GiB",
    )
    multi_az: bool = Field(description="true or false")
    backup_retention_days: int = Field(
        ge=7,
        le=MAX_RETENTION_DAYS,
        description=f"days that automated backups are kept, 7 to {MAX_RETENTION_DAYS}",
    )
    backup_window: DailyWindow = Field(description="a daily window in UTC, such as 09:30-10:00")
    maintenance_window: WeeklyWindow = Field(
        description="a weekly window in UTC, such as tue:07:00-tue:09:00"
    )
    master_username: Annotated[str, AfterValidator(_master_username)] = Field(
        pattern=r"^[a-z][a-z0-9_]{0,62}$",
        description="a PostgreSQL role name in lower case that RDS does not reserve",
    )


class FileSystem(Section):
    """The shared file system (EFS)."""

    infrequent_access_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] = Field(
        description="one of the days that EFS knows: 1, 7, 14, 30, 60, 90, 180, 270 or 365"
    )
    throughput: Literal["elastic", "bursting"] = Field(description='"elastic" or "bursting"')
    backup: bool = Field(description="true or false")


class Registry(Section):
    """Repositories of the platform's own images (ECR)."""

    namespace: Namespace | None = Field(
        default=None,
        description="what stands before each repository's name, the same in both regions so that "
        "images are copied to the repository of the same name; null for the prefix",
    )

    repositories: tuple[
        Annotated[
            str,
            Field(
                pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$",
                min_length=2,
                max_length=100,
                description="a repository name in lower case, such as platform-api",
            ),
        ],
        ...,
    ] = Field(min_length=1, max_length=100, description="a list of repository names")
    keep_images: int = Field(
        ge=1, le=1000, description="tagged images kept per repository, 1 to 1000"
    )
    untagged_days: int = Field(
        ge=1, le=365, description="days until an untagged image is dropped, 1 to 365"
    )


class Logs(Section):
    """How long CloudWatch keeps what the platform writes."""

    retention_days: LogDays = Field(
        description="a number of days that CloudWatch accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, "
        "150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653"
    )

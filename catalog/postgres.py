"""PostgreSQL on RDS: engine versions that the platform accepts and their parameter families.

To check or renew: `aws rds describe-db-engine-versions --engine postgres
--query 'DBEngineVersions[].[EngineVersion,DBParameterGroupFamily]'`.
"""

from __future__ import annotations

DEFAULT_VERSION = "17.6"

FAMILIES: dict[str, str] = {
    "15.14": "postgres15",
    "16.10": "postgres16",
    "17.5": "postgres17",
    "17.6": "postgres17",
}
"""Parameter-group family by engine version."""

VERSIONS = tuple(FAMILIES)

MIN_GP3_GIB = 20
"""Smallest gp3 volume of RDS for PostgreSQL, GiB."""
MAX_GP3_GIB = 65_536
"""Largest gp3 volume of RDS for PostgreSQL, GiB."""
MAX_RETENTION_DAYS = 35
"""Longest that RDS keeps automated backups, days."""

RESERVED_USERS = frozenset({"admin", "postgres", "public", "rdsadmin", "rds_superuser", "user"})
"""Master user names that RDS refuses, or that a client would mistake for a keyword."""

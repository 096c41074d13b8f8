"""Whom clients of PostgreSQL believe: the authorities of RDS in the stack's region, in a ConfigMap.

Clients use a private alias, which is in no certificate of RDS, so they check the authority
(`verify-ca`) and not the name: nobody without a certificate of this region's RDS can pose as the
database.
Source: RDS user guide, using SSL/TLS to encrypt a connection to a DB instance.
"""

from __future__ import annotations

from typing import Any

from catalog.rds_authorities import authorities
from components.services.plan import Object

FOLDER = "/database-ca"
"""Where it is mounted."""
FILE = "authorities.pem"
PATH = f"{FOLDER}/{FILE}"
MODE = "verify-ca"
"""`sslmode` of every client."""
VOLUME = "database-ca"


def trust(name: str, namespace: str, region: str) -> Object:
    """The ConfigMap `name`. Raises FileNotFoundError for a region whose authorities are not
    there."""
    text = authorities(region).read_text(encoding="ascii")
    return Object(
        name="authorities",
        manifest={
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": namespace},
            "data": {FILE: text},
        },
    )


def volume(name: str) -> dict[str, Any]:
    """A pod's volume of the ConfigMap `name`."""
    return {"name": VOLUME, "configMap": {"name": name}}


MOUNT = {"name": VOLUME, "mountPath": FOLDER, "readOnly": True}
"""A container's mount of it."""
ENVIRONMENT = {"PGSSLMODE": MODE, "PGSSLROOTCERT": PATH}
"""What libpq, and drivers that follow it, read."""

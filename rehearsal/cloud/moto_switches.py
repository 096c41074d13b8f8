"""moto's switches, which it reads from the environment while it is imported."""

from __future__ import annotations

import os

ACCOUNT_ID = "123456789012"
NEVER_SECONDS = 10**9


def configure_moto() -> None:
    """Set moto's switches; must run before moto is imported for the first time."""
    switches = {
        # Every access key is of this account. Without it moto asks IAM at each call, and makes
        # the IAM of every partition to do so.
        "MOTO_ACCOUNT_ID": ACCOUNT_ID,
        # Certificates are issued by our own rule: once their DNS record exists.
        "MOTO_ACM_VALIDATION_WAIT": str(NEVER_SECONDS),
        "MOTO_DISABLE_GLOBAL_CORS": "true",
        # Nobody here looks for images, and reading them costs a third of a second a region.
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    }
    for name, value in switches.items():
        os.environ.setdefault(name, value)

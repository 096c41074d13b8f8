"""moto's switches, which it reads from the environment while it is imported."""

from __future__ import annotations

import os

NEVER_SECONDS = 10**9


def configure_moto() -> None:
    """Set moto's switches; must run before moto is imported for the first time."""
    switches = {
        # Certificates are issued by our own rule: once their DNS record exists.
        "MOTO_ACM_VALIDATION_WAIT": str(NEVER_SECONDS),
        "MOTO_DISABLE_GLOBAL_CORS": "true",
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    }
    for name, value in switches.items():
        os.environ.setdefault(name, value)

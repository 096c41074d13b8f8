"""Secrets of Secrets Manager, brought into a namespace by external-secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.services.plan import Object

STORE = "aws"
"""The ClusterSecretStore that reads the stack's secrets."""


def external_secret(
    *,
    name: str,
    namespace: str,
    source: str,
    keys: Mapping[str, str],
    template: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Object:
    """A Secret `name` whose keys come from the JSON keys of the secret `source`.

    `keys` maps a key of the Secret to one of `source`; `template` adds keys with plain text or
    Go templates over those. A value that changes at its source arrives within the hour.
    """
    target: dict[str, Any] = {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"}
    if template or labels:
        target["template"] = {
            "mergePolicy": "Merge",
            "data": dict(template or {}),
            "metadata": {"labels": dict(labels or {})},
        }
    return Object(
        name=f"secret-{name}",
        manifest={
            "apiVersion": "external-secrets.io/v1",
            "kind": "ExternalSecret",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "refreshInterval": "1h0m0s",
                "secretStoreRef": {"name": STORE, "kind": "ClusterSecretStore"},
                "target": target,
                "data": [
                    {"secretKey": key, "remoteRef": {"key": source, "property": there}}
                    for key, there in keys.items()
                ],
            },
        },
        # Without a value there it would not sync before its next attempt.
        after=("@secrets",),
    )

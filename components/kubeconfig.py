"""The kubeconfig by which Pulumi reaches a cluster: named cluster, named region, no secret.

It depends on nothing but the cluster's endpoint and certificate, so that the Kubernetes provider
built from it stays the same for the cluster's lifetime.
"""

from __future__ import annotations

import json

EXEC_API = "client.authentication.k8s.io/v1beta1"


def kubeconfig(
    *, name: str, region: str, endpoint: str, certificate: str, role_arn: str | None = None
) -> str:
    """JSON kubeconfig whose user asks the AWS CLI for a token; `certificate` is base64."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": name,
                    "cluster": {"server": endpoint, "certificate-authority-data": certificate},
                }
            ],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
            "users": [{"name": name, "user": {"exec": _token(name, region, role_arn)}}],
        }
    )


def _token(name: str, region: str, role_arn: str | None) -> dict[str, object]:
    as_role = ["--role-arn", role_arn] if role_arn else []
    return {
        "apiVersion": EXEC_API,
        "command": "aws",
        "args": [
            "--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json",
            *as_role,
        ],
        "interactiveMode": "Never",
    }  # fmt: skip

"""external-secrets and the store from which it brings the stack's secrets.

The store names no service account: the controller's own Pod Identity reads, as a reference to
another account's token is exchanged with STS in a way that Pod Identity does not take part in.
Source: external-secrets documentation, AWS provider, EKS service account credentials.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog.charts import CHARTS
from catalog.namespaces import PLATFORM
from components.services.answers import answers
from components.services.external_secret import STORE
from components.services.flows import Flow, Pods, scraped, to_api, to_aws, webhook
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources, spread

CHART = CHARTS["external-secrets"]
PODS = Pods(namespace=CHART.namespace)
WEBHOOK_PORT = 10250
METRICS_PORT = 8080


def external_secrets(region: str, training: Sequence[str]) -> ServicePlan:
    """Two of each of its three parts, the store, and the proof that the webhook answers.

    `training` are the namespaces in which people train."""
    probe = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "probe", "namespace": CHART.namespace},
        "spec": {
            "secretStoreRef": {"name": STORE, "kind": "ClusterSecretStore"},
            "target": {"name": "probe"},
            "data": [{"secretKey": "probe", "remoteRef": {"key": "probe"}}],
        },
    }
    gate = answers(
        namespace=CHART.namespace,
        version=CHART.version,
        resource="externalsecrets",
        probe=probe,
        after=("release",),
    )
    return ServicePlan(
        name="external-secrets",
        parts=[_release(), *gate, _store(region, training)],
        provides={"external-secrets.io": "answers"},
        flows=_flows(),
    )


def _release() -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "installCRDs": True,
            "leaderElect": True,
            **_deployed("external-secrets"),
            "webhook": _deployed("external-secrets-webhook") | {"port": WEBHOOK_PORT},
            "certController": _deployed("external-secrets-cert-controller"),
            "serviceMonitor": {"enabled": True},
        },
        uses=("monitoring.coreos.com",),
        after=("priorities", "@identity/external-secrets"),
    )


def _deployed(name: str) -> dict[str, Any]:
    return {
        "replicaCount": 2,
        "priorityClassName": PLATFORM_CRITICAL,
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "resources": resources("50m", "128Mi", memory_limit="512Mi"),
        "topologySpreadConstraints": spread({"app.kubernetes.io/name": name}),
    }


def _store(region: str, training: Sequence[str]) -> Object:
    return Object(
        name="store",
        manifest={
            "apiVersion": "external-secrets.io/v1",
            "kind": "ClusterSecretStore",
            "metadata": {"name": STORE},
            "spec": {
                # It reads every secret of the stack: where people work, admission lets it bring
                # the one of training alone (`secret_policies`).
                "conditions": [{"namespaces": [*PLATFORM, *training]}],
                "provider": {"aws": {"service": "SecretsManager", "region": region}},
            },
        },
    )


def _flows() -> list[Flow]:
    hook = Pods(
        namespace=CHART.namespace, labels={"app.kubernetes.io/name": "external-secrets-webhook"}
    )
    return [
        to_api("external-secrets", PODS),
        *to_aws("external-secrets", PODS),
        webhook("external-secrets", hook, WEBHOOK_PORT),
        scraped("external-secrets", PODS, METRICS_PORT),
    ]

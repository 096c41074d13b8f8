"""cert-manager and the authority inside the cluster, for webhooks and in-cluster TLS.

Public names have ACM certificates at the balancers; nothing here is trusted outside.
"""

from __future__ import annotations

from typing import Any

from catalog.charts import CHARTS
from components.services.flows import Flow, Pods, scraped, to_api, webhook
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources, spread

CHART = CHARTS["cert-manager"]
ISSUER = "internal"
"""ClusterIssuer of every certificate inside the cluster."""
AUTHORITY = "internal-ca"
AUTHORITY_KEY = "ca.crt"
"""Key of the authority's certificate in the Secret of each that it signed, beside `tls.crt` and
`tls.key`."""
WEBHOOK_PORT = 10250
METRICS_PORT = 9402
PODS = Pods(namespace=CHART.namespace)


def cert_manager() -> ServicePlan:
    """The controllers, a root that signs itself once, and the issuer that it backs.

    The chart's own check is a hook that ends only when the webhook answers, so the release's
    completion is the proof.
    """
    return ServicePlan(
        name="cert-manager",
        parts=[_release(), _root_issuer(), _authority(), _issuer()],
        provides={"cert-manager.io": "release"},
        flows=_flows(),
    )


def _release() -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "crds": {"enabled": True, "keep": True},
            "global": {"priorityClassName": PLATFORM_CRITICAL},
            **_deployed("controller", 2),
            "webhook": _deployed("webhook", 3) | {"securePort": WEBHOOK_PORT},
            "cainjector": _deployed("cainjector", 2),
            "startupapicheck": {"enabled": True, "timeout": "5m"},
            "prometheus": {"enabled": True, "servicemonitor": {"enabled": True}},
            "enableCertificateOwnerRef": True,
        },
        uses=("monitoring.coreos.com",),
        after=("priorities",),
    )


def _deployed(component: str, replicas: int) -> dict[str, Any]:
    labels = {
        "app.kubernetes.io/instance": CHART.name,
        "app.kubernetes.io/component": component,
    }
    return {
        "replicaCount": replicas,
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "resources": resources("50m", "128Mi", memory_limit="512Mi"),
        "topologySpreadConstraints": spread(labels),
    }


def _root_issuer() -> Object:
    return Object(
        name="root",
        manifest={
            "apiVersion": "cert-manager.io/v1",
            "kind": "ClusterIssuer",
            "metadata": {"name": "self-signed"},
            "spec": {"selfSigned": {}},
        },
    )


def _authority() -> Object:
    """Ten years; everything it signs lives for ninety days and is renewed by itself."""
    return Object(
        name="authority",
        manifest={
            "apiVersion": "cert-manager.io/v1",
            "kind": "Certificate",
            "metadata": {"name": AUTHORITY, "namespace": CHART.namespace},
            "spec": {
                "isCA": True,
                "commonName": "mlops-platform internal",
                "secretName": AUTHORITY,
                "duration": "87600h",
                "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
                "issuerRef": {"name": "self-signed", "kind": "ClusterIssuer"},
            },
        },
        after=("root",),
    )


def _issuer() -> Object:
    return Object(
        name="issuer",
        manifest={
            "apiVersion": "cert-manager.io/v1",
            "kind": "ClusterIssuer",
            "metadata": {"name": ISSUER},
            "spec": {"ca": {"secretName": AUTHORITY}},
        },
        after=("authority",),
    )


def certificate(
    *, name: str, namespace: str, dns_names: list[str], after: tuple[str, ...] = ()
) -> Object:
    """A certificate of the internal authority in the Secret `name`."""
    return Object(
        name=f"certificate-{name}",
        manifest={
            "apiVersion": "cert-manager.io/v1",
            "kind": "Certificate",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "secretName": name,
                "dnsNames": dns_names,
                "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
                "issuerRef": {"name": ISSUER, "kind": "ClusterIssuer"},
            },
        },
        after=("cert-manager/issuer", *after),
    )


def service_names(service: str, namespace: str) -> list[str]:
    """Names under which a service is reached inside the cluster."""
    return [f"{service}.{namespace}.svc", f"{service}.{namespace}.svc.cluster.local"]


def verified(secret: str, service: str, namespace: str) -> dict[str, Any]:
    """`tlsConfig` of a monitor: the server is held to the authority that is beside its
    certificate in the Secret."""
    return {
        "ca": {"secret": {"name": secret, "key": AUTHORITY_KEY}},
        "serverName": service_names(service, namespace)[0],
    }


def _flows() -> list[Flow]:
    hook = Pods(namespace=CHART.namespace, labels={"app.kubernetes.io/component": "webhook"})
    return [
        to_api("cert-manager", PODS),
        webhook("cert-manager", hook, WEBHOOK_PORT),
        scraped("cert-manager", PODS, METRICS_PORT),
    ]

"""Argo CD: applications of teams from their own repositories; the platform itself is Pulumi's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from components.services.argo_projects import TeamProject, argo_projects
from components.services.cert_manager import certificate, service_names
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped, to_api
from components.services.oidc import Oidc
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import PLATFORM_SERVICE, resources
from components.services.target_group_binding import target_group_binding

CHART = CHARTS["argo-cd"]
NAMESPACE = CHART.namespace
EVERY = Pods(namespace=NAMESPACE)
SERVER = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "argocd-server"})
PORT = 8080
SERVICE = "argocd-server"
TLS = "argocd-server-tls"
"""The Secret in which Argo CD's server looks for its certificate; it takes a renewed one."""


@dataclass(frozen=True, kw_only=True)
class ArgoCdArgs:
    """`host` is the name that people use; without a target group it is reached inside."""

    host: str
    prefix: str
    target_group_arn: Input[str] | None
    projects: Sequence[TeamProject]
    oidc: Oidc | None = None


def argo_cd(args: ArgoCdArgs) -> ServicePlan:
    """Highly available, with the roles of its own small and everybody else reading."""
    served = certificate(name=TLS, namespace=NAMESPACE, dns_names=service_names(SERVICE, NAMESPACE))
    secrets = [served, *([_provider(args.prefix)] if args.oidc else [])]
    release = Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": "argocd",
            "crds": {"install": True, "keep": True},
            "global": {
                "domain": args.host,
                "priorityClassName": PLATFORM_SERVICE,
                "networkPolicy": {"create": False},
            },
            "configs": _configs(args),
            "redis-ha": {"enabled": True},
            "controller": _part("250m", "1Gi", replicas=2),
            "server": _part("100m", "256Mi", replicas=2),
            "repoServer": _part("250m", "512Mi", replicas=2),
            "applicationSet": _part("100m", "256Mi", replicas=2),
            "notifications": {"metrics": _monitored(), "resources": resources("50m", "128Mi")},
            # The identity provider is spoken to directly.
            "dex": {"enabled": False},
        },
        uses=("monitoring.coreos.com",),
        after=("priorities", *(secret.name for secret in secrets)),
    )
    parts: list[Part] = [*secrets, release, *argo_projects(NAMESPACE, args.projects)]
    if args.target_group_arn is not None:
        parts.append(
            target_group_binding(
                name="argocd",
                namespace=NAMESPACE,
                service=SERVICE,
                port=443,
                target_group_arn=args.target_group_arn,
            )
        )
    return ServicePlan(
        name="argo-cd",
        parts=parts,
        provides={"argoproj.io": "release"},
        flows=_flows(),
        hosts=[args.host],
    )


def _provider(prefix: str) -> Object:
    return external_secret(
        name="argocd-oidc",
        namespace=NAMESPACE,
        source=f"{prefix}-oidc-argocd",
        keys={"client-secret": "client-secret"},
        # Argo CD reads only secrets that say they are its own.
        labels={"app.kubernetes.io/part-of": "argocd"},
    )


def _configs(args: ArgoCdArgs) -> dict[str, Any]:
    # Argo CD's own administrator is one account for everybody, with a password in a Secret. Without
    # a provider nobody signs in; who may read the namespace has `argocd --core`.
    cm: dict[str, Any] = {
        "admin.enabled": False,
        "users.anonymous.enabled": False,
        "exec.enabled": False,
    }
    if args.oidc is None:
        return {"cm": cm}
    cm["oidc.config"] = "\n".join(
        (
            "name: Single sign-on",
            f"issuer: {args.oidc.issuer}",
            f"clientID: {args.oidc.client_id('argocd')}",
            "clientSecret: $argocd-oidc:client-secret",
            f"requestedScopes: {json.dumps(list(args.oidc.scopes))}",
        )
    )
    # Argo CD itself may write anything anywhere: its own administrator would too.
    grants = (
        *(
            f"p, role:operator, applications, *, {project.team}/*, allow"
            for project in args.projects
        ),
        "p, role:operator, repositories, *, *, allow",
        f"g, {args.oidc.admin_group}, role:operator",
    )
    rbac = {
        "policy.default": "role:readonly",
        "policy.csv": "\n".join(grants),
        "scopes": json.dumps([args.oidc.groups_claim]),
    }
    return {"cm": cm, "rbac": rbac}


def _part(cpu: str, memory: str, *, replicas: int) -> dict[str, Any]:
    return {
        "replicas": replicas,
        "pdb": {"enabled": True, "maxUnavailable": 1},
        "resources": resources(cpu, memory, memory_limit="2Gi"),
        "metrics": _monitored(),
    }


def _monitored() -> dict[str, Any]:
    return {"enabled": True, "serviceMonitor": {"enabled": True}}


def _flows() -> list[Flow]:
    return [
        to_api("argocd", EVERY),
        Flow(
            name="argocd-within",
            source=EVERY,
            target=EVERY,
            ports=(6379, 26379, 8080, 8081, 7000, 9101),
        ),
        Flow(name="argocd-reads-repositories", source=EVERY, target="world", ports=(443,)),
        Flow(name="balancer-to-argocd", source="vpc", target=SERVER, ports=(PORT,)),
        scraped("argocd", EVERY, 8080, 8082, 8083, 8084, 9001),
    ]

"""The lease agent: keeps this region's lease while it may write, and closes the database when not.

Two pods in two zones, of which one is enough; what they do and why is in `docs/fence.md`. They
scale what writes to zero and back, so they may do that to these Deployments and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pulumi import Input

from catalog.writers import Writer
from components.services.database_bootstrap import AUTHORITIES, FENCE_AGENT
from components.services.database_trust import ENVIRONMENT, MOUNT, volume
from components.services.flows import Flow, Pods, scraped, to_api, to_aws
from components.services.plan import Object, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    HOST,
    PLATFORM_CRITICAL,
    POD_SECURITY,
    ZONE,
    disruption_budget,
    resources,
    service_monitor,
)
from lease.budget import Budget

NAME = "lease-agent"
NAMESPACE = "mlops-platform"
PORT = 8080
REPLICAS = 2
USER = 65532
"""The image's own."""
LABELS = {"app.kubernetes.io/name": NAME}
PODS = Pods(namespace=NAMESPACE, labels=LABELS)
RBAC = "rbac.authorization.k8s.io"
DEFAULT = Budget()


@dataclass(frozen=True, kw_only=True)
class LeaseAgentArgs:
    """`image` is `<registry>/<repository>@sha256:…`; `platform` the record's key in `table`."""

    image: str
    region: str
    table: str
    platform: str
    host: Input[str]
    writers: Sequence[Writer]
    replica: bool = False
    """Whether the database only replicates. The agent's role comes with the copy, maybe after the
    agent, so that a deployment does not wait for its pods to be ready."""
    budget: Budget = DEFAULT
    """The same in both regions, and for who takes the lease."""


def lease_agent(args: LeaseAgentArgs) -> ServicePlan:
    """Account, rights, memory, pods, and what watches them."""
    rights = [part for each in _scaled(args.writers) for part in each]
    memory = Object(
        name="memory",
        manifest=_named("v1", "ConfigMap"),
        # The replicas that writers had: the agents' own.
        ignore_changes=("data",),
    )
    needed = ("account", memory.name, *(part.name for part in rights))
    return ServicePlan(
        name=NAME,
        parts=[
            Object(name="account", manifest=_named("v1", "ServiceAccount")),
            memory,
            *rights,
            *_bound("memory", NAMESPACE, [_rule("", "configmaps", [NAME])]),
            Object(
                name="deployment",
                manifest=_deployment(args),
                after=(*needed, "priorities", "database-bootstrap", f"@identity/{NAME}"),
            ),
            Object(name="service", manifest=_service()),
            Object(name="monitor", manifest=service_monitor(NAME, NAMESPACE, LABELS, "http")),
            Object(name="budget", manifest=disruption_budget(NAME, NAMESPACE, LABELS)),
        ],
        flows=[
            Flow(name=f"{NAME}-to-database", source=PODS, target="vpc", ports=(5432,)),
            to_api(NAME, PODS),
            *to_aws(NAME, PODS),
            scraped(NAME, PODS, PORT),
        ],
    )


def variables(args: LeaseAgentArgs) -> dict[str, Input[str]]:
    """The agent's environment but for its password. Source: `docs/fence.md`."""
    figures = {
        "RENEW": args.budget.renew_every,
        "DURATION": args.budget.duration,
        "MARGIN": args.budget.margin,
        "REQUEST": args.budget.request_timeout,
        "CLOCK_SKEW": args.budget.clock_skew,
    }
    return {
        "LEASE_TABLE": args.table,
        "LEASE_PLATFORM": args.platform,
        "LEASE_REGION": args.region,
        "LEASE_WRITERS": ",".join(str(one) for one in args.writers),
        "LEASE_MEMORY": f"{NAMESPACE}/{NAME}",
        "LEASE_PORT": str(PORT),
        **{f"LEASE_{name}_SECONDS": f"{value / 1_000:g}" for name, value in figures.items()},
        "PGHOST": args.host,
        "PGDATABASE": "postgres",
        "PGUSER": FENCE_AGENT.name,
        **ENVIRONMENT,
    }


def _scaled(writers: Sequence[Writer]) -> list[list[Object]]:
    """In each namespace a role over the scale of the writers there."""
    spaces = groupby(sorted(writers), key=lambda one: one.namespace)
    return [
        _bound(
            "writers",
            namespace,
            [_rule("apps", "deployments/scale", [one.name for one in found])],
        )
        for namespace, found in spaces
    ]


def _rule(group: str, resource: str, names: Sequence[str]) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "resources": [resource],
        "resourceNames": list(names),
        "verbs": ["get", "patch"],
    }


def _bound(part: str, namespace: str, rules: Sequence[Mapping[str, Any]]) -> list[Object]:
    """A role, and its binding to the agent's account."""
    metadata = {"name": f"{NAME}-{part}", "namespace": namespace, "labels": dict(LABELS)}
    role = {"apiGroup": RBAC, "kind": "Role", "name": metadata["name"]}
    account = {"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}
    made = {"apiVersion": f"{RBAC}/v1", "metadata": metadata}
    binding = {**made, "kind": "RoleBinding", "roleRef": role, "subjects": [account]}
    return [
        Object(
            name=f"{part}-role-{namespace}", manifest={**made, "kind": "Role", "rules": list(rules)}
        ),
        Object(name=f"{part}-binding-{namespace}", manifest=binding),
    ]


def _named(api_version: str, kind: str, **rest: object) -> dict[str, Any]:
    metadata = {"name": NAME, "namespace": NAMESPACE, "labels": dict(LABELS)}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def _deployment(args: LeaseAgentArgs) -> dict[str, Any]:
    pod = {
        "serviceAccountName": NAME,
        "priorityClassName": PLATFORM_CRITICAL,
        "securityContext": {**POD_SECURITY, "runAsUser": USER, "runAsGroup": USER},
        "topologySpreadConstraints": [
            _apart(ZONE, "DoNotSchedule"),
            _apart(HOST, "ScheduleAnyway"),
        ],
        "containers": [_container(args)],
        "volumes": [volume(AUTHORITIES)],
    }
    spec = {
        "replicas": REPLICAS,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "template": {"metadata": {"labels": dict(LABELS)}, "spec": pod},
    }
    made = _named("apps/v1", "Deployment", spec=spec)
    return _not_awaited(made) if args.replica else made


def _not_awaited(made: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {**made["metadata"], "annotations": {"pulumi.com/skipAwait": "true"}}
    return {**made, "metadata": metadata}


def _apart(key: str, unsatisfiable: str) -> dict[str, Any]:
    """Of the pods of one version, since an update has three for a while. A zone without nodes
    does not count, so what is left of a region still runs both."""
    return {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": unsatisfiable,
        "labelSelector": {"matchLabels": dict(LABELS)},
        "matchLabelKeys": ["pod-template-hash"],
    }


def _container(args: LeaseAgentArgs) -> dict[str, Any]:
    plain = [{"name": name, "value": value} for name, value in variables(args).items()]
    secret = {"name": FENCE_AGENT.secret, "key": FENCE_AGENT.password_key}
    ready = {"httpGet": {"path": "/readyz", "port": "http"}}
    live = {"httpGet": {"path": "/livez", "port": "http"}}
    return {
        "name": NAME,
        "image": args.image,
        "env": [*plain, {"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": secret}}],
        "ports": [{"name": "http", "containerPort": PORT}],
        "readinessProbe": {**ready, "periodSeconds": 5, "failureThreshold": 3},
        # It tells by itself when no round has ended for long.
        "livenessProbe": {**live, "periodSeconds": 10, "failureThreshold": 3},
        "resources": resources("50m", "128Mi", memory_limit="256Mi"),
        "securityContext": dict(CONTAINER_SECURITY),
        "volumeMounts": [dict(MOUNT)],
    }


def _service() -> dict[str, Any]:
    """Where agents are to be waited for, the Deployment is."""
    ports = [{"name": "http", "port": PORT, "targetPort": "http"}]
    return _not_awaited(_named("v1", "Service", spec={"selector": dict(LABELS), "ports": ports}))

"""Databases and their owners inside the one PostgreSQL, made by a job that is safe to run again.

Each service owns its database and can reach no other. The job's name carries a hash of what it
does, so that a change runs it again; a password that changed in its secret is set anew then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.images import POSTGRES
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods
from components.services.plan import Object, ServicePlan
from components.services.pod import CONTAINER_SECURITY, POD_SECURITY, resources

NAME = "database-bootstrap"
NAMESPACE = "mlops-platform"
PORT = 5432
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A service with a database of its own, or with a look at all of them."""

    name: str
    """Of the role, and of its database."""
    connections: int
    """Most connections at once, so that one service cannot take them all."""
    monitors: bool = False
    """Reads PostgreSQL's statistics in place of a database."""


TENANTS = (
    Tenant(name="mlflow", connections=80),
    Tenant(name="feast", connections=40),
    Tenant(name="grafana", connections=20),
    Tenant(name="argo", connections=30),
    Tenant(name="exporter", connections=5, monitors=True),
)


@dataclass(frozen=True, kw_only=True)
class DatabaseBootstrapArgs:
    """Where the database is; `prefix` begins the names of the stack's secrets."""

    host: Input[str]
    master_secret: str
    prefix: str
    tenants: Sequence[Tenant] = TENANTS


def database_bootstrap(args: DatabaseBootstrapArgs) -> ServicePlan:
    """Secrets, script, job. Other services wait for the whole of it by its name."""
    secrets = [
        external_secret(
            name="database-master",
            namespace=NAMESPACE,
            source=args.master_secret,
            keys={"username": "username", "password": "password"},
        ),
        *(_password(tenant, args.prefix) for tenant in args.tenants),
    ]
    script = bootstrap_sql(args.tenants)
    return ServicePlan(
        name=NAME,
        parts=[
            *secrets,
            Object(name="script", manifest=_script(script)),
            Object(
                name="job",
                manifest=_job(args, script),
                after=("script", "@database", *(secret.name for secret in secrets)),
            ),
        ],
        flows=[Flow(name="bootstrap-to-database", source=PODS, target="vpc", ports=(PORT,))],
    )


def bootstrap_sql(tenants: Sequence[Tenant]) -> str:
    """What psql runs. Passwords come from the environment, so they are in no file, no argument
    and no log."""
    return "\n".join(
        ["\\set ON_ERROR_STOP on", *(line for tenant in tenants for line in _tenant_sql(tenant))]
    )


def _tenant_sql(tenant: Tenant) -> list[str]:
    name, rights = tenant.name, f"LOGIN CONNECTION LIMIT {tenant.connections}"
    known = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    made = [
        f"\\getenv secret {name.upper()}_PASSWORD",
        f"SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS ({known}) \\gexec",
        f"SELECT format('ALTER ROLE {name} {rights} PASSWORD %L', :'secret') \\gexec",
    ]
    if tenant.monitors:
        return [*made, f"GRANT pg_monitor TO {name};"]
    there = f"SELECT FROM pg_database WHERE datname = '{name}'"
    return [
        *made,
        # The owner of a database can only be given by one of its members.
        f"GRANT {name} TO CURRENT_USER;",
        f"SELECT 'CREATE DATABASE {name} OWNER {name}' WHERE NOT EXISTS ({there}) \\gexec",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {name} TO pg_monitor;",
    ]


def _password(tenant: Tenant, prefix: str) -> Object:
    return external_secret(
        name=f"database-{tenant.name}",
        namespace=NAMESPACE,
        source=f"{prefix}-db-{tenant.name}",
        keys={"username": "username", "password": "password"},
    )


def _script(script: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
        "data": {"bootstrap.sql": script},
    }


def _job(args: DatabaseBootstrapArgs, script: str) -> dict[str, Any]:
    digest = hashlib.sha256(f"{script}{POSTGRES}".encode()).hexdigest()[:8]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"{NAME}-{digest}", "namespace": NAMESPACE},
        "spec": {
            "backoffLimit": 6,
            "activeDeadlineSeconds": 600,
            "template": {
                "metadata": {"labels": dict(PODS.labels)},
                "spec": {
                    "restartPolicy": "OnFailure",
                    "automountServiceAccountToken": False,
                    "securityContext": {**POD_SECURITY, "runAsUser": 999, "runAsGroup": 999},
                    "containers": [_container(args)],
                    "volumes": [{"name": "script", "configMap": {"name": NAME}}],
                },
            },
        },
    }


def _container(args: DatabaseBootstrapArgs) -> dict[str, Any]:
    passwords = [
        _from_secret(f"{tenant.name.upper()}_PASSWORD", f"database-{tenant.name}", "password")
        for tenant in args.tenants
    ]
    return {
        "name": "psql",
        "image": POSTGRES,
        "command": ["psql", "--no-psqlrc", "--quiet", "--file=/script/bootstrap.sql"],
        "env": [
            {"name": "PGHOST", "value": args.host},
            {"name": "PGPORT", "value": str(PORT)},
            {"name": "PGDATABASE", "value": "postgres"},
            # Encrypted; the name that clients use is an alias, so it is in no certificate.
            {"name": "PGSSLMODE", "value": "require"},
            _from_secret("PGUSER", "database-master", "username"),
            _from_secret("PGPASSWORD", "database-master", "password"),
            *passwords,
        ],
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources("50m", "64Mi", memory_limit="128Mi"),
        "volumeMounts": [{"name": "script", "mountPath": "/script", "readOnly": True}],
    }


def _from_secret(name: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}

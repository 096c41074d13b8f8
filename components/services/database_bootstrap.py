"""Databases and their owners inside the one PostgreSQL, made by a job that is safe to run again.

Each service owns its database and can reach no other. The job's name carries a hash of what it
does and of the passwords' versions, so that a change of either runs it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pulumi import Input

from catalog.images import POSTGRES
from catalog.service_secrets import SECRETS
from components.services.database_trust import ENVIRONMENT, MOUNT, trust, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods
from components.services.plan import Object, ServicePlan
from components.services.pod import CONTAINER_SECURITY, POD_SECURITY, resources
from lease.rights import AGENT, Writer, fence_sql

NAME = "database-bootstrap"
NAMESPACE = "mlops-platform"
PORT = 5432
AUTHORITIES = "database-ca"
"""ConfigMap that every client of the database in this namespace may mount."""
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})


@dataclass(frozen=True, kw_only=True)
class Account:
    """A role that logs in."""

    name: str
    """Words are parted by underscores."""
    version: int = 1
    """Of its password, as in `catalog.service_secrets`."""

    @property
    def secret(self) -> str:
        """Name of its Secret."""
        return f"database-{_dashed(self.name)}"

    @property
    def password_key(self) -> str:
        """Key of its Secret. A pod that asks for a version waits until it has arrived."""
        return f"password-v{self.version}"

    @property
    def variable(self) -> str:
        """What the job knows its password by."""
        return f"{self.name.upper()}_PASSWORD"


@dataclass(frozen=True, kw_only=True)
class Tenant(Account):
    """A service with a database of its own, which has its name, or with a look at all of them."""

    connections: int
    """Most connections at once, so that one service cannot take them all."""
    granted: Literal["pg_monitor", "pg_read_all_data"] | None = None
    """PostgreSQL's own role that it is given in place of a database."""

    @property
    def owns(self) -> bool:
        """Whether it has a database."""
        return self.granted is None


def _dashed(name: str) -> str:
    """The name where no underscore may be: in Kubernetes, and in Secrets Manager by its like."""
    return name.replace("_", "-")


def _tenant(
    name: str, connections: int, granted: Literal["pg_monitor", "pg_read_all_data"] | None = None
) -> Tenant:
    return Tenant(name=name, connections=connections, granted=granted, version=_version(name))


def _version(name: str) -> int:
    return SECRETS[f"db-{_dashed(name)}"].version


TENANTS = (
    _tenant("mlflow", 80),
    # Permissions of the plugin that asks an OpenID Connect provider who is there.
    _tenant("mlflow_oidc", 80),
    _tenant("feast", 40),
    _tenant("grafana", 20),
    _tenant("argo", 30),
    _tenant("exporter", 5, "pg_monitor"),
    _tenant("dumps", 5, "pg_read_all_data"),
)


FENCE_AGENT = Account(name=AGENT, version=_version(AGENT))
"""What the lease agent logs in as; it may call the fence's routines and nothing else."""


def tenant_of(name: str) -> Tenant:
    """The tenant `name`. Raises KeyError where there is none."""
    return {one.name: one for one in TENANTS}[name]


@dataclass(frozen=True, kw_only=True)
class DatabaseBootstrapArgs:
    """Where the database is; `passwords` begins the names of the roles' secrets."""

    host: Input[str]
    region: str
    master_secret: str
    passwords: str
    tenants: Sequence[Tenant] = TENANTS
    replica: bool = False
    """Whether the database only replicates: roles and databases then come from its source, and
    there is no job."""
    fenced: bool = False
    """Whether a lease agent lets the owners in."""

    @property
    def accounts(self) -> list[Account]:
        """Roles whose passwords are set."""
        return [*self.tenants, *([FENCE_AGENT] if self.fenced else [])]


def database_bootstrap(args: DatabaseBootstrapArgs) -> ServicePlan:
    """Secrets, script, job. Other services wait for the whole of it by its name."""
    clients = [
        *(_password(account, args.passwords) for account in args.accounts),
        trust(AUTHORITIES, NAMESPACE, args.region),
    ]
    return ServicePlan(
        name=NAME,
        parts=[*clients, *([] if args.replica else _run(args, clients))],
        flows=[Flow(name="bootstrap-to-database", source=PODS, target="vpc", ports=(PORT,))],
    )


def _run(args: DatabaseBootstrapArgs, clients: Sequence[Object]) -> list[Object]:
    """The job, and what only it needs: the master's secret and the script."""
    master = external_secret(
        name="database-master",
        namespace=NAMESPACE,
        source=args.master_secret,
        keys={"username": "username", "password": "password"},
    )
    script = bootstrap_sql(args.tenants, fenced=args.fenced)
    needed = [master, Object(name="script", manifest=_script(script)), *clients]
    job = Object(
        name="job",
        manifest=_job(args, script),
        after=("@database", *(one.name for one in needed)),
    )
    return [*needed[:2], job]


def bootstrap_sql(tenants: Sequence[Tenant], *, fenced: bool = False) -> str:
    """What psql runs. Passwords come from the environment, so they are in no file, no argument
    and no log."""
    return "\n".join(
        [
            "\\set ON_ERROR_STOP on",
            *_own_database_sql(),
            *(line for tenant in tenants for line in _tenant_sql(tenant)),
            *(_fence_sql(tenants) if fenced else []),
        ]
    )


def _own_database_sql() -> list[str]:
    """The database that is there from the start, in which every role could make temporary tables
    and look around."""
    return [
        "GRANT CONNECT ON DATABASE postgres TO CURRENT_USER;",
        "REVOKE ALL ON DATABASE postgres FROM PUBLIC;",
        "GRANT CONNECT ON DATABASE postgres TO pg_monitor;",
    ]


def _tenant_sql(tenant: Tenant) -> list[str]:
    name, rights = tenant.name, f"LOGIN CONNECTION LIMIT {tenant.connections}"
    known = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    made = [
        f"\\getenv secret {tenant.variable}",
        f"SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS ({known}) \\gexec",
        f"SELECT format('ALTER ROLE {name} {rights} PASSWORD %L', :'secret') \\gexec",
    ]
    if tenant.granted:
        return [*made, f"GRANT {tenant.granted} TO {name};"]
    there = f"SELECT FROM pg_database WHERE datname = '{name}'"
    return [
        *made,
        # The owner of a database can only be given by one of its members.
        f"GRANT {name} TO CURRENT_USER;",
        f"SELECT 'CREATE DATABASE {name} OWNER {name}' WHERE NOT EXISTS ({there}) \\gexec",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {name} TO pg_monitor, pg_read_all_data;",
    ]


def _fence_sql(tenants: Sequence[Tenant]) -> list[str]:
    """The fence around every owner, and the password of who keeps it."""
    writers = [Writer(role=one.name, database=one.name) for one in tenants if one.owns]
    return [
        fence_sql(writers),
        f"\\getenv secret {FENCE_AGENT.variable}",
        f"SELECT format('ALTER ROLE {FENCE_AGENT.name} PASSWORD %L', :'secret') \\gexec",
    ]


def _password(account: Account, passwords: str) -> Object:
    return external_secret(
        name=account.secret,
        namespace=NAMESPACE,
        source=f"{passwords}-db-{_dashed(account.name)}",
        keys={"username": "username", "password": "password", account.password_key: "password"},
    )


def _script(script: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
        "data": {"bootstrap.sql": script},
    }


def _job(args: DatabaseBootstrapArgs, script: str) -> dict[str, Any]:
    versions = {account.name: account.version for account in args.accounts}
    digest = hashlib.sha256(f"{script}{POSTGRES}{versions}".encode()).hexdigest()[:8]
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
                    "volumes": [
                        {"name": "script", "configMap": {"name": NAME}},
                        volume(AUTHORITIES),
                    ],
                },
            },
        },
    }


def _container(args: DatabaseBootstrapArgs) -> dict[str, Any]:
    passwords = [
        _from_secret(account.variable, account.secret, account.password_key)
        for account in args.accounts
    ]
    return {
        "name": "psql",
        "image": POSTGRES,
        "command": ["psql", "--no-psqlrc", "--quiet", "--file=/script/bootstrap.sql"],
        "env": [
            {"name": "PGHOST", "value": args.host},
            {"name": "PGPORT", "value": str(PORT)},
            {"name": "PGDATABASE", "value": "postgres"},
            *({"name": name, "value": value} for name, value in ENVIRONMENT.items()),
            _from_secret("PGUSER", "database-master", "username"),
            _from_secret("PGPASSWORD", "database-master", "password"),
            *passwords,
        ],
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources("50m", "64Mi", memory_limit="128Mi"),
        "volumeMounts": [{"name": "script", "mountPath": "/script", "readOnly": True}, MOUNT],
    }


def _from_secret(name: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}

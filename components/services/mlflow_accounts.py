"""Accounts of MLflow for programs, which sign in by name and password whoever else signs in.

A job writes them into the database of MLflow's users before a server starts. It makes that
database's tables too, which every worker of every replica would otherwise do at once. A copy of
that database knows its source's accounts, so that beside one their secrets are the source's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.service_secrets import SECRETS
from components.services.database_bootstrap import Tenant, tenant_of
from components.services.external_secret import external_secret
from components.services.flows import Pods
from components.services.mlflow_job import NAMESPACE, VERSION, MlflowJob, mlflow_job
from components.services.plan import Object

NAME = "mlflow-accounts"
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})

BASIC = """
import os

from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

store = SqlAlchemyStore()
store.init_db(os.environ["DB_URI"])
administrators = os.environ["ADMINISTRATORS"].split()
for name in os.environ["ACCOUNTS"].split():
    password = os.environ[name.upper().replace("-", "_") + "_PASSWORD"]
    if not store.has_user(name):
        store.create_user(name, password)
    store.update_user(name, password=password, is_admin=name in administrators)
"""
"""For MLflow's own sign-in. Source: MLflow 3.15, server/auth/sqlalchemy_store.py."""

OIDC = """
import os

from mlflow_oidc_auth.sqlalchemy_store import SqlAlchemyStore

store = SqlAlchemyStore()
store.init_db(os.environ["DB_URI"])
for name in os.environ["ACCOUNTS"].split():
    password = os.environ[name.upper().replace("-", "_") + "_PASSWORD"]
    if not store.has_user(name):
        store.create_user(name, password, name)
    store.update_user(name, password=password, is_admin=False, is_service_account=True)
"""
"""For the OpenID Connect plugin, which lets service accounts in by password too; its requests for
tokens ask for a person's session. Source: mlflow-oidc-auth 7, sqlalchemy_store.py; from 8 on it
makes tokens itself, and knows no passwords."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who signs in as `name`, with the password of the secret `secret`."""

    name: str
    secret: str
    """Of Secrets Manager after the stack's prefix, and of Kubernetes."""
    administers: bool = False

    @property
    def password_key(self) -> str:
        """Key of its Secret. A pod that asks for a version waits until it has arrived."""
        return f"password-v{SECRETS[self.secret].version}"

    @property
    def variable(self) -> str:
        """Where the job finds its password."""
        return f"{self.name.upper().replace('-', '_')}_PASSWORD"


ADMIN = Account(name="admin", secret="mlflow-admin", administers=True)  # noqa: S106 - a name
PLATFORM_API = Account(name="platform-api", secret="mlflow-platform-api")  # noqa: S106
TRAINING = Account(name="training", secret="mlflow-training")  # noqa: S106
PROGRAMS = (PLATFORM_API, TRAINING)
"""They read what MLflow's default permission lets everyone read, and own what they make."""


@dataclass(frozen=True, kw_only=True)
class MlflowAccountsArgs:
    """`oidc` says whether the plugin asks who is there; `passwords` begins the secrets' names."""

    host: Input[str]
    passwords: str
    oidc: bool

    @property
    def tenant(self) -> Tenant:
        """Whose database MLflow's users are in. The plugin's tables have the names of MLflow's
        own, and its migrations the same table of versions."""
        return tenant_of("mlflow_oidc" if self.oidc else "mlflow")

    @property
    def accounts(self) -> Sequence[Account]:
        """With the plugin, administrators are people of the provider's group."""
        return PROGRAMS if self.oidc else (ADMIN, *PROGRAMS)


def account_secrets(args: MlflowAccountsArgs) -> list[Object]:
    """The Secret of each account, `admin`'s always: whoever changes the sign-in needs it."""
    return [_secret(account, args.passwords) for account in (ADMIN, *PROGRAMS)]


def accounts_job(args: MlflowAccountsArgs) -> dict[str, Any]:
    """The job; its name carries a hash of what it does and of the passwords' versions."""
    script = OIDC if args.oidc else BASIC
    keys = {account.name: account.password_key for account in args.accounts}
    told = f"{script}{VERSION}{sorted(keys.items())}"
    return mlflow_job(
        MlflowJob(
            name=f"{NAME}-{hashlib.sha256(told.encode()).hexdigest()[:8]}",
            app=NAME,
            script=script,
            host=args.host,
            tenant=args.tenant,
            plain={
                "ACCOUNTS": " ".join(keys),
                "ADMINISTRATORS": " ".join(one.name for one in args.accounts if one.administers),
            },
            secrets={one.variable: (one.secret, one.password_key) for one in args.accounts},
        )
    )


def _secret(account: Account, passwords: str) -> Object:
    return external_secret(
        name=account.secret,
        namespace=NAMESPACE,
        source=f"{passwords}-{account.secret}",
        keys={"username": "username", "password": "password", account.password_key: "password"},
    )

"""Learning: databases and their owners, MLflow, Feast and its online store."""

from __future__ import annotations

from components.base import Site
from components.services.database_bootstrap import DatabaseBootstrapArgs, database_bootstrap
from components.services.feast import FeastArgs, feast
from components.services.mlflow import MlflowArgs, mlflow
from components.services.plan import ServicePlan
from components.services.valkey import HOST as VALKEY
from components.services.valkey import TLS as VALKEY_TLS
from components.services.valkey import valkey
from infra.database_secrets import passwords
from infra.public_names import console_hosts
from infra.services.entrance import oidc, public
from infra.services.facts import Facts
from infra.settings import Settings


def learning(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """What data scientists track experiments and serve features with; without pods beside a
    database that only replicates, until a failover makes it the primary."""
    store = settings.services.learning.feast.online_store
    plans = [
        database_bootstrap(
            DatabaseBootstrapArgs(
                host=facts.database_host,
                region=site.region,
                master_secret=facts.database_secret,
                passwords=passwords(settings),
                replica=not writes(settings),
                fenced=settings.keeps_lease,
            )
        ),
        mlflow(_mlflow(settings, site, facts)),
        feast(_feast(settings, site, facts)),
    ]
    return plans if store.kind == "managed" else [*plans, valkey(site.prefix, store.disk_gib)]


def writes(settings: Settings) -> bool:
    """Whether the stack's database takes writes."""
    return settings.role == "primary"


def _mlflow(settings: Settings, site: Site, facts: Facts) -> MlflowArgs:
    wanted = settings.services.learning.mlflow
    return MlflowArgs(
        host=console_hosts(settings)["mlflow"],
        vpc_cidr=facts.vpc_cidr,
        database_host=facts.database_host,
        artifacts_bucket=facts.buckets["artifacts"],
        prefix=site.prefix,
        passwords=passwords(settings),
        target_group_arn=facts.console_targets["mlflow"] if public(settings) else None,
        replica=not writes(settings),
        promoted=writes(settings) and settings.stands_in,
        oidc=oidc(settings),
        teams=[team.name for team in settings.teams],
        min_replicas=wanted.min_replicas,
        max_replicas=wanted.max_replicas,
        cpu_percent=wanted.cpu_percent,
    )


def _feast(settings: Settings, site: Site, facts: Facts) -> FeastArgs:
    wanted = settings.services.learning.feast
    managed = wanted.online_store.kind == "managed"
    return FeastArgs(
        project=wanted.project,
        region=site.region,
        database_host=facts.database_host,
        valkey_host=facts.valkey_host if managed else VALKEY,
        valkey_authority=None if managed else VALKEY_TLS,
        after_store="@valkey" if managed else "valkey",
        features_bucket=facts.buckets["features"],
        prefix=site.prefix,
        replica=not writes(settings),
        min_replicas=wanted.min_replicas,
        max_replicas=wanted.max_replicas,
        cpu_percent=wanted.cpu_percent,
    )

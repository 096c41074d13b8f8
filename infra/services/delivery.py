"""Delivery: Argo Workflows for pipelines, Argo CD for teams' applications."""

from __future__ import annotations

from components.base import Site
from components.services.argo_cd import ArgoCdArgs, argo_cd
from components.services.argo_projects import TeamProject
from components.services.argo_workflows import ArgoWorkflowsArgs, argo_workflows
from components.services.plan import ServicePlan
from components.services.teams import identity
from infra.database_secrets import passwords
from infra.public_names import console_hosts
from infra.services.entrance import oidc, public
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.services.training import TRAINING, namespace_parts, namespaces
from infra.settings import Settings


def delivery(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """How work gets into the cluster. Workflows keep their history in the database."""
    applications = argo_cd(_argo_cd(settings, site, facts))
    workflows = ArgoWorkflowsArgs(
        host=console_hosts(settings)["argo"],
        region=site.region,
        database_host=facts.database_host,
        artifacts_bucket=facts.buckets["artifacts"],
        artifacts_key_arn=facts.keys["data"],
        prefix=site.prefix,
        namespaces=namespaces(settings),
        namespaces_ready=namespace_parts(settings),
        identities=(
            "@identity/workflows",
            *(f"@identity/{identity(team.name)}" for team in settings.teams),
        ),
        target_group_arn=facts.console_targets["argo"] if public(settings) else None,
        passwords=passwords(settings),
        replica=not writes(settings),
        oidc=oidc(settings),
        training=TRAINING,
        teams=[team.name for team in settings.teams],
    )
    return [argo_workflows(workflows), applications]


def _argo_cd(settings: Settings, site: Site, facts: Facts) -> ArgoCdArgs:
    provider = oidc(settings)
    return ArgoCdArgs(
        host=console_hosts(settings)["argocd"],
        prefix=site.prefix,
        target_group_arn=facts.console_targets["argocd"] if public(settings) else None,
        projects=[
            TeamProject(
                team=team.name,
                repositories=team.repositories,
                group=provider.team_group(team.name) if provider else None,
            )
            for team in settings.teams
        ],
        oidc=provider,
    )

"""Where and for whom a stack builds: the site that every component gets, and its provider."""

from __future__ import annotations

import pulumi_aws as aws

from components.base import Site
from infra.link_settings import LinkSettings
from infra.settings import Settings

PROJECT = "mlops-platform"


def site_of(settings: Settings) -> Site:
    """Account, region, names and the tags that everything carries."""
    return Site(
        environment=settings.environment,
        account_id=settings.account_id,
        region=settings.region,
        prefix=settings.prefix,
        data_generation=settings.data_generation,
        protect_data=settings.protect_data,
        tags=tags_of(settings),
        role_path=settings.identity.role_path,
        permissions_boundary=settings.identity.permissions_boundary,
    )


def link_site(settings: LinkSettings) -> Site:
    """The same of a link, which holds backups."""
    return Site(
        environment=settings.environment,
        account_id=settings.account_id,
        region=settings.region,
        prefix=settings.prefix,
        protect_data=settings.protect_data,
        tags=tags_of(settings),
        role_path=settings.identity.role_path,
        permissions_boundary=settings.identity.permissions_boundary,
    )


def tags_of(settings: Settings | LinkSettings) -> dict[str, str]:
    """What every resource of a stack carries."""
    return {
        "Project": PROJECT,
        "Environment": settings.environment,
        "Owner": settings.owner,
        "CostCenter": settings.cost_center,
        "ManagedBy": "pulumi",
    }


def aws_provider(settings: Settings | LinkSettings) -> aws.Provider:
    """The one provider of the stack; it refuses to work in another account."""
    return aws.Provider("aws", region=settings.region, allowed_account_ids=[settings.account_id])

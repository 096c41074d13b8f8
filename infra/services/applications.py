"""Applications: the Platform API and the web UI, from the account's registry, by digest.

Without a digest there is no image yet: the first deployment makes the registry.
"""

from __future__ import annotations

from components.base import Site
from components.services import platform_api
from components.services.application import ApplicationArgs, application
from components.services.plan import ServicePlan
from infra.applications_settings import ApplicationImage
from infra.public_names import console_hosts
from infra.services.entrance import public
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.settings import Settings

WEB_UI = "web-ui"
WEB_UI_PORT = 8080


def applications(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """The applications whose images the stack file names."""
    del site
    wanted = settings.services.applications
    plans: list[ServicePlan] = []
    if wanted.platform_api.image_digest:
        plans.append(application(_platform_api(settings, wanted.platform_api, facts)))
    if wanted.web_ui.image_digest:
        plans.append(application(_web_ui(settings, wanted.web_ui, facts)))
    return plans


def _platform_api(settings: Settings, wanted: ApplicationImage, facts: Facts) -> ApplicationArgs:
    name = platform_api.NAME
    return ApplicationArgs(
        name=name,
        image=f"{facts.registry}/{name}@{wanted.image_digest}",
        port=platform_api.PORT,
        health_path="/health",
        host=console_hosts(settings)["api"],
        target_group_arn=facts.console_targets["api"] if public(settings) else None,
        min_replicas=wanted.min_replicas,
        max_replicas=wanted.max_replicas,
        serves_tls=wanted.serves_tls,
        cpu_percent=wanted.cpu_percent,
        memory_percent=wanted.memory_percent,
        environment=platform_api.ENVIRONMENT,
        secrets=platform_api.CREDENTIALS,
        # A password that is new is known to MLflow before the pods come with it.
        anchors=(f"@identity/{name}", *(("mlflow/accounts",) if writes(settings) else ())),
        flows=platform_api.flows(),
        more=platform_api.rights(),
    )


def _web_ui(settings: Settings, wanted: ApplicationImage, facts: Facts) -> ApplicationArgs:
    return ApplicationArgs(
        name=WEB_UI,
        image=f"{facts.registry}/{WEB_UI}@{wanted.image_digest}",
        port=WEB_UI_PORT,
        health_path="/",
        host=console_hosts(settings)[WEB_UI],
        target_group_arn=facts.console_targets[WEB_UI] if public(settings) else None,
        min_replicas=wanted.min_replicas,
        max_replicas=wanted.max_replicas,
        serves_tls=wanted.serves_tls,
        cpu_percent=wanted.cpu_percent,
        # Its pages export nothing; the prober asks for them.
        metrics=False,
    )

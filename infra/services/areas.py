"""Every service that a stack asks for, area by area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from components.base import Site
from components.services.plan import ServicePlan
from infra.services.applications import applications
from infra.services.backup import backup
from infra.services.baseline import baseline, network_plan
from infra.services.delivery import delivery
from infra.services.entrance import entrance
from infra.services.facts import Facts
from infra.services.fencing import fencing, let_in
from infra.services.learning import learning
from infra.services.mirroring import redirected
from infra.services.monitoring import monitoring, rules_plan
from infra.services.overlay import overlaid
from infra.services.scaling import scaling
from infra.services.serving import serving
from infra.services.training import training
from infra.settings import Settings

Area: TypeAlias = Callable[[Settings, Site, Facts], list[ServicePlan]]
"""What an area of the platform adds for these settings."""

AREAS: Sequence[Area] = (
    baseline,
    entrance,
    scaling,
    monitoring,
    learning,
    fencing,
    serving,
    training,
    delivery,
    backup,
    applications,
)


def service_plans(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """The plans of all areas, with the stack file's values laid over those of the releases, and
    every image from the mirror where there is one.

    Raises PlanError for values of a chart that the stack does not install, and for an image whose
    digest the mirror's lock lacks.
    """
    return redirected(direct_plans(settings, site, facts), settings.services.mirror, facts.registry)


def direct_plans(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """As `service_plans`, with images from their makers: what a mirror has to hold."""
    plans = [plan for area in AREAS for plan in area(settings, site, facts)]
    laid = overlaid(let_in(plans), settings.services.values)
    # What is read, and by whom, is known once every plan and value is.
    rules = rules_plan(laid, settings)
    return [*laid, network_plan(laid, settings, facts), rules]

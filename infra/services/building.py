"""The services, registered on a foundation that stands."""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components.services.mirror import Mirror
from components.services.registration import register
from infra.foundation import Foundation
from infra.mirror_settings import MirrorSettings
from infra.services.areas import Area, service_plans
from infra.services.ground import anchors_of, facts_of
from infra.settings import Settings
from infra.where import site_of


def build_services(
    settings: Settings, foundation: Foundation, plans: Area = service_plans
) -> dict[str, pulumi.Resource]:
    """Every service of the stack; the resources by `service/part`."""
    site = site_of(settings)
    made = plans(settings, site, facts_of(settings, foundation))
    opts = ResourceOptions(providers=[foundation.compute.cluster.kubernetes])
    mirror = mirror_of(settings.services.mirror)
    return register(made, anchors_of(foundation), mirror, site, opts)


def mirror_of(settings: MirrorSettings) -> Mirror:
    """The mirror as components take it."""
    return Mirror(charts=settings.charts)

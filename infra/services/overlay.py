"""Values that a stack file lays over those of a release, such as more memory for one chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from components.services.merging import merged
from components.services.order import PlanError
from components.services.plan import Part, Release, ServicePlan

Overlays = Mapping[str, Mapping[str, Any]]
"""Values by the name of a chart."""


def overlaid(plans: Sequence[ServicePlan], overlays: Overlays) -> list[ServicePlan]:
    """`plans` with `overlays` merged into the values of their releases, maps key by key.

    Raises PlanError for a chart that no plan installs.
    """
    installed = {release.chart.name for plan in plans for release in plan.releases}
    unknown = sorted(set(overlays) - installed)
    if unknown:
        raise PlanError(
            f"services.values.{unknown[0]}: this stack installs no such chart, "
            f"expected one of {', '.join(sorted(installed))}"
        )
    return [
        replace(plan, parts=tuple(_part(part, overlays) for part in plan.parts)) for plan in plans
    ]


def _part(part: Part, overlays: Overlays) -> Part:
    if not isinstance(part, Release) or part.chart.name not in overlays:
        return part
    return replace(part, values=merged(part.values, overlays[part.chart.name]))

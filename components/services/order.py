"""What waits for what: the written `after`, and what follows from the parts themselves.

Derived, so that nobody forgets it: an object waits for its namespace and for the provider of
its kind; whatever runs pods waits for nodes; a release waits for what its templates use.
Nothing else waits, so that the whole stays close to its slowest chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from components.services.plan import Object, Part, Release, ServicePlan

NODES = "@nodes"
"""Anchor: nodes on which pods of the platform itself can start."""

RUNS_PODS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job"})
"""Kinds whose creation waits for pods. A CronJob's does not."""


class PlanError(ValueError):
    """Plans that contradict themselves or each other; says which part, and what to do."""


@dataclass(frozen=True)
class Ordered:
    """Parts by `service/part`, each after all that it waits for."""

    parts: Mapping[str, Part]
    needs: Mapping[str, frozenset[str]]
    """Keys of parts, and anchors, that each part waits for."""


def ordered(plans: Sequence[ServicePlan]) -> Ordered:
    """All parts of all plans in an order in which they can be made.

    Raises PlanError for a name that stands twice, a reference to nothing, or a circle.
    """
    parts = dict(_keyed(plans))
    needs = {key: _needs(key, part, plans, parts) for key, part in parts.items()}
    graph = {
        key: sorted(need for need in needed if not need.startswith("@"))
        for key, needed in needs.items()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise PlanError(f"{circle}: parts wait for each other; drop one `after`") from error
    return Ordered({key: parts[key] for key in order}, needs)


def _keyed(plans: Sequence[ServicePlan]) -> Iterator[tuple[str, Part]]:
    seen: set[str] = set()
    for plan in plans:
        for part in plan.parts:
            key = f"{plan.name}/{part.name}"
            if key in seen:
                raise PlanError(f"{key}: stands twice; part names are unique in their plan")
            seen.add(key)
            yield key, part


def _needs(
    key: str, part: Part, plans: Sequence[ServicePlan], parts: Mapping[str, Part]
) -> frozenset[str]:
    service = key.partition("/")[0]
    written = {found for ref in part.after for found in _found(ref, service, parts)}
    derived = {*_namespace(part, parts), *_providers(part, plans), *_nodes(part)}
    return frozenset((written | derived) - {key})


def _found(ref: str, service: str, parts: Mapping[str, Part]) -> list[str]:
    """Keys that `ref` means. Raises PlanError where it means nothing."""
    if ref.startswith("@"):
        return [ref]
    if f"{service}/{ref}" in parts:
        return [f"{service}/{ref}"]
    if ref in parts:
        return [ref]
    whole = [key for key in parts if key.startswith(f"{ref}/")]
    if not whole:
        raise PlanError(
            f"{service}: waits for {ref!r}, expected a part of {service}, `service/part`, "
            "a service or an anchor such as @nodes"
        )
    return whole


def _namespace(part: Part, parts: Mapping[str, Part]) -> list[str]:
    name = part.chart.namespace if isinstance(part, Release) else part.namespace
    return [
        key
        for key, other in parts.items()
        if isinstance(other, Object)
        and other.kind == "Namespace"
        and other.manifest["metadata"]["name"] == name
    ]


def _providers(part: Part, plans: Sequence[ServicePlan]) -> list[str]:
    groups = part.uses if isinstance(part, Release) else (part.group,)
    return [
        f"{plan.name}/{plan.provides[group]}"
        for plan in plans
        for group in groups
        if group in plan.provides
    ]


def _nodes(part: Part) -> list[str]:
    runs = part.chart.pods if isinstance(part, Release) else part.kind in RUNS_PODS
    return [NODES] if runs else []

"""What is wrong with the plans, found before any resource is registered.

Values are held to their chart's contract, custom resources to their CRD's schema, hostnames
to their one owner, waits to what is there. Outputs are leaves that fit everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from catalog.charts.contracts import wrong_values
from catalog.charts.crds import wrong_object
from components.services.order import PlanError, ordered
from components.services.plan import Object, ServicePlan


def check(plans: Sequence[ServicePlan], anchors: Collection[str]) -> None:
    """Raises PlanError that lists everything wrong with `plans`, a line each.

    `anchors` are the names of what the foundation has for parts to wait for.
    """
    problems = [*_names(plans), *_hosts(plans), *_parts(plans), *_anchors(plans, anchors)]
    if problems:
        raise PlanError("\n".join(problems))
    ordered(plans)


def _names(plans: Sequence[ServicePlan]) -> Iterator[str]:
    for kind, names in (
        ("service", [plan.name for plan in plans]),
        ("flow", [flow.name for plan in plans for flow in plan.flows]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{name}: the name of two {kind}s; rename one"


def _hosts(plans: Sequence[ServicePlan]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for plan in plans:
        for host in plan.hosts:
            owners.setdefault(host, []).append(plan.name)
    for host, claimants in owners.items():
        if len(claimants) > 1:
            yield f"{host}: claimed by {' and '.join(claimants)}, expected one; rename a host"


def _parts(plans: Sequence[ServicePlan]) -> Iterator[str]:
    for plan in plans:
        for part in plan.parts:
            wrong = (
                wrong_object(part.manifest)
                if isinstance(part, Object)
                else wrong_values(part.chart, part.values)
            )
            for problem in wrong:
                yield f"{plan.name}/{part.name}: {problem}"


def _anchors(plans: Sequence[ServicePlan], anchors: Collection[str]) -> Iterator[str]:
    for plan in plans:
        for part in plan.parts:
            for need in part.after:
                if need.startswith("@") and need not in anchors:
                    yield (
                        f"{plan.name}/{part.name}: waits for {need}, which this stack does not "
                        f"make; expected one of {', '.join(sorted(anchors))}"
                    )

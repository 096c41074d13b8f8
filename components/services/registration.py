"""Plans become resources: a component per service, a resource per part, in derived order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi import ResourceOptions

from catalog.charts import Chart
from components.base import Site
from components.services.kubernetes_object import KubernetesObject
from components.services.mirror import Mirror
from components.services.order import PlanError, ordered
from components.services.plan import Object, Part, Release, ServicePlan

Anchors = Mapping[str, Sequence[pulumi.Resource]]
"""Resources of the foundation that parts wait for, by anchor, such as `@nodes`."""

HISTORY = 5
"""Revisions of a release that Helm keeps to roll back to."""


class Service(pulumi.ComponentResource):
    """One service of the platform; its parts are its children."""

    def __init__(self, plan: ServicePlan, opts: ResourceOptions) -> None:
        kind = "".join(word.capitalize() for word in plan.name.split("-"))
        super().__init__(f"mlops:services:{kind}", plan.name, None, opts)
        self.register_outputs({"hosts": list(plan.hosts)})


def register(
    plans: Sequence[ServicePlan],
    anchors: Anchors,
    mirror: Mirror,
    site: Site,
    opts: ResourceOptions,
) -> dict[str, pulumi.Resource]:
    """Register every part of every plan; the resources by `service/part`.

    Raises PlanError where a part waits for an anchor that is not there.
    """
    order = ordered(plans)
    services = {plan.name: Service(plan, opts) for plan in plans}
    made: dict[str, pulumi.Resource] = {}
    for key, part in order.parts.items():
        waits = [
            one for need in sorted(order.needs[key]) for one in _resources(need, made, anchors)
        ]
        service, _, name = key.partition("/")
        options = ResourceOptions(parent=services[service], depends_on=waits)
        made[key] = _resource(f"{service}-{name}", part, mirror, site, options)
    return made


def _resources(
    need: str, made: Mapping[str, pulumi.Resource], anchors: Anchors
) -> Sequence[pulumi.Resource]:
    if not need.startswith("@"):
        return [made[need]]
    if need not in anchors:
        raise PlanError(f"{need}: no such anchor, expected one of {sorted(anchors)}")
    return anchors[need]


def _resource(
    name: str, part: Part, mirror: Mirror, site: Site, opts: ResourceOptions
) -> pulumi.Resource:
    if isinstance(part, Object):
        own = ResourceOptions(
            ignore_changes=list(part.ignore_changes) or None,
            retain_on_delete=part.retain or None,
        )
        return KubernetesObject(name, part.manifest, ResourceOptions.merge(opts, own))
    return _release(name, part, mirror, site, opts)


def _release(
    name: str, part: Release, mirror: Mirror, site: Site, opts: ResourceOptions
) -> kubernetes.helm.v3.Release:
    chart = part.chart
    reference, repository = mirror.chart(chart)
    return kubernetes.helm.v3.Release(
        name,
        name=chart.name,
        namespace=chart.namespace,
        create_namespace=False,
        chart=reference,
        version=chart.version,
        repository_opts=kubernetes.helm.v3.RepositoryOptsArgs(repo=repository)
        if repository
        else None,
        values=dict(part.values),
        skip_crds=chart.skip_crds,
        atomic=True,
        cleanup_on_fail=True,
        wait_for_jobs=True,
        skip_await=False,
        timeout=chart.timeout,
        max_history=HISTORY,
        opts=ResourceOptions.merge(opts, ResourceOptions(protect=_guarded(chart, site))),
    )


def _guarded(chart: Chart, site: Site) -> bool | None:
    # Uninstalling such a release deletes its CRDs, and with them every object of their kinds.
    return (chart.crds == "templates" and site.protect_data) or None

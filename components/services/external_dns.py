"""external-dns: records for annotated routes, in the public zone.

The names of the consoles and of the models are failover records, which the program declares
and the traffic flip depends on: they are excluded here, with all below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input

from catalog.charts import CHARTS
from components.services.flows import Flow, Pods, scraped, to_api, to_aws
from components.services.plan import Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources

CHART = CHARTS["external-dns"]
PODS = Pods(namespace=CHART.namespace)
METRICS_PORT = 7979


@dataclass(frozen=True, kw_only=True)
class ExternalDnsArgs:
    """The zone that it may write to, and the names in it that it may not."""

    domain: str
    zone_id: Input[str]
    owner: str
    """Marks its records, so that two clusters never fight for one."""
    excluded: Sequence[str]


def external_dns(args: ExternalDnsArgs) -> ServicePlan:
    """One replica: it runs through its list each minute, and nothing waits for it."""
    release = Release(
        name="release",
        chart=CHART,
        values={
            "provider": {"name": "aws"},
            "sources": ["gateway-httproute", "gateway-grpcroute"],
            "annotationFilter": "mlops/public-name=true",
            "policy": "sync",
            "registry": "txt",
            "txtOwnerId": args.owner,
            "txtPrefix": f"{args.owner}-",
            "domainFilters": [args.domain],
            "excludeDomains": list(args.excluded),
            "extraArgs": {"zone-id-filter": args.zone_id},
            "priorityClassName": PLATFORM_CRITICAL,
            "resources": resources("20m", "64Mi", memory_limit="256Mi"),
            "serviceMonitor": {"enabled": True},
        },
        uses=("monitoring.coreos.com", "gateway.networking.k8s.io"),
        after=("priorities", "@identity/external-dns"),
    )
    return ServicePlan(name="external-dns", parts=[release], flows=_flows())


def _flows() -> list[Flow]:
    return [
        to_api("external-dns", PODS),
        *to_aws("external-dns", PODS),
        scraped("external-dns", PODS, METRICS_PORT),
    ]

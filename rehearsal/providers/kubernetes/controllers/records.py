"""external-dns: records for the host names of annotated routes, with its mark beside each.

It says which records are its own by a text record, and touches no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.kubernetes.controllers.cluster import Cluster
from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import as_list, as_object

TARGET = "external-dns.alpha.kubernetes.io/target"
TTL_SECONDS = 300


class Records:
    """Records by host name; those that carry this owner's mark are what is there."""

    name = "external-dns"
    is_addon = False
    of_releases = False
    watches = frozenset({"HTTPRoute", "GRPCRoute", "Gateway"})

    def finalizer(self, body: Mapping[str, Any]) -> str | None:
        """None: without it, records just stay."""
        del body
        return None

    def settle(self, cluster: Cluster, aws: Clients) -> None:
        """A record and a mark per host name, and none without."""
        values = as_object((cluster.release(self.name) or {}).get("values"))
        zone = as_object(values.get("extraArgs")).get("zone-id-filter")
        if not zone:
            return
        route53 = aws.get("route53")
        wanted = dict(_wanted(cluster, values))
        there = _own(route53, str(zone), values)
        changes = [
            *(_change("UPSERT", values, host, wanted[host]) for host in sorted(wanted)),
            *(
                _change("DELETE", values, host, there[host])
                for host in sorted(there.keys() - wanted.keys())
            ),
        ]
        if changes and wanted != there:
            batch = {"Changes": [one for pair in changes for one in pair]}
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _wanted(cluster: Cluster, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Host names of the routes that the release looks at, each with where it leads."""
    key, _, value = str(values.get("annotationFilter") or "").partition("=")
    targets = _targets(cluster)
    for kind in ("HTTPRoute", "GRPCRoute"):
        for route in cluster.of_kind(kind):
            notes = as_object(route["metadata"].get("annotations"))
            target = next((targets[one] for one in _parents(route) if one in targets), None)
            if target and (not key or notes.get(key) == value):
                for host in as_list(route["spec"].get("hostnames")):
                    if _managed(str(host), values):
                        yield str(host), target


def _targets(cluster: Cluster) -> dict[str, str]:
    """Where each gateway says that its names lead."""
    found = {
        gateway["metadata"]["name"]: as_object(gateway["metadata"].get("annotations")).get(TARGET)
        for gateway in cluster.of_kind("Gateway")
    }
    return {name: target for name, target in found.items() if target}


def _parents(route: Object) -> list[str]:
    return [str(one["name"]) for one in as_list(route["spec"].get("parentRefs"))]


def _managed(host: str, values: Mapping[str, Any]) -> bool:
    def below(domains: object) -> bool:
        return any(host == one or host.endswith(f".{one}") for one in as_list(domains))

    return below(values.get("domainFilters")) and not below(values.get("excludeDomains"))


def _own(route53: Any, zone: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Host names that this owner marked, with where each leads."""
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    prefix = str(values.get("txtPrefix") or "")
    mark = _mark(values)
    marked = {
        one["Name"].rstrip(".").removeprefix(prefix)
        for one in found
        if one["Type"] == "TXT" and one["ResourceRecords"] == [{"Value": mark}]
    }
    return {
        one["Name"].rstrip("."): one["ResourceRecords"][0]["Value"]
        for one in found
        if one["Type"] == "CNAME" and one["Name"].rstrip(".") in marked
    }


def _mark(values: Mapping[str, Any]) -> str:
    return f'"heritage=external-dns,external-dns/owner={values.get("txtOwnerId")}"'


def _change(
    action: str, values: Mapping[str, Any], host: str, target: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record and its mark."""
    mark = f"{values.get('txtPrefix') or ''}{host}"
    return (
        _record(action, host, "CNAME", target),
        _record(action, mark, "TXT", _mark(values)),
    )


def _record(action: str, name: str, kind: str, value: str) -> dict[str, Any]:
    record = {
        "Name": name,
        "Type": kind,
        "TTL": TTL_SECONDS,
        "ResourceRecords": [{"Value": value}],
    }
    return {"Action": action, "ResourceRecordSet": record}

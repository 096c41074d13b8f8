"""Functions of the `aws` package: look up what another stack or another owner made."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.providers.aws.resource import Aws, Function
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props


def get_zone(aws: Aws, args: Props) -> Props:
    """`route53.getZone` by `zoneId`, or by `name` and `privateZone`. Raises PluginError
    when no zone or more than one fits."""
    route53 = aws.client("route53")
    id_ = args.get("zoneId") or _zone_named(aws, args)
    found = route53.get_hosted_zone(Id=id_)
    zone, servers = found["HostedZone"], found.get("DelegationSet", {}).get("NameServers", [])
    short = zone["Id"].rpartition("/")[2]
    return {
        "id": short,
        "zoneId": short,
        "arn": f"arn:aws:route53:::hostedzone/{short}",
        "name": zone["Name"].rstrip("."),
        "nameServers": servers,
        "primaryNameServer": next(iter(servers), ""),
        "privateZone": bool(zone.get("Config", {}).get("PrivateZone")),
        "comment": zone.get("Config", {}).get("Comment", ""),
        "callerReference": zone["CallerReference"],
        "resourceRecordSetCount": zone.get("ResourceRecordSetCount", 0),
    }


def _zone_named(aws: Aws, args: Props) -> str:
    name, private = str(args.get("name", "")).rstrip("."), bool(args.get("privateZone"))
    pages = aws.client("route53").get_paginator("list_hosted_zones").paginate()
    found = [
        zone["Id"]
        for page in pages
        for zone in page["HostedZones"]
        if zone["Name"].rstrip(".") == name
        and bool(zone.get("Config", {}).get("PrivateZone")) == private
    ]
    if len(found) != 1:
        raise PluginError(
            f"route53.getZone: {len(found)} {'private' if private else 'public'} zones are "
            f"named {name}, one was expected; create it, or look it up by zoneId"
        )
    return found[0]


FUNCTIONS: Mapping[str, Function] = {"aws:route53/getZone:getZone": get_zone}

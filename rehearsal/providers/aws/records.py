"""DNS records: plain, alias, failover, weighted, by latency and by location."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props, as_list, as_object


class Record(Resource):
    """The ID is `zone_name_TYPE`, and `_set` where several share name and type."""

    token: ClassVar[str] = "aws:route53/record:Record"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "aliases",
            "allowOverwrite",
            "failoverRoutingPolicies",
            "geolocationRoutingPolicies",
            "healthCheckId",
            "latencyRoutingPolicies",
            "multivalueAnswerRoutingPolicy",
            "name",
            "records",
            "setIdentifier",
            "ttl",
            "type",
            "weightedRoutingPolicies",
            "zoneId",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"name", "type", "zoneId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "setIdentifier", "type", "zoneId"})

    def create(self, aws: Aws, props: Props) -> str:
        action = "UPSERT" if props.get("allowOverwrite") else "CREATE"
        _change(aws, props["zoneId"], [(action, _record_set(aws, props))])
        parts = [props["zoneId"], props["name"].lower(), props["type"]]
        return "_".join([*parts, *([props["setIdentifier"]] if "setIdentifier" in props else [])])

    @gone_is_none("NoSuchHostedZone")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = _found(aws, props or _named(id_))
        if found is None:
            return None
        given = props or _named(id_)
        return {
            **reported(props, _described(found), ("type", "ttl", "records", "aliases")),
            "name": given["name"],
            "zoneId": given["zoneId"],
            "fqdn": _plain(found["Name"]),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        """Another kind of routing needs the old record out of the way, in the same batch."""
        before, after = _record_set(aws, old), _record_set(aws, new)
        if _routing(before) == _routing(after):
            _change(aws, new["zoneId"], [("UPSERT", after)])
        else:
            _change(aws, new["zoneId"], [("DELETE", before), ("CREATE", after)])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        found = _found(aws, props)
        if found is not None:
            _change(aws, props["zoneId"], [("DELETE", found)])


_POLICIES = {
    "failoverRoutingPolicies": ("Failover", "type"),
    "latencyRoutingPolicies": ("Region", "region"),
    "weightedRoutingPolicies": ("Weight", "weight"),
}
"""Property → member of the record, and the one key of the property's block."""
_PLACES = {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"}
_QUOTED = frozenset({"SPF", "TXT"})


def _record_set(aws: Aws, props: Props) -> dict[str, Any]:
    """The record as Route 53 takes it."""
    made: dict[str, Any] = {"Name": _full_name(aws, props), "Type": props["type"]}
    for key, member in (("setIdentifier", "SetIdentifier"), ("healthCheckId", "HealthCheckId")):
        if props.get(key):
            made[member] = props[key]
    for alias in as_list(props.get("aliases")):
        made["AliasTarget"] = {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": bool(alias["evaluateTargetHealth"]),
        }
    if "records" in props:
        made["TTL"] = int(props.get("ttl", 0))
        made["ResourceRecords"] = [{"Value": _quoted(props, text)} for text in props["records"]]
    if props.get("multivalueAnswerRoutingPolicy"):
        made["MultiValueAnswer"] = True
    return {**made, **_routed(props)}


def _routed(props: Props) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for prop, (member, key) in _POLICIES.items():
        for policy in as_list(props.get(prop)):
            made[member] = policy[key]
    for place in as_list(props.get("geolocationRoutingPolicies")):
        made["GeoLocation"] = {_PLACES[key]: text for key, text in place.items()}
    return made


def _routing(record: Mapping[str, Any]) -> set[str]:
    kinds = {"Failover", "Region", "Weight", "GeoLocation", "MultiValueAnswer"}
    return kinds & record.keys()


def _described(found: Mapping[str, Any]) -> Props:
    """A record of Route 53 under the names of the properties."""
    quoted = found["Type"] in _QUOTED
    values = [one["Value"] for one in as_list(found.get("ResourceRecords"))]
    shown: Props = {
        "type": found["Type"],
        "setIdentifier": found.get("SetIdentifier"),
        "healthCheckId": found.get("HealthCheckId"),
        "multivalueAnswerRoutingPolicy": bool(found.get("MultiValueAnswer")),
        "records": [text.strip('"') for text in values] if quoted else values,
        "aliases": [],
    }
    if "TTL" in found:
        shown["ttl"] = found["TTL"]
    alias = found.get("AliasTarget")
    if alias:
        shown["aliases"] = [
            {
                "name": _plain(alias["DNSName"]),
                "zoneId": alias["HostedZoneId"],
                "evaluateTargetHealth": alias["EvaluateTargetHealth"],
            }
        ]
    for prop, (member, key) in _POLICIES.items():
        shown[prop] = [{key: found[member]}] if member in found else []
    place = as_object(found.get("GeoLocation"))
    located = {key: place[member] for key, member in _PLACES.items() if member in place}
    return {**shown, "geolocationRoutingPolicies": [located] if located else []}


def _found(aws: Aws, props: Props) -> Mapping[str, Any] | None:
    """The one record that the properties name."""
    name = _full_name(aws, props)
    listing = aws.client("route53").get_paginator("list_resource_record_sets")
    for page in listing.paginate(HostedZoneId=props["zoneId"]):
        for found in page["ResourceRecordSets"]:
            same = _plain(found["Name"]) == name and found["Type"] == props["type"]
            if same and found.get("SetIdentifier") == props.get("setIdentifier"):
                return found
    return None


def _full_name(aws: Aws, props: Props) -> str:
    """The name with the zone's domain, which the program may leave out."""
    zone = aws.client("route53").get_hosted_zone(Id=props["zoneId"])["HostedZone"]
    name, domain = _plain(props["name"]), _plain(zone["Name"])
    if not name or name == domain or name.endswith(f".{domain}"):
        return name or domain
    return f"{name}.{domain}"


def _plain(name: str) -> str:
    """Lower case, without the last dot, `*` as it is written."""
    return name.lower().rstrip(".").replace("\\052", "*")


def _quoted(props: Props, text: str) -> str:
    return f'"{text}"' if props["type"] in _QUOTED and not text.startswith('"') else text


def _named(id_: str) -> Props:
    """What an ID tells, at an import: the zone has no underscore, the type neither."""
    zone, _, rest = id_.partition("_")
    name, kind, *set_identifier = rest.split("_") if rest[:1] != "_" else _service(rest)
    return {"zoneId": zone, "name": name, "type": kind} | (
        {"setIdentifier": "_".join(set_identifier)} if set_identifier else {}
    )


def _service(rest: str) -> list[str]:
    """Names such as `_x1.example.com` begin with an underscore."""
    name, kind, *others = rest[1:].split("_")
    return [f"_{name}", kind, *others]


def _change(aws: Aws, zone: str, changes: list[tuple[str, Mapping[str, Any]]]) -> None:
    batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
    aws.client("route53").change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": batch}
    )


RESOURCES: tuple[Resource, ...] = (Record(),)

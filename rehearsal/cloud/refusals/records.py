"""Route 53 records and zones."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.dns_records import ASTERISK, CODE
from rehearsal.cloud.operations.health_checks import KIND as CHECKS
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.refusals.rule import Rule
from rehearsal.cloud.state import GLOBAL

DOCS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
_DOMAIN = re.compile(r"[a-z0-9_!-~]{1,63}(\.[a-z0-9_!-~]{1,63})*\.?", re.IGNORECASE)
NETWORKS: dict[str, Callable[[str], object]] = {
    "A": ipaddress.IPv4Address,
    "AAAA": ipaddress.IPv6Address,
}


def _zone(call: Call) -> Any | None:
    name = call.params["HostedZoneId"].rpartition("/")[2]
    return call.cloud.moto("route53").zones.get(name)


def _sets(call: Call, *actions: str) -> Iterator[dict[str, Any]]:
    for change in call.listed("ChangeBatch.Changes"):
        if change["Action"] in actions:
            yield mapping(change["ResourceRecordSet"])


def _dotted(name: str) -> str:
    """With its last dot, and the asterisk of a wildcard as moto keeps it."""
    written = name.replace(CODE, ASTERISK)
    return written if written.endswith(".") else f"{written}."


def _put(call: Call) -> Iterator[dict[str, Any]]:
    return _sets(call, "CREATE", "UPSERT")


def _cname_at_apex(call: Call) -> str | None:
    zone = _zone(call)
    for record in _put(call):
        if (
            zone is not None
            and record["Type"] == "CNAME"
            and (_dotted(record["Name"]) == _dotted(zone.name))
        ):
            return (
                f"RRSet of type CNAME with DNS name {zone.name} is not permitted at apex in zone"
                f" {zone.name}"
            )
    return None


def _cname_beside(call: Call) -> str | None:
    zone = _zone(call)
    removed = {(_dotted(r["Name"]), r["Type"]) for r in _sets(call, "DELETE")}
    for record in _put(call):
        name = _dotted(record["Name"])
        for other in zone.rrsets if zone is not None else ():
            if _dotted(other.name) != name or (name, other.type) in removed:
                continue
            if (record["Type"] == "CNAME") != (other.type == "CNAME"):
                return (
                    f"RRSet of type {record['Type']} with DNS name {name} is not permitted as it"
                    " conflicts with other records with the same DNS name in the zone"
                )
    return None


def _exists(call: Call) -> str | None:
    zone = _zone(call)
    removed = [_identity(record) for record in _sets(call, "DELETE")]
    for record in _sets(call, "CREATE"):
        wanted = _identity(record)
        for other in zone.rrsets if zone is not None else ():
            identity = (_dotted(other.name).lower(), other.type, other.set_identifier or None)
            if identity == wanted and wanted not in removed:
                return (
                    f"Tried to create resource record set [name='{wanted[0]}',"
                    f" type='{wanted[1]}'] but it already exists"
                )
    return None


def _identity(record: dict[str, Any]) -> tuple[str, str, str | None]:
    return _dotted(record["Name"]).lower(), record["Type"], record.get("SetIdentifier") or None


def _address(call: Call) -> str | None:
    for record in _put(call):
        read = NETWORKS.get(record["Type"])
        for value in listing(record.get("ResourceRecords")) if read else ():
            if read and not _reads(read, value["Value"]):
                return f"Value is not a valid {record['Type']} address: '{value['Value']}'"
    return None


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _balancer_names(call: Call) -> set[str]:
    """DNS names of the account's load balancers."""
    return {
        balancer.dns_name.lower()
        for region in call.cloud.regions()
        if region.name != GLOBAL
        for balancer in region.moto("elbv2").load_balancers.values()
    }


def _alias_target(call: Call) -> str | None:
    for record in _put(call):
        target = mapping(record.get("AliasTarget"))
        name = str(target.get("DNSName", "")).lower().removesuffix(".").removeprefix("dualstack.")
        if ".elb." not in name:
            continue
        if name not in _balancer_names(call):
            return (
                f"Tried to create an alias that targets {name}., type {record['Type']} in zone"
                f" {target.get('HostedZoneId')}, but that target was not found"
            )
    return None


def _alias_and_ttl(call: Call) -> str | None:
    for record in _put(call):
        alias, plain = record.get("AliasTarget"), record.get("ResourceRecords")
        if alias and (plain or record.get("TTL") is not None):
            return "Invalid request: an alias has neither a TTL nor ResourceRecords"
        if not alias and (not plain or record.get("TTL") is None):
            return (
                "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and"
                " ResourceRecords]]"
            )
    return None


def _health_check(call: Call) -> str | None:
    known = call.cloud.everywhere.table(CHECKS)
    for record in _put(call):
        name = record.get("HealthCheckId")
        if name and name not in known:
            return f"No health check found with ID {name}"
    return None


def _failover(call: Call) -> str | None:
    zone = _zone(call)
    for record in _put(call):
        if not record.get("Failover"):
            continue
        if not record.get("SetIdentifier"):
            return "Invalid request: Missing field 'SetIdentifier' in Change"
        evaluates = mapping(record.get("AliasTarget")).get("EvaluateTargetHealth")
        if record["Failover"] == "PRIMARY" and not record.get("HealthCheckId") and not evaluates:
            return "Failover record sets of type PRIMARY need a health check"
        for other in zone.rrsets if zone is not None else ():
            same = (_dotted(other.name), other.type) == (_dotted(record["Name"]), record["Type"])
            if (
                same
                and other.failover == record["Failover"]
                and (other.set_identifier != record["SetIdentifier"])
            ):
                return f"there is already a {other.failover} record for {record['Name']}"
    return None


def _zone_name(call: Call) -> str | None:
    if not _DOMAIN.fullmatch(call.params["Name"]):
        return f"The specified domain name {call.params['Name']} is not valid"
    return None


def _reference(call: Call) -> str | None:
    for zone in call.cloud.moto("route53").zones.values():
        if zone.caller_reference == call.params["CallerReference"]:
            return "A hosted zone has already been created with the specified caller reference."
    return None


def _zone_vpc(call: Call) -> str | None:
    given = call.mapped("VPC")
    if given and given.get("VPCId") not in call.cloud.region(given["VPCRegion"]).moto("ec2").vpcs:
        return f"The VPC ID {given.get('VPCId')} does not exist in {given['VPCRegion']}"
    return None


CHANGE = ("ChangeResourceRecordSets",)
RULES = (
    Rule(
        name="no CNAME at the apex of a zone",
        service="route53",
        operations=CHANGE,
        code="InvalidChangeBatch",
        url=f"{DOCS}/ResourceRecordTypes.html",
        broken=_cname_at_apex,
    ),
    Rule(
        name="a CNAME stands alone at its name",
        service="route53",
        operations=CHANGE,
        code="InvalidChangeBatch",
        url=f"{DOCS}/ResourceRecordTypes.html",
        broken=_cname_beside,
    ),
    Rule(
        name="a record is created once",
        service="route53",
        operations=CHANGE,
        code="InvalidChangeBatch",
        url=f"{API}/API_ChangeResourceRecordSets.html",
        broken=_exists,
    ),
    Rule(
        name="an address record holds addresses",
        service="route53",
        operations=CHANGE,
        code="InvalidChangeBatch",
        url=f"{DOCS}/ResourceRecordTypes.html",
        broken=_address,
    ),
    Rule(
        name="an alias to a load balancer finds it",
        service="route53",
        operations=CHANGE,
        code="InvalidChangeBatch",
        url=f"{DOCS}/routing-to-elb-load-balancer.html",
        broken=_alias_target,
    ),
    Rule(
        name="a record is an alias or has a TTL and values",
        service="route53",
        operations=CHANGE,
        code="InvalidInput",
        url=f"{API}/API_ResourceRecordSet.html",
        broken=_alias_and_ttl,
    ),
    Rule(
        name="a record's health check exists",
        service="route53",
        operations=CHANGE,
        code="InvalidInput",
        url=f"{DOCS}/dns-failover-complex-configs.html",
        broken=_health_check,
    ),
    Rule(
        name="a name has one primary, with a health check, and one secondary",
        service="route53",
        operations=CHANGE,
        code="InvalidInput",
        url=f"{DOCS}/routing-policy-failover.html",
        broken=_failover,
    ),
    Rule(
        name="a zone has a domain name",
        service="route53",
        operations=("CreateHostedZone",),
        code="InvalidDomainName",
        url=f"{DOCS}/DomainNameFormat.html",
        broken=_zone_name,
    ),
    Rule(
        name="a zone's caller reference is used once",
        service="route53",
        operations=("CreateHostedZone",),
        code="HostedZoneAlreadyExists",
        url=f"{API}/API_CreateHostedZone.html",
        broken=_reference,
    ),
    Rule(
        name="a private zone's VPC exists",
        service="route53",
        operations=("CreateHostedZone", "AssociateVPCWithHostedZone"),
        code="InvalidVPCId",
        url=f"{API}/API_VPC.html",
        broken=_zone_vpc,
    ),
)

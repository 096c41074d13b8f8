"""Route 53 records: moto deletes by the set identifier alone, whatever the name, and refuses to
make a record again that was deleted. What is wrong with new records the refusals say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.dns_records import ASTERISK, CODE
from rehearsal.cloud.plain import listing, mapping

MOST_VALUES = 1000
"""Of one batch; an UPSERT counts twice. Source: Route 53 developer guide, quotas."""

Identity = tuple[str, str, str | None]
"""Name with its last dot, type and set identifier."""


def change_resource_record_sets(call: Call) -> Answer:
    """ChangeResourceRecordSets: all changes of a batch, or none."""
    zone = _zone(call)
    changes = [(one["Action"], _named(one)) for one in call.listed("ChangeBatch.Changes")]
    _require_few(changes)
    for action, record in changes:
        _require_inside(zone, record)
        if action == "DELETE":
            _require_same(zone, record)
    for action, record in changes:
        _remove(zone, record)
        if action != "DELETE":
            values = [one["Value"] for one in listing(record.get("ResourceRecords"))]
            zone.add_rrset({**record, **({"ResourceRecords": values} if values else {})})
    return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4", "Status": "INSYNC",
                           "SubmittedAt": now()}}  # fmt: skip


def _zone(call: Call) -> Any:
    name = call.params["HostedZoneId"].rpartition("/")[2]
    found = call.cloud.moto("route53").zones.get(name)
    if found is None:
        raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {name}", 404)
    return found


def _named(change: Mapping[str, Any]) -> dict[str, Any]:
    record = mapping(change["ResourceRecordSet"])
    return {**record, "Name": _dotted(record["Name"])}


def _dotted(name: str) -> str:
    """With its last dot, and the asterisk of a wildcard as moto keeps it."""
    return f"{name.rstrip('.')}.".replace(CODE, ASTERISK)


def _require_few(changes: list[tuple[str, dict[str, Any]]]) -> None:
    values = sum(
        len(listing(record.get("ResourceRecords"))) * (2 if action == "UPSERT" else 1)
        for action, record in changes
    )
    if values > MOST_VALUES:
        raise ApiError("InvalidChangeBatch", f"Number of records limit of {MOST_VALUES} exceeded.")


def _require_inside(zone: Any, record: Mapping[str, Any]) -> None:
    domain = _dotted(zone.name)
    if record["Name"] != domain and not record["Name"].endswith(f".{domain}"):
        told = f"RRSet with DNS name {record['Name']} is not permitted in zone {domain}"
        raise ApiError("InvalidChangeBatch", told)


def _require_same(zone: Any, record: Mapping[str, Any]) -> None:
    """A record is deleted by whoever knows what is in it."""
    told = f"[name='{record['Name']}', type='{record['Type']}']"
    found = next((one for one in zone.rrsets if _identity_of(one) == _identity(record)), None)
    if found is None:
        raise ApiError(
            "InvalidChangeBatch",
            f"Tried to delete resource record set {told} but it was not found",
        )
    values = sorted(one["Value"] for one in listing(record.get("ResourceRecords")))
    there = sorted(str(value) for value in found.records or ())
    if (values, record.get("TTL")) != (there, found.ttl):
        raise ApiError(
            "InvalidChangeBatch",
            f"Tried to delete resource record set {told} but the values provided do not match "
            "the current values",
        )


def _remove(zone: Any, record: Mapping[str, Any]) -> None:
    zone.rrsets = [one for one in zone.rrsets if _identity_of(one) != _identity(record)]


def _identity(record: Mapping[str, Any]) -> Identity:
    return record["Name"].lower(), record["Type"], record.get("SetIdentifier") or None


def _identity_of(kept: Any) -> Identity:
    """Of a record as moto keeps it."""
    return _dotted(kept.name).lower(), kept.type, kept.set_identifier or None


OPERATIONS = {"ChangeResourceRecordSets": change_resource_record_sets}

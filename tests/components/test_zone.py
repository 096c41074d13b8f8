"""Hosted zones."""

from __future__ import annotations

from typing import Any

from components.base import Site
from components.ownership import Ownership
from components.zone import Zone, ZoneArgs
from tests.components.recorder import Answer, Recording, record

ZONE = "aws:route53/zone:Zone"


def build(site: Site, **changes: Any) -> Recording[Zone]:
    args = ZoneArgs(domain="mlops.example.com", **changes)
    answers: dict[str, Answer] = {
        ZONE: lambda _: {"zoneId": "Z123", "nameServers": ["ns-1.example.net"]}
    }
    return record(lambda: Zone("dns", args, site), answers=answers)


def test_a_created_zone_is_protected_and_says_what_to_delegate(site: Site) -> None:
    recording = build(site)
    zone = recording.one(ZONE)
    assert zone.inputs["name"] == "mlops.example.com"
    assert zone.protect
    assert zone.inputs["forceDestroy"] is False
    outputs = recording.outputs[recording.one("mlops:components:Zone").urn]
    assert outputs == {"zone_id": "Z123", "name_servers": ["ns-1.example.net"]}


def test_an_adopted_zone_is_not_even_read(site: Site) -> None:
    recording = build(site, ownership=Ownership(mode="adopt", existing="Z999"))
    assert not recording.has(ZONE)
    assert recording.result.zone_id is not None
    assert recording.value(recording.result.zone_id) == "Z999"


def test_a_zone_with_a_vpc_is_private_to_it(site: Site) -> None:
    assert build(site, vpc_ids=["vpc-1"]).one(ZONE).inputs["vpcs"] == [{"vpcId": "vpc-1"}]
    assert "vpcs" not in build(site).one(ZONE).inputs

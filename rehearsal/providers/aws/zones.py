"""Hosted zones, public or private to networks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported
from rehearsal.providers.wire import Props, as_list


class Zone(Resource):
    """The ID is the zone's, without `/hostedzone/`. A zone with networks is private."""

    token: ClassVar[str] = "aws:route53/zone:Zone"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"comment", "forceDestroy", "name", "tags", "vpcs"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"comment": "Managed by Pulumi", "forceDestroy": False}
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {"vpcs": frozenset({"vpcRegion"})}

    def create(self, aws: Aws, props: Props) -> str:
        networks = as_list(props.get("vpcs"))
        private = {"VPC": _network(aws, networks[0])} if networks else {}
        made = aws.client("route53").create_hosted_zone(
            Name=props["name"],
            CallerReference=f"rehearsal-{uuid.uuid4()}",
            HostedZoneConfig={"Comment": props["comment"], "PrivateZone": bool(networks)},
            **private,
        )
        return made["HostedZone"]["Id"].rpartition("/")[2]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        route53 = aws.client("route53")
        for network in as_list(props.get("vpcs"))[1:]:
            route53.associate_vpc_with_hosted_zone(HostedZoneId=id_, VPC=_network(aws, network))
        retag(aws, "hostedzone", id_, {}, props)

    @gone_is_none("NoSuchHostedZone")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("route53").get_hosted_zone(Id=id_)
        zone, servers = found["HostedZone"], found.get("DelegationSet", {}).get("NameServers", [])
        networks = [
            {"vpcId": one["VPCId"], "vpcRegion": one["VPCRegion"]} for one in found.get("VPCs", ())
        ]
        shown = {
            "name": zone["Name"].rstrip("."),
            "comment": zone["Config"].get("Comment", ""),
            "vpcs": aligned(props.get("vpcs"), networks, "vpcId"),
            "tags": own_tags(aws, "hostedzone", id_),
        }
        return {
            **reported(props, shown, ("name", "comment", "tags")),
            "vpcs": shown["vpcs"],
            "arn": f"arn:aws:route53:::hostedzone/{id_}",
            "zoneId": id_,
            "nameServers": sorted(servers),
            "primaryNameServer": next(iter(servers), ""),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        route53 = aws.client("route53")
        if old.get("comment") != new.get("comment"):
            route53.update_hosted_zone_comment(Id=id_, Comment=new["comment"])
        before = [_network(aws, one) for one in as_list(old.get("vpcs"))]
        after = [_network(aws, one) for one in as_list(new.get("vpcs"))]
        for network in (one for one in after if one not in before):
            route53.associate_vpc_with_hosted_zone(HostedZoneId=id_, VPC=network)
        for network in (one for one in before if one not in after):
            route53.disassociate_vpc_from_hosted_zone(HostedZoneId=id_, VPC=network)
        retag(aws, "hostedzone", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("forceDestroy"):
            _empty(aws, id_)
        aws.client("route53").delete_hosted_zone(Id=id_)


def retag(aws: Aws, kind: str, id_: str, old: Props, new: Props) -> None:
    """Bring the tags of a zone or health check from old to new, in one call."""
    put, gone = tags.changes(aws, old, new)
    added = {"AddTags": [{"Key": key, "Value": text} for key, text in put.items()]} if put else {}
    removed = {"RemoveTagKeys": gone} if gone else {}
    if put or gone:
        aws.client("route53").change_tags_for_resource(
            ResourceType=kind, ResourceId=id_, **added, **removed
        )


def own_tags(aws: Aws, kind: str, id_: str) -> dict[str, str]:
    """The tags of a zone or health check."""
    found = aws.client("route53").list_tags_for_resource(ResourceType=kind, ResourceId=id_)
    return tags.own(aws, found["ResourceTagSet"].get("Tags"))


def _network(aws: Aws, given: Props) -> dict[str, str]:
    return {"VPCId": given["vpcId"], "VPCRegion": given.get("vpcRegion") or aws.region}


def _empty(aws: Aws, id_: str) -> None:
    """Delete every record but the zone's own two."""
    route53 = aws.client("route53")
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=id_)
    records = [one for page in pages for one in page["ResourceRecordSets"]]
    changes = [
        {"Action": "DELETE", "ResourceRecordSet": one}
        for one in records
        if one["Type"] not in {"NS", "SOA"}
    ]
    if changes:
        route53.change_resource_record_sets(HostedZoneId=id_, ChangeBatch={"Changes": changes})


RESOURCES: tuple[Resource, ...] = (Zone(),)

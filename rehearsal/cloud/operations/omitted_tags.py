"""Tagged resources that moto knows and its tagging API does not list, as AWS does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from catalog.control_planes import HOME
from rehearsal.cloud.call import Call

Tagged = Iterator[tuple[str, dict[str, str]]]
ZONES = {"hostedzone": "HostedZones", "healthcheck": "HealthChecks"}
"""Route 53's kinds of resources with tags, and the members that list them."""


def omitted(call: Call) -> Tagged:
    """ARNs and tags, of the region of the call; global services are listed in us-east-1."""
    yield from _ec2(call)
    if call.region == HOME:
        yield from _route53(call)


def _ec2(call: Call) -> Tagged:
    ec2 = call.here.moto("ec2")
    groups = [group for found in ec2.groups.values() for group in found.values()]
    kinds: dict[str, list[Any]] = {
        "elastic-ip": list(ec2.addresses),
        "launch-template": list(ec2.launch_templates.values()),
        "network-acl": list(ec2.network_acls.values()),
        "security-group-rule": [
            rule for each in groups for rule in chain(each.ingress_rules, each.egress_rules)
        ],
        "vpc-endpoint": list(ec2.vpc_end_points.values()),
    }
    for kind, found in kinds.items():
        for each in found:
            tags = ec2.tags.get(each.id)
            if tags:
                yield f"arn:aws:ec2:{call.region}:{call.account}:{kind}/{each.id}", dict(tags)


def _route53(call: Call) -> Tagged:
    listings = {"hostedzone": "ListHostedZones", "healthcheck": "ListHealthChecks"}
    for kind, operation in listings.items():
        for each in call.ask("route53", operation, {})[ZONES[kind]]:
            id_ = str(each["Id"]).rpartition("/")[2]
            asked = {"ResourceType": kind, "ResourceId": id_}
            answer = call.ask("route53", "ListTagsForResource", asked)
            tags = {tag["Key"]: tag["Value"] for tag in answer["ResourceTagSet"]["Tags"]}
            if tags:
                yield f"arn:aws:route53:::{kind}/{id_}", tags

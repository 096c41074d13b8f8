"""Lives of DNS zones, records, health checks and certificates."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives.balancers import OPEN_BALANCER

ZONE = ("aws:route53/zone:Zone", {"name": "example.com", "tags": {"Name": "platform"}})
CERTIFICATE = (
    "aws:acm/certificate:Certificate",
    {
        "domainName": "platform.example.com",
        "subjectAlternativeNames": ["*.platform.example.com"],
        "validationMethod": "DNS",
        "tags": {"Name": "platform"},
    },
)


def records(account: Account, id_: str) -> Any:
    """The records of the zone that an ID begins with, but for the zone's own."""
    found = account("route53").list_resource_record_sets(HostedZoneId=id_.partition("_")[0])
    return [one for one in found["ResourceRecordSets"] if one["Type"] not in {"NS", "SOA"}]


def _put(account: Account, id_: str, **record: Any) -> None:
    zone, name, kind = id_.split("_")
    named = {"Name": f"{name}.example.com", "Type": kind}
    change = {"Action": "UPSERT", "ResourceRecordSet": {**named, **record}}
    account("route53").change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [change]}
    )


def _check(account: Account, id_: str) -> Any:
    return account("route53").get_health_check(HealthCheckId=id_)["HealthCheck"][
        "HealthCheckConfig"
    ]


LIVES = (
    Life(
        token=ZONE[0],
        props={"name": "private.example.com", "vpcs": [{"vpcId": "{vpc}"}], "tags": {"a": "b"}},
        change={"comment": "of the platform", "tags": {"a": "c"}},
        look=lambda account, id_: account("route53").get_hosted_zone(Id=id_)["HostedZone"][
            "Config"
        ]["Comment"],
        shows="of the platform",
        meddle=lambda account, id_: account("route53").update_hosted_zone_comment(
            Id=id_, Comment="somebody's"
        ),
    ),
    Life(
        token="aws:route53/record:Record",
        before={"zone": ZONE},
        props={
            "zoneId": "{before.zone.id}",
            "name": "db",
            "type": "CNAME",
            "ttl": 30,
            "records": ["a.rds.amazonaws.com"],
        },
        change={"records": ["b.rds.amazonaws.com"]},
        look=lambda account, id_: records(account, id_)[0]["ResourceRecords"],
        shows=[{"Value": "b.rds.amazonaws.com"}],
        meddle=lambda account, id_: _put(
            account, id_, TTL=30, ResourceRecords=[{"Value": "c.rds.amazonaws.com"}]
        ),
    ),
    Life(
        token="aws:route53/record:Record",
        before={"zone": ZONE, "balancer": OPEN_BALANCER},
        props={
            "zoneId": "{before.zone.id}",
            "name": "models",
            "type": "A",
            "setIdentifier": "primary",
            "aliases": [
                {
                    "name": "{before.balancer.dnsName}",
                    "zoneId": "{before.balancer.zoneId}",
                    "evaluateTargetHealth": True,
                }
            ],
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
        },
        change={"failoverRoutingPolicies": [{"type": "SECONDARY"}]},
        look=lambda account, id_: records(account, id_)[0]["Failover"],
        shows="SECONDARY",
    ),
    Life(
        token="aws:route53/healthCheck:HealthCheck",
        props={
            "type": "HTTPS",
            "fqdn": "platform.example.com",
            "port": 443,
            "resourcePath": "/health",
            "requestInterval": 30,
            "failureThreshold": 3,
            "tags": {"Name": "platform"},
        },
        change={"failureThreshold": 5, "invertHealthcheck": True, "tags": {"Name": "edge"}},
        look=lambda account, id_: [
            _check(account, id_)[member] for member in ("FailureThreshold", "Inverted")
        ],
        shows=[5, True],
        meddle=lambda account, id_: account("route53").update_health_check(
            HealthCheckId=id_, FailureThreshold=9
        ),
    ),
    Life(
        token=CERTIFICATE[0],
        props=CERTIFICATE[1],
        change={"tags": {"Name": "edge"}},
        look=lambda account, id_: account("acm").list_tags_for_certificate(CertificateArn=id_)[
            "Tags"
        ],
        shows=[{"Key": "Name", "Value": "edge"}],
        meddle=lambda account, id_: account("acm").delete_certificate(CertificateArn=id_),
    ),
)

"""What is particular to names, certificates, load balancers and node groups."""

from __future__ import annotations

import pytest

from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.plugin import PluginError, Subject
from tests.rehearsal.providers.aws.life import Living
from tests.rehearsal.providers.aws.lives.balancers import GROUP, LISTENER, OPEN_BALANCER
from tests.rehearsal.providers.aws.lives.names import CERTIFICATE, ZONE, records

RECORD = "aws:route53/record:Record"
RULE = "aws:lb/listenerRule:ListenerRule"
PLAIN = {"zoneId": "{before.zone.id}", "name": "db", "type": "CNAME", "ttl": 30}


def test_a_record_that_exists_is_overwritten_only_when_allowed(living: Living) -> None:
    living.make(*ZONE, "zone")
    living.make(RECORD, {**PLAIN, "records": ["a.example.net"]}, "first")
    with pytest.raises(PluginError, match="already exists"):
        living.make(RECORD, {**PLAIN, "records": ["b.example.net"]}, "second")
    allowed = {**PLAIN, "records": ["b.example.net"], "allowOverwrite": True}
    id_ = living.make(RECORD, allowed, "second").found.id
    assert records(living.account, id_)[0]["ResourceRecords"] == [{"Value": "b.example.net"}]


def test_a_weighted_record_becomes_a_failover_record_in_place(living: Living) -> None:
    living.make(*ZONE, "zone")
    set_ = {**PLAIN, "records": ["a.example.net"], "setIdentifier": "second"}
    id_ = living.make(RECORD, {**set_, "weightedRoutingPolicies": [{"weight": 10}]}).found.id
    assert id_.endswith("_db_CNAME_second")
    living.deploy(
        {"weightedRoutingPolicies": None, "failoverRoutingPolicies": [{"type": "SECONDARY"}]}
    )
    found = records(living.account, id_)[0]
    assert found["Failover"] == "SECONDARY"
    assert "Weight" not in found


def test_a_record_says_its_full_name(living: Living) -> None:
    living.make(*ZONE, "zone")
    made = living.make(RECORD, {**PLAIN, "records": ["a.example.net"]})
    assert made.found.outputs["fqdn"] == "db.example.com"
    assert made.found.outputs["name"] == "db"


def test_a_text_record_is_quoted_for_aws_and_plain_for_the_program(living: Living) -> None:
    living.make(*ZONE, "zone")
    text = {**PLAIN, "type": "TXT", "records": ["v=spf1 -all"]}
    id_ = living.make(RECORD, text).found.id
    assert records(living.account, id_)[0]["ResourceRecords"] == [{"Value": '"v=spf1 -all"'}]
    found = living.refreshed()
    assert found is not None
    assert found.inputs["records"] == ["v=spf1 -all"]


def test_a_zone_is_found_by_its_name(living: Living, provider: AwsProvider) -> None:
    made = living.make(*ZONE, "zone")
    found = provider.invoke("aws:route53/getZone:getZone", {"name": "example.com"})
    assert found["zoneId"] == made.found.id
    assert found["nameServers"]


def test_a_zone_that_nobody_made_is_not_found(provider: AwsProvider) -> None:
    with pytest.raises(PluginError, match="0 public zones are named absent.example"):
        provider.invoke("aws:route53/getZone:getZone", {"name": "absent.example"})


def test_a_certificate_is_issued_once_its_records_exist(living: Living) -> None:
    living.make(*ZONE, "zone")
    certificate = living.make(*CERTIFICATE, "certificate").found
    proof = certificate.outputs["domainValidationOptions"][0]
    record = {
        "zoneId": "{before.zone.id}",
        "name": proof["resourceRecordName"],
        "type": proof["resourceRecordType"],
        "records": [proof["resourceRecordValue"]],
        "ttl": 60,
        "allowOverwrite": True,
    }
    names = [living.make(RECORD, record, "proof").found.outputs["fqdn"]]
    waited = {"certificateArn": certificate.id, "validationRecordFqdns": names}
    living.make("aws:acm/certificateValidation:CertificateValidation", waited)
    shown = living.account("acm").describe_certificate(CertificateArn=certificate.id)
    assert shown["Certificate"]["Status"] == "ISSUED"


def test_a_certificate_without_its_records_is_not_waited_for(living: Living) -> None:
    certificate = living.make(*CERTIFICATE, "certificate").found
    waited = {"certificateArn": certificate.id, "validationRecordFqdns": ["other.example.com"]}
    with pytest.raises(PluginError, match="validationRecordFqdns: the records .* are missing"):
        living.make("aws:acm/certificateValidation:CertificateValidation", waited)


def test_a_rule_without_a_priority_comes_last(living: Living) -> None:
    living.make(*OPEN_BALANCER, "balancer")
    living.make(*GROUP, "group")
    living.make(*LISTENER, "listener")
    rule = {
        "listenerArn": "{before.listener.id}",
        "actions": [{"type": "forward", "targetGroupArn": "{before.group.id}"}],
        "conditions": [{"pathPattern": {"values": ["/a"]}}],
    }
    living.make(RULE, {**rule, "priority": 40}, "first")
    assert living.make(RULE, rule, "second").found.outputs["priority"] == 41


def test_another_launch_template_replaces_a_node_group_and_another_version_does_not(
    provider: AwsProvider,
) -> None:
    group = Subject("aws:eks/nodeGroup:NodeGroup", "gpu")
    old = {"launchTemplate": {"id": "lt-1", "version": "1"}}
    newer = {"launchTemplate": {"id": "lt-1", "version": "2"}}
    other = {"launchTemplate": {"id": "lt-2", "version": "1"}}
    assert provider.diff(group, old, newer).replaces == []
    assert provider.diff(group, old, other).replaces == ["launchTemplate"]

"""Names that can move, and the switch that moves them."""

from __future__ import annotations

import dataclasses

import pytest

from components.base import Site
from components.failover_records import BalancerAddress, FailoverRecords, FailoverRecordsArgs
from components.flip_check import FlipCheck, FlipCheckArgs
from tests.components.recorder import Recording, record

RECORD = "aws:route53/record:Record"
ADDRESS = BalancerAddress(dns_name="consoles-1.elb.amazonaws.com", zone_id="Z35SXDOTRQ7X7K")
NAMES = {"mlflow.mlops.example.com": ADDRESS, "models.mlops.example.com": ADDRESS}


def primary(site: Site) -> Recording[FailoverRecords]:
    args = FailoverRecordsArgs(
        zone_id="Z123", role="primary", names=NAMES, health_check_id="check-1"
    )
    return record(lambda: FailoverRecords("names", args, site))


def flip(site: Site) -> Recording[FlipCheck]:
    return record(lambda: FlipCheck("flip", FlipCheckArgs(peer_region="us-west-2"), site))


def test_the_primary_answers_while_its_health_check_says_so(site: Site) -> None:
    records = primary(site).all(RECORD)
    assert [one.inputs["name"] for one in records] == list(NAMES)
    for one in records:
        assert one.inputs["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
        assert one.inputs["setIdentifier"] == "primary-us-east-1"
        assert one.inputs["healthCheckId"] == "check-1"
        (alias,) = one.inputs["aliases"]
        assert alias["evaluateTargetHealth"] is True
        assert "ttl" not in one.inputs


def test_the_secondary_owns_its_half_under_the_same_names(site: Site) -> None:
    args = FailoverRecordsArgs(zone_id="Z123", role="secondary", names=NAMES)
    west = dataclasses.replace(site, region="us-west-2", prefix="mlops-platform-dr")
    records = record(lambda: FailoverRecords("names", args, west)).all(RECORD)
    assert [one.inputs["name"] for one in records] == list(NAMES)
    assert {one.inputs["setIdentifier"] for one in records} == {"secondary-us-west-2"}
    assert all("healthCheckId" not in one.inputs for one in records)


def test_a_primary_without_health_check_would_never_let_go() -> None:
    with pytest.raises(ValueError, match="health check is expected for the primary"):
        FailoverRecordsArgs(zone_id="Z123", role="primary", names=NAMES)


def test_the_switch_lives_in_the_region_that_traffic_goes_to(site: Site) -> None:
    recording = flip(site)
    alarm = recording.one("aws:cloudwatch/metricAlarm:MetricAlarm")
    check = recording.one("aws:route53/healthCheck:HealthCheck")
    assert alarm.inputs["region"] == "us-west-2"
    assert check.inputs["cloudwatchAlarmRegion"] == "us-west-2"
    assert check.inputs["cloudwatchAlarmName"] == alarm.inputs["name"]
    assert recording.waits_for(check, alarm)


def test_silence_keeps_traffic_in_the_primary_region(site: Site) -> None:
    recording = flip(site)
    alarm = recording.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["treatMissingData"] == "breaching"
    assert alarm["comparisonOperator"] == "LessThanThreshold"
    assert alarm["threshold"] == 1
    check = recording.one("aws:route53/healthCheck:HealthCheck").inputs
    assert check["invertHealthcheck"] is True
    assert check["insufficientDataHealthStatus"] == "Unhealthy"


def test_one_lost_heartbeat_moves_nobody(site: Site) -> None:
    alarm = flip(site).one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["period"] == 60
    assert alarm["evaluationPeriods"] == alarm["datapointsToAlarm"] == 3

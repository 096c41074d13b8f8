"""What holds for every guardrail: created, adopted or off, and never touched when not owned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.access_analyzer import AccessAnalyzer, AccessAnalyzerArgs
from components.alert_topics import AlertTopics, AlertTopicsArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.base import Component, Site
from components.budget import Budget, BudgetArgs
from components.configuration_recorder import ConfigurationRecorder, ConfigurationRecorderArgs
from components.cost_anomaly import CostAnomaly, CostAnomalyArgs
from components.ownership import CREATE, OFF, Ownership
from components.public_access_block import PublicAccessBlock, PublicAccessBlockArgs
from components.security_standards import SecurityStandards, SecurityStandardsArgs
from components.threat_detection import ThreatDetection, ThreatDetectionArgs
from components.volume_encryption import VolumeEncryption, VolumeEncryptionArgs
from tests.components.recorder import record

KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"
BUCKET = "mlops-platform-production-logs-123456789012-g1"
Build = Callable[[Site, Ownership], Component]


def audit_trail(site: Site, ownership: Ownership) -> Component:
    args = AuditTrailArgs(
        bucket_name=BUCKET, logs_key_arn=KEY, log_retention_days=365, ownership=ownership
    )
    return AuditTrail("audit", args, site)


def threat_detection(site: Site, ownership: Ownership) -> Component:
    return ThreatDetection("threats", ThreatDetectionArgs(ownership=ownership), site)


def security_standards(site: Site, ownership: Ownership) -> Component:
    return SecurityStandards("standards", SecurityStandardsArgs(ownership=ownership), site)


def configuration_recorder(site: Site, ownership: Ownership) -> Component:
    args = ConfigurationRecorderArgs(
        bucket_name=BUCKET, bucket_arn=f"arn:aws:s3:::{BUCKET}", ownership=ownership
    )
    return ConfigurationRecorder("config", args, site)


def access_analyzer(site: Site, ownership: Ownership) -> Component:
    return AccessAnalyzer("access", AccessAnalyzerArgs(ownership=ownership), site)


def volume_encryption(site: Site, ownership: Ownership) -> Component:
    return VolumeEncryption("volumes", VolumeEncryptionArgs(key_arn=KEY, ownership=ownership), site)


def public_access_block(site: Site, ownership: Ownership) -> Component:
    return PublicAccessBlock("public", PublicAccessBlockArgs(ownership=ownership), site)


def budget(site: Site, ownership: Ownership) -> Component:
    args = BudgetArgs(monthly_usd=12000, emails=["finops@example.com"], ownership=ownership)
    return Budget("budget", args, site)


def cost_anomaly(site: Site, ownership: Ownership) -> Component:
    args = CostAnomalyArgs(topic_arn="arn:aws:sns:us-east-1:1:cost", ownership=ownership)
    return CostAnomaly("anomaly", args, site)


def alert_topics(site: Site, ownership: Ownership) -> Component:
    return AlertTopics("alerts", AlertTopicsArgs(key_arn=KEY, ownership=ownership), site)


GUARDRAILS: tuple[Build, ...] = (
    audit_trail,
    threat_detection,
    security_standards,
    configuration_recorder,
    access_analyzer,
    volume_encryption,
    public_access_block,
    budget,
    cost_anomaly,
    alert_topics,
)
every_guardrail = pytest.mark.parametrize("build", GUARDRAILS, ids=lambda one: one.__name__)


@every_guardrail
def test_a_created_guardrail_is_made_by_this_stack(site: Site, build: Build) -> None:
    recording = record(lambda: build(site, CREATE))
    made = [one for one in recording.resources if one.custom]
    assert made
    assert not any(one.read_id for one in made)


@every_guardrail
def test_an_adopted_guardrail_is_only_read(site: Site, build: Build) -> None:
    there = Ownership(mode="adopt", existing="there-already")
    recording = record(lambda: build(site, there))
    held = [one for one in recording.resources if one.custom]
    assert held
    assert all(one.read_id.startswith("there-already") for one in held)


@every_guardrail
def test_a_guardrail_that_is_off_leaves_the_account_alone(site: Site, build: Build) -> None:
    recording = record(lambda: build(site, OFF))
    assert not [one for one in recording.resources if one.custom]


@pytest.mark.parametrize(("mode", "existing"), [("adopt", None), ("create", "d-1"), ("off", "d-1")])
def test_only_an_adopted_thing_is_named(mode: str, existing: str | None) -> None:
    with pytest.raises(ValueError, match="identifier is expected for 'adopt'"):
        Ownership(mode=mode, existing=existing)  # pyright: ignore[reportArgumentType]

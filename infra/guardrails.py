"""The guardrails of account and region, each made, adopted or left out as the stack file says."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions

from components.access_analyzer import AccessAnalyzer, AccessAnalyzerArgs
from components.alert_topics import AlertTopics, AlertTopicsArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.base import Site
from components.bucket import Bucket
from components.budget import Budget, BudgetArgs
from components.configuration_recorder import ConfigurationRecorder, ConfigurationRecorderArgs
from components.cost_anomaly import CostAnomaly, CostAnomalyArgs
from components.ownership import Ownership
from components.public_access_block import PublicAccessBlock, PublicAccessBlockArgs
from components.security_findings import SecurityFindings, SecurityFindingsArgs
from components.security_standards import SecurityStandards, SecurityStandardsArgs
from components.threat_detection import ThreatDetection, ThreatDetectionArgs
from components.volume_encryption import VolumeEncryption, VolumeEncryptionArgs
from infra.governance_settings import Owned
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where guardrails write what they see, and the keys they encrypt it with."""

    trail: Bucket
    """Takes the audit trail."""
    records: Bucket
    """Takes AWS Config's records."""
    logs_key_arn: Input[str]
    volumes_key_arn: Input[str]


@dataclass(frozen=True, kw_only=True)
class Guardrails:
    """What other parts and the outputs refer to; None or empty where it is left out."""

    topics: AlertTopics
    trail: AuditTrail
    detection: ThreatDetection
    budget: Budget


def owned(setting: Owned) -> Ownership:
    """A stack file's ownership as components take it."""
    return Ownership(mode=setting.ownership, existing=setting.adopted_id)


def guard(
    settings: Settings, site: Site, topics: AlertTopics, evidence: Evidence, opts: ResourceOptions
) -> Guardrails:
    """Every guardrail; the account is watched whatever else the stack holds."""
    modes = settings.guardrails
    AccessAnalyzer("access", AccessAnalyzerArgs(ownership=owned(modes.access_analyzer)), site, opts)
    SecurityStandards(
        "standards", SecurityStandardsArgs(ownership=owned(modes.security_hub)), site, opts
    )
    PublicAccessBlock(
        "public-access", PublicAccessBlockArgs(ownership=owned(modes.s3_account_block)), site, opts
    )
    _volume_encryption(settings, site, evidence, opts)
    _configuration(settings, site, evidence, opts)
    _cost_anomaly(settings, site, topics, opts)
    _findings(settings, site, topics, opts)
    detection = ThreatDetectionArgs(ownership=owned(modes.guardduty))
    return Guardrails(
        topics=topics,
        trail=_trail(settings, site, evidence, opts),
        detection=ThreatDetection("threats", detection, site, opts),
        budget=_budget(settings, site, topics, opts),
    )


def _findings(settings: Settings, site: Site, topics: AlertTopics, opts: ResourceOptions) -> None:
    """Of whatever watches the account, whoever made it."""
    modes = settings.guardrails
    watching = {"guardduty": modes.guardduty, "security-hub": modes.security_hub}
    args = SecurityFindingsArgs(
        sources=[name for name, mode in watching.items() if mode.ownership != "off"],
        topic_arn=topics.arns.get("critical"),
    )
    SecurityFindings("findings", args, site, opts)


def alert_topics(
    settings: Settings, site: Site, key_arn: Input[str], opts: ResourceOptions
) -> AlertTopics:
    """The topics that alarms, budgets and anomalies are published to."""
    everything = (settings.alerts.email,)
    args = AlertTopicsArgs(
        key_arn=key_arn,
        emails={"critical": everything, "warning": everything, "cost": everything},
        ownership=owned(settings.guardrails.alert_topics),
    )
    return AlertTopics("alerts", args, site, opts)


def _trail(settings: Settings, site: Site, evidence: Evidence, opts: ResourceOptions) -> AuditTrail:
    args = AuditTrailArgs(
        bucket_name=evidence.trail.bucket_name,
        logs_key_arn=evidence.logs_key_arn,
        log_retention_days=settings.logs.retention_days,
        ownership=owned(settings.guardrails.cloudtrail),
        bucket_ready=[evidence.trail.ready],
    )
    return AuditTrail("audit", args, site, opts)


def _configuration(
    settings: Settings, site: Site, evidence: Evidence, opts: ResourceOptions
) -> None:
    args = ConfigurationRecorderArgs(
        bucket_name=_once_writable(evidence.records),
        bucket_arn=evidence.records.arn,
        ownership=owned(settings.guardrails.config),
        records_global_resources=not settings.stands_in,
    )
    ConfigurationRecorder("configuration", args, site, opts)


def _once_writable(bucket: Bucket) -> Output[str]:
    """The bucket's name, known once its policy is in force: Config tries at once to write."""
    known = Output.all(bucket.bucket_name, bucket.ready.id)
    return known.apply(lambda it: str(it[0]))


def _volume_encryption(
    settings: Settings, site: Site, evidence: Evidence, opts: ResourceOptions
) -> None:
    args = VolumeEncryptionArgs(
        key_arn=evidence.volumes_key_arn, ownership=owned(settings.guardrails.ebs_encryption)
    )
    VolumeEncryption("volumes", args, site, opts)


def _budget(settings: Settings, site: Site, topics: AlertTopics, opts: ResourceOptions) -> Budget:
    args = BudgetArgs(
        monthly_usd=settings.budget.monthly_usd,
        actual_thresholds=settings.budget.thresholds_percent,
        emails=[settings.alerts.email],
        topic_arns=[arn for severity, arn in topics.arns.items() if severity == "cost"],
        ownership=owned(settings.guardrails.budgets),
    )
    return Budget("budget", args, site, opts)


def _cost_anomaly(
    settings: Settings, site: Site, topics: AlertTopics, opts: ResourceOptions
) -> None:
    args = CostAnomalyArgs(
        topic_arn=topics.arns.get("cost", ""),
        ownership=owned(settings.guardrails.anomaly_monitor),
    )
    CostAnomaly("anomalies", args, site, opts)

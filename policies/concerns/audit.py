"""Audit and recovery: who did what, what is attacked, and what can be brought back."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import STACK, Stack, Subject

TRAIL = "aws:cloudtrail/trail:Trail"
DETECTOR = "aws:guardduty/detector:Detector"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
RECORDER = "aws:cfg/recorder:Recorder"
SWITCH = "aws:cfg/recorderStatus:RecorderStatus"
VAULT = "aws:backup/vault:Vault"
VAULT_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
PLAN = "aws:backup/plan:Plan"
WATCHED = ("EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")


def _partial_trail(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "isMultiRegionTrail", True)
    yield from must_be(one.properties, "enableLogFileValidation", True)
    yield from must_have(one.properties, "kmsKeyId", "the ARN of a customer managed key")
    if one.properties.flag("enableLogging") is False:
        yield Broken("enableLogging", one.properties.shown("enableLogging"), "true")


def _unwatched(_root: Subject, stack: Stack) -> Iterator[Broken]:
    if not any(each.properties.flag("enable") is not False for each in stack.of(DETECTOR)):
        yield Broken("", "no detector", "a GuardDuty detector that is enabled")
        return
    on = {
        each.properties.text("name")
        for each in stack.of(FEATURE)
        if each.properties.text("status") == "ENABLED"
    }
    missing = [name for name in WATCHED if name not in on]
    if missing:
        yield Broken("", f"without {', '.join(missing)}", "the features of EKS, RDS and S3")


def _unrecorded(_root: Subject, stack: Stack) -> Iterator[Broken]:
    recorded = any(
        each.properties.flag("recordingGroup.allSupported") is not False
        for each in stack.of(RECORDER)
    )
    running = any(each.properties.flag("isEnabled") for each in stack.of(SWITCH))
    if not (recorded and running):
        yield Broken("", "no recorder that runs", "a Config recorder of all types, switched on")


def _weak_vault(one: Subject, stack: Stack) -> Iterator[Broken]:
    yield from must_have(one.properties, "kmsKeyArn", "the ARN of a customer managed key")
    if not any(True for _ in stack.referring(one, "backupVaultName", VAULT_LOCK)):
        yield Broken("name", "no lock", "a VaultLockConfiguration")
    own = one.properties.text("region") or one.settings.region
    if not any(source != target for source, target in _copies(stack) if own in (source, target)):
        yield Broken("name", "no copy", "a plan that copies to another region")


def _copies(stack: Stack) -> Iterator[tuple[str, str]]:
    """Regions that a plan copies from and to."""
    for plan in stack.of(PLAN):
        source = plan.properties.text("region") or plan.settings.region
        for rule in plan.properties.each("rules"):
            for action in rule.each("copyActions"):
                for arn in action.texts("destinationVaultArn"):
                    [target] = arn.split(":")[3:4] or [source]
                    yield source, target


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=95,
        name="trail-whole",
        because="An attacker works where nobody writes it down, and changes what was written.",
        fix="Set isMultiRegionTrail, enableLogFileValidation and kmsKeyId.",
        severity="high",
        reference="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
        types=(TRAIL,),
        broken=_partial_trail,
    ),
    StackRule(
        number=96,
        name="threats-detected",
        because="Nobody reads audit logs all day; GuardDuty does.",
        fix="Declare a detector with EKS_AUDIT_LOGS, RDS_LOGIN_EVENTS and S3_DATA_EVENTS.",
        severity="high",
        reference="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html",
        types=(STACK,),
        roles=frozenset({"primary", "standby"}),
        broken=_unwatched,
    ),
    StackRule(
        number=97,
        name="configuration-recorded",
        level="advisory",
        because="What changed, and when, is asked after every incident.",
        fix="Declare a Config recorder of all supported types and switch it on.",
        severity="medium",
        reference="https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
        types=(STACK,),
        roles=frozenset({"primary", "standby"}),
        broken=_unrecorded,
    ),
    StackRule(
        number=98,
        name="backup-vault-locked-and-copied",
        because="A backup that can be deleted, or that is in the lost region, is none.",
        fix="Set kmsKeyArn, lock the vault, and copy to a vault in the other region.",
        severity="high",
        reference="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
        types=(VAULT,),
        broken=_weak_vault,
    ),
)

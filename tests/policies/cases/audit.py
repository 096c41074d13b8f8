"""What proves the rules about audit and recovery."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, root, secret

TRAIL = recorded("aws:cloudtrail/trail:Trail")
DETECTOR = recorded("aws:guardduty/detector:Detector", asked="stack")
RECORDER = recorded("aws:cfg/recorder:Recorder", asked="stack")
SWITCH = recorded("aws:cfg/recorderStatus:RecorderStatus", asked="stack")
NEEDED = ("EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")
VAULT = Described(
    type="aws:backup/vault:Vault",
    name="vault",
    properties={"name": "vault", "kmsKeyArn": "arn:aws:kms:us-east-1:1:key/a"},
)


def _feature(name: str, status: Any = "ENABLED") -> Described:
    return Described(
        type="aws:guardduty/detectorFeature:DetectorFeature",
        name=name,
        properties={"name": name, "status": status},
    )


def _features(**states: Any) -> list[Described]:
    return [_feature(name, states.get(name, "ENABLED")) for name in NEEDED]


def _lock(of: Any = "vault") -> Described:
    return Described(
        type="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        name="lock",
        properties={"backupVaultName": of},
    )


def _plan(region: Any = "us-west-2") -> Described:
    arn = region if region == UNKNOWN else f"arn:aws:backup:{region}:123456789012:backup-vault:a"
    rules = [{"copyActions": [{"destinationVaultArn": arn}]}]
    return Described(type="aws:backup/plan:Plan", name="plan", properties={"rules": rules})


CASES = {
    "trail-whole": Cases(
        failing=(
            fails(TRAIL.but({"isMultiRegionTrail": False}), at="isMultiRegionTrail", wanted="true"),
            fails(TRAIL.but({"enableLogFileValidation": None}), at="enableLogFileValidation"),
            fails(TRAIL.but({"kmsKeyId": None}), at="kmsKeyId", wanted="customer managed key"),
            fails(TRAIL.but({"enableLogging": False}), at="enableLogging", wanted="true"),
        ),
        passing=(
            passes(TRAIL),
            passes(TRAIL.but({"enableLogging": None, "kmsKeyId": UNKNOWN})),
        ),
        unknown=passes(TRAIL.but({"isMultiRegionTrail": UNKNOWN})),
        secret=fails(
            TRAIL.but({"isMultiRegionTrail": secret(value=False)}), at="isMultiRegionTrail"
        ),
    ),
    "threats-detected": Cases(
        failing=(
            fails(root(), *_features(), at="", wanted="a GuardDuty detector"),
            fails(root(), DETECTOR.but({"enable": False}), *_features(), at=""),
            fails(root(), DETECTOR, at="", wanted="EKS, RDS and S3"),
            *(fails(root(), DETECTOR, *_features(**{name: "DISABLED"}), at="") for name in NEEDED),
            fails(root(), DETECTOR, role="standby", at=""),
        ),
        passing=(
            passes(root(), DETECTOR, *_features()),
            passes(root(), DETECTOR.but({"enable": None}), *_features()),
            passes(root(), role="link"),
        ),
        unknown=passes(root(), DETECTOR, *_features(S3_DATA_EVENTS=UNKNOWN)),
    ),
    "configuration-recorded": Cases(
        failing=(
            fails(root(), at="", wanted="switched on"),
            fails(root(), RECORDER, at=""),
            fails(root(), SWITCH, at=""),
            fails(root(), RECORDER, SWITCH.but({"isEnabled": False}), at=""),
            fails(root(), RECORDER.but({"recordingGroup.allSupported": False}), SWITCH, at=""),
        ),
        passing=(
            passes(root(), RECORDER, SWITCH),
            passes(root(), RECORDER.but({"recordingGroup": None}), SWITCH),
            passes(root(), role="link"),
        ),
        unknown=passes(root(), RECORDER, SWITCH.but({"isEnabled": UNKNOWN})),
    ),
    "backup-vault-locked-and-copied": Cases(
        failing=(
            fails(VAULT.but({"kmsKeyArn": None}), _lock(), _plan(), at="kmsKeyArn"),
            fails(VAULT, _plan(), at="name", wanted="VaultLockConfiguration"),
            fails(VAULT, _lock("other"), _plan(), at="name"),
            fails(VAULT, _lock(), at="name", wanted="another region"),
            fails(VAULT, _lock(), _plan("us-east-1"), at="name"),
            fails(VAULT.but({"region": "eu-west-1"}), _lock(), _plan(), at="name"),
        ),
        passing=(
            passes(VAULT, _lock(), _plan()),
            passes(VAULT, _lock(), _plan("us-east-1"), _plan("us-west-2")),
            passes(VAULT.but({"region": "us-west-2"}), _lock(), _plan()),
        ),
        unknown=passes(VAULT, _lock(), _plan(UNKNOWN)),
    ),
}

"""What proves the rules about tables and logs."""

from __future__ import annotations

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

LOGS = recorded("aws:cloudwatch/logGroup:LogGroup")
TABLE = Described(
    type="aws:dynamodb/table:Table",
    name="fence",
    properties={
        "name": "fence",
        "pointInTimeRecovery": {"enabled": True},
        "deletionProtectionEnabled": True,
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": "arn:aws:kms:us-east-1:1:key/a"},
    },
)

CASES = {
    "table-recoverable": Cases(
        failing=(
            fails(
                TABLE.but({"pointInTimeRecovery": None}),
                at="pointInTimeRecovery.enabled",
                wanted="true",
            ),
            fails(TABLE.but({"deletionProtectionEnabled": False}), at="deletionProtectionEnabled"),
            fails(
                TABLE.but({"serverSideEncryption.enabled": False}),
                at="serverSideEncryption.enabled",
                repairable=False,
            ),
            fails(
                TABLE.but({"serverSideEncryption.kmsKeyArn": None}),
                at="serverSideEncryption.kmsKeyArn",
                wanted="customer managed key",
                repairable=False,
            ),
        ),
        passing=(passes(TABLE), passes(TABLE.but({"serverSideEncryption.kmsKeyArn": UNKNOWN}))),
        unknown=passes(TABLE.but({"deletionProtectionEnabled": UNKNOWN})),
        secret=fails(
            TABLE.but({"deletionProtectionEnabled": secret(value=False)}),
            at="deletionProtectionEnabled",
        ),
    ),
    "log-kept-and-encrypted": Cases(
        failing=(
            fails(LOGS.but({"retentionInDays": 29}), at="retentionInDays", wanted="30 days"),
            fails(LOGS.but({"retentionInDays": None}), at="retentionInDays"),
            fails(
                LOGS.but({"kmsKeyId": None}),
                at="kmsKeyId",
                wanted="customer managed key",
                repairable=False,
            ),
        ),
        passing=(
            passes(LOGS),
            passes(LOGS.but({"retentionInDays": 30})),
            passes(LOGS.but({"retentionInDays": 0})),
            passes(LOGS.but({"kmsKeyId": UNKNOWN})),
        ),
        unknown=passes(LOGS.but({"retentionInDays": UNKNOWN})),
        secret=fails(LOGS.but({"retentionInDays": secret(7)}), at="retentionInDays"),
    ),
}

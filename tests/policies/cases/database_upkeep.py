"""What proves the rules about how a database is watched and kept current."""

from __future__ import annotations

from tests.policies.scene import PLAINTEXT, UNKNOWN, Cases, fails, passes, recorded, secret

INSTANCE = recorded("aws:rds/instance:Instance")
EXPORTS = "enabledCloudwatchLogsExports"
INSIGHTS, INSIGHTS_KEY = "performanceInsightsEnabled", "performanceInsightsKmsKeyId"

CASES = {
    "database-logs-exported": Cases(
        failing=(
            fails(INSTANCE.but({EXPORTS: ["upgrade"]}), at=EXPORTS, wanted="postgresql, upgrade"),
            fails(INSTANCE.but({EXPORTS: ["postgresql"]}), at=EXPORTS),
            fails(INSTANCE.but({EXPORTS: None}), at=EXPORTS),
        ),
        passing=(
            passes(INSTANCE),
            passes(INSTANCE.but({EXPORTS: ["upgrade", "postgresql", "iam-db-auth-error"]})),
        ),
        unknown=passes(INSTANCE.but({EXPORTS: UNKNOWN})),
        secret=fails(INSTANCE.but({EXPORTS: secret([PLAINTEXT])}), at=EXPORTS),
    ),
    "database-minor-upgrades": Cases(
        failing=(
            fails(
                INSTANCE.but({"autoMinorVersionUpgrade": False}),
                at="autoMinorVersionUpgrade",
                wanted="true",
            ),
            fails(INSTANCE.but({"autoMinorVersionUpgrade": "false"}), at="autoMinorVersionUpgrade"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"autoMinorVersionUpgrade": None}))),
        unknown=passes(INSTANCE.but({"autoMinorVersionUpgrade": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"autoMinorVersionUpgrade": secret(value=False)}),
            at="autoMinorVersionUpgrade",
        ),
    ),
    "database-insights": Cases(
        failing=(
            fails(INSTANCE.but({INSIGHTS: False}), at=INSIGHTS, wanted="true"),
            fails(INSTANCE.but({INSIGHTS: None}), at=INSIGHTS),
            fails(INSTANCE.but({INSIGHTS_KEY: None}), at=INSIGHTS_KEY, wanted="customer key"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({INSIGHTS_KEY: UNKNOWN}))),
        unknown=passes(INSTANCE.but({INSIGHTS: UNKNOWN})),
        secret=fails(INSTANCE.but({INSIGHTS: secret(value=False)}), at=INSIGHTS),
    ),
    "database-monitored": Cases(
        failing=(
            fails(INSTANCE.but({"monitoringInterval": 0}), at="monitoringInterval", wanted="1"),
            fails(INSTANCE.but({"monitoringInterval": None}), at="monitoringInterval"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"monitoringInterval": 1.0}))),
        unknown=passes(INSTANCE.but({"monitoringInterval": UNKNOWN})),
        secret=fails(INSTANCE.but({"monitoringInterval": secret(0)}), at="monitoringInterval"),
    ),
    "database-current-authority": Cases(
        failing=(
            fails(INSTANCE.but({"caCertIdentifier": "rds-ca-2019"}), at="caCertIdentifier"),
            fails(
                INSTANCE.but({"caCertIdentifier": None}),
                at="caCertIdentifier",
                wanted="rds-ca-ecc384-g1, rds-ca-rsa2048-g1, rds-ca-rsa4096-g1",
            ),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"caCertIdentifier": "rds-ca-ecc384-g1"}))),
        unknown=passes(INSTANCE.but({"caCertIdentifier": UNKNOWN})),
        secret=fails(INSTANCE.but({"caCertIdentifier": secret(PLAINTEXT)}), at="caCertIdentifier"),
    ),
}

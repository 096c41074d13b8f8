"""What proves the rules about what is left of a database."""

from __future__ import annotations

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

INSTANCE = recorded("aws:rds/instance:Instance")
STACKED = recorded("aws:rds/instance:Instance", asked="stack")
ARN = STACKED.properties["arn"]
SOURCE = {"replicateSourceDb": ARN}
THERE = STACKED.named("replica").but({**SOURCE, "arn": "arn:there", "identifier": "there"})
AS_REPLICA = INSTANCE.but({**SOURCE, "skipFinalSnapshot": True, "finalSnapshotIdentifier": None})
BACKUPS = Described(
    type="aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    name="database-backups",
    properties={"sourceDbInstanceArn": ARN},
)
ELSEWHERE = {"sourceDbInstanceArn": "arn:another"}

CASES = {
    "database-multi-az": Cases(
        failing=(
            fails(INSTANCE.but({"multiAz": False}), at="multiAz", wanted="true"),
            fails(AS_REPLICA.but({"multiAz": None}), at="multiAz"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"multiAz": "true"}))),
        unknown=passes(INSTANCE.but({"multiAz": UNKNOWN})),
        secret=fails(INSTANCE.but({"multiAz": secret(value=False)}), at="multiAz"),
    ),
    "database-backups-kept": Cases(
        failing=(
            fails(
                INSTANCE.but({"backupRetentionPeriod": 6.0}),
                at="backupRetentionPeriod",
                wanted="7 days or more",
            ),
            fails(INSTANCE.but({"backupRetentionPeriod": None}), at="backupRetentionPeriod"),
            fails(INSTANCE.but({"backupRetentionPeriod": "week"}), at="backupRetentionPeriod"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"backupRetentionPeriod": 35.0}))),
        unknown=passes(INSTANCE.but({"backupRetentionPeriod": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"backupRetentionPeriod": secret(1)}), at="backupRetentionPeriod"
        ),
    ),
    "database-in-both-regions": Cases(
        failing=(
            fails(STACKED, others=[BACKUPS], at="", wanted="replicateSourceDb"),
            fails(STACKED, others=[THERE], at="", wanted="InstanceAutomatedBackupsReplication"),
            fails(STACKED, others=[], at=""),
            fails(
                STACKED, others=[THERE.but({"replicateSourceDb": "arn:another"}), BACKUPS], at=""
            ),
            fails(STACKED, others=[THERE, BACKUPS.but(ELSEWHERE)], at=""),
            fails(
                STACKED.but({"identifier": None}),
                others=[THERE.but({"replicateSourceDb": None}), BACKUPS],
                at="",
            ),
        ),
        passing=(
            passes(STACKED, others=[THERE, BACKUPS]),
            passes(
                STACKED,
                others=[
                    THERE.but({"replicateSourceDb": STACKED.properties["identifier"]}),
                    BACKUPS,
                ],
            ),
            passes(STACKED.but({"replicateSourceDb": "arn:another"}), others=[]),
            passes(STACKED, others=[], role="standby"),
        ),
        unknown=passes(STACKED.but({"replicateSourceDb": UNKNOWN}), others=[THERE, BACKUPS]),
    ),
    "database-deletion-protected": Cases(
        failing=(
            fails(INSTANCE.but({"deletionProtection": False}), at="deletionProtection"),
            fails(
                INSTANCE.but({"deletionProtection": None}), at="deletionProtection", wanted="true"
            ),
            fails(
                INSTANCE.but({"skipFinalSnapshot": True}), at="skipFinalSnapshot", wanted="false"
            ),
            fails(INSTANCE.but({"finalSnapshotIdentifier": None}), at="finalSnapshotIdentifier"),
            fails(INSTANCE.but({"finalSnapshotIdentifier": ""}), at="finalSnapshotIdentifier"),
            fails(AS_REPLICA.but({"deletionProtection": None}), at="deletionProtection"),
        ),
        passing=(
            passes(INSTANCE),
            passes(INSTANCE.but({"skipFinalSnapshot": None, "finalSnapshotIdentifier": UNKNOWN})),
            passes(AS_REPLICA),
        ),
        unknown=passes(INSTANCE.but({"deletionProtection": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"deletionProtection": secret(value=False)}), at="deletionProtection"
        ),
    ),
    "database-snapshots-tagged": Cases(
        failing=(
            fails(
                INSTANCE.but({"copyTagsToSnapshot": None}), at="copyTagsToSnapshot", wanted="true"
            ),
            fails(INSTANCE.but({"copyTagsToSnapshot": False}), at="copyTagsToSnapshot"),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({"copyTagsToSnapshot": "true"}))),
        unknown=passes(INSTANCE.but({"copyTagsToSnapshot": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"copyTagsToSnapshot": secret(value=False)}), at="copyTagsToSnapshot"
        ),
    ),
    "database-replica-like-source": Cases(
        failing=(
            fails(
                THERE.but({"instanceClass": "db.t3.micro"}),
                others=[STACKED],
                role="standby",
                at="instanceClass",
                wanted="db.r5.large",
            ),
            fails(
                THERE.but({"engineVersion": "17.5"}),
                others=[STACKED],
                role="standby",
                at="engineVersion",
                wanted="17.6",
            ),
        ),
        passing=(
            passes(THERE, others=[STACKED], role="standby"),
            passes(THERE.but({"instanceClass": "db.t3.micro"}), others=[], role="standby"),
            passes(STACKED.but({"instanceClass": "db.t3.micro"}), others=[STACKED], role="standby"),
        ),
        unknown=passes(THERE.but({"instanceClass": UNKNOWN}), others=[STACKED], role="standby"),
    ),
}

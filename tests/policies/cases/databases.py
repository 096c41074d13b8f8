"""What proves the rules about databases."""

from __future__ import annotations

from tests.policies.scene import PLAINTEXT, UNKNOWN, Cases, fails, passes, recorded, secret

INSTANCE = recorded("aws:rds/instance:Instance")
STACKED = recorded("aws:rds/instance:Instance", asked="stack")
PARAMETERS = recorded("aws:rds/parameterGroup:ParameterGroup", asked="stack")
BY_NAME = {"parameterGroupName": PARAMETERS.properties["name"]}
FORCED = {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"}
IDENTITIES = "iamDatabaseAuthenticationEnabled"

CASES = {
    "database-encrypted": Cases(
        failing=(
            fails(INSTANCE.but({"storageEncrypted": False}), at="storageEncrypted", wanted="true"),
            fails(INSTANCE.but({"storageEncrypted": None}), at="storageEncrypted"),
            fails(INSTANCE.but({"storageEncrypted": "yes"}), at="storageEncrypted"),
        ),
        passing=(
            passes(INSTANCE),
            passes(INSTANCE.but({"storageEncrypted": "true"})),
        ),
        unknown=passes(INSTANCE.but({"storageEncrypted": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"storageEncrypted": secret(value=False)}), at="storageEncrypted"
        ),
    ),
    "database-customer-key": Cases(
        failing=(
            fails(INSTANCE.but({"kmsKeyId": None}), at="kmsKeyId"),
            fails(INSTANCE.but({"kmsKeyId": ""}), at="kmsKeyId"),
        ),
        passing=(
            passes(INSTANCE),
            passes(INSTANCE.but({"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/a"})),
        ),
        unknown=passes(INSTANCE.but({"kmsKeyId": UNKNOWN})),
        unknown_is="passing",
    ),
    "database-private": Cases(
        failing=(
            fails(INSTANCE.but({"publiclyAccessible": True}), at="publiclyAccessible"),
            fails(INSTANCE.but({"publiclyAccessible": "true"}), at="publiclyAccessible"),
        ),
        passing=(
            passes(INSTANCE.but({"publiclyAccessible": False})),
            passes(INSTANCE.but({"publiclyAccessible": None})),
        ),
        unknown=passes(INSTANCE.but({"publiclyAccessible": UNKNOWN})),
        secret=fails(
            INSTANCE.but({"publiclyAccessible": secret(value=True)}), at="publiclyAccessible"
        ),
    ),
    "database-tls-forced": Cases(
        failing=(
            fails(STACKED.but(BY_NAME), at="parameterGroupName"),
            fails(
                STACKED.but(BY_NAME),
                PARAMETERS.but({"parameters": [FORCED | {"value": "0"}]}),
                at="parameterGroupName",
                wanted="rds.force_ssl",
            ),
        ),
        passing=(
            passes(STACKED.but(BY_NAME), PARAMETERS.but({"parameters": [FORCED]})),
            passes(
                STACKED.but({"parameterGroupName": UNKNOWN}).flowing(
                    "parameterGroupName", PARAMETERS
                ),
                PARAMETERS.but({"parameters": [FORCED | {"value": 1}]}),
            ),
        ),
        unknown=passes(
            STACKED.but(BY_NAME), PARAMETERS.but({"parameters": [FORCED | {"value": UNKNOWN}]})
        ),
    ),
    "database-identities": Cases(
        failing=(
            fails(INSTANCE.but({IDENTITIES: False}), at=IDENTITIES, wanted="true"),
            fails(INSTANCE.but({IDENTITIES: None}), at=IDENTITIES),
        ),
        passing=(passes(INSTANCE), passes(INSTANCE.but({IDENTITIES: "true"}))),
        unknown=passes(INSTANCE.but({IDENTITIES: UNKNOWN})),
        secret=fails(INSTANCE.but({IDENTITIES: secret(value=False)}), at=IDENTITIES),
    ),
    "database-password-own-secret": Cases(
        failing=(
            fails(INSTANCE.but({"password": "plain"}), at="password", wanted="passwordWo"),
            fails(INSTANCE.but({"passwordWo": "plain"}), at="passwordWo", wanted="a secret"),
            fails(
                INSTANCE.but({"manageMasterUserPassword": True}),
                at="manageMasterUserPassword",
                wanted="a secret of ours",
            ),
        ),
        passing=(
            passes(INSTANCE),
            passes(INSTANCE.but({"passwordWo": None, "manageMasterUserPassword": False})),
            passes(INSTANCE.but({"passwordWo": UNKNOWN})),
            passes(INSTANCE.but({"passwordWo": secret(PLAINTEXT)})),
        ),
        unknown=passes(INSTANCE.but({"manageMasterUserPassword": UNKNOWN})),
        secret=fails(INSTANCE.but({"password": secret(PLAINTEXT)}), at="password"),
    ),
}

"""What proves the rules about image registries."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, root, secret

REPOSITORY = recorded("aws:ecr/repository:Repository")


def _replication(region: Any) -> Described:
    rules = [{"destinations": [{"region": "eu-west-1"}, {"region": region}]}]
    return Described(
        type="aws:ecr/replicationConfiguration:ReplicationConfiguration",
        name="replication",
        properties={"replicationConfiguration": {"rules": rules}},
    )


CASES = {
    "registry-immutable-scanned-encrypted": Cases(
        failing=(
            fails(REPOSITORY.but({"imageTagMutability": "MUTABLE"}), at="imageTagMutability"),
            fails(
                REPOSITORY.but({"imageTagMutability": None}),
                at="imageTagMutability",
                wanted="IMMUTABLE",
            ),
            fails(
                REPOSITORY.but({"imageScanningConfiguration": None}),
                at="imageScanningConfiguration.scanOnPush",
                wanted="true",
            ),
            fails(
                REPOSITORY.but({"encryptionConfigurations": None}),
                at="encryptionConfigurations",
                wanted="KMS",
            ),
            fails(
                REPOSITORY.but({"encryptionConfigurations": [{"encryptionType": "AES256"}]}),
                at="encryptionConfigurations",
            ),
        ),
        passing=(
            passes(REPOSITORY),
            passes(
                REPOSITORY.but(
                    {
                        "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                        "encryptionConfigurations": [{"encryptionType": "KMS_DSSE"}],
                    }
                )
            ),
        ),
        unknown=passes(REPOSITORY.but({"imageTagMutability": UNKNOWN})),
        secret=fails(
            REPOSITORY.but({"imageTagMutability": secret("MUTABLE")}), at="imageTagMutability"
        ),
    ),
    "registry-in-both-regions": Cases(
        failing=(
            fails(root(), REPOSITORY, at="", wanted="us-west-2"),
            fails(root(), REPOSITORY, _replication("eu-west-2"), at=""),
        ),
        passing=(
            passes(root(), REPOSITORY, _replication("us-west-2")),
            passes(root(), REPOSITORY, others=[_replication("us-west-2")]),
            passes(root()),
            passes(root(), REPOSITORY, role="standby"),
        ),
        unknown=passes(root(), REPOSITORY, _replication(UNKNOWN)),
    ),
}

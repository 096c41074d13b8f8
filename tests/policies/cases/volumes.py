"""What proves the rules about volumes."""

from __future__ import annotations

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, root, secret

KEY = "arn:aws:kms:us-east-1:123456789012:key/a"
VOLUME = Described(
    type="aws:ebs/volume:Volume", name="scratch", properties={"encrypted": True, "kmsKeyId": KEY}
)
COPY = Described(
    type="aws:ebs/snapshotCopy:SnapshotCopy",
    name="copy",
    properties={"encrypted": True, "kmsKeyId": KEY},
)
GROUP = recorded("aws:eks/nodeGroup:NodeGroup")
CLAIMS = recorded("kubernetes:storage.k8s.io/v1:StorageClass", "storage-storage-gp3")
SHARED = recorded("kubernetes:storage.k8s.io/v1:StorageClass", "storage-storage-efs")
DEFAULT = recorded("aws:ebs/encryptionByDefault:EncryptionByDefault", asked="stack")
DISK = {"encrypted": True, "kmsKeyId": KEY}
INSTANCE = Described(
    type="aws:ec2/instance:Instance",
    name="bastion",
    properties={"rootBlockDevice": dict(DISK), "ebsBlockDevices": [dict(DISK)]},
)

CASES = {
    "volumes-encrypted": Cases(
        failing=(
            fails(VOLUME.but({"encrypted": None}), at="encrypted", wanted="true"),
            fails(VOLUME.but({"encrypted": False}), at="encrypted"),
            fails(VOLUME.but({"kmsKeyId": None}), at="kmsKeyId", wanted="customer managed key"),
            fails(COPY.but({"encrypted": None}), at="encrypted"),
            fails(GROUP.but({"launchTemplate": None}), at="launchTemplate", wanted="encrypts"),
            fails(CLAIMS.but({"parameters.encrypted": "false"}), at="parameters.encrypted"),
            fails(CLAIMS.but({"parameters.kmsKeyId": ""}), at="parameters.kmsKeyId"),
            fails(
                INSTANCE.but({"rootBlockDevice.encrypted": None}), at="rootBlockDevice.encrypted"
            ),
            fails(
                INSTANCE.but({"ebsBlockDevices": [DISK, DISK | {"encrypted": False}]}),
                at="ebsBlockDevices[1].encrypted",
            ),
        ),
        passing=(
            passes(VOLUME, COPY, GROUP, CLAIMS, SHARED, INSTANCE),
            passes(VOLUME.but({"kmsKeyId": UNKNOWN}), GROUP.but({"launchTemplate": UNKNOWN})),
        ),
        unknown=passes(VOLUME.but({"encrypted": UNKNOWN})),
        secret=fails(VOLUME.but({"encrypted": secret(value=False)}), at="encrypted"),
    ),
    "volumes-encrypted-by-default": Cases(
        failing=(
            fails(root(), at="", wanted="EncryptionByDefault"),
            fails(root(), DEFAULT.but({"enabled": False}), at=""),
            fails(root(), role="standby", at=""),
        ),
        passing=(
            passes(root(), DEFAULT),
            passes(root(), DEFAULT.but({"enabled": None})),
            passes(root(), role="link"),
        ),
        unknown=passes(root(), DEFAULT.but({"enabled": UNKNOWN})),
    ),
}

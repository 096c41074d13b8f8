"""Lives of what decides how instances and volumes are made."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives.networks import name_tag

METADATA = {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
VOLUME = {"volumeType": "gp3", "volumeSize": 100, "encrypted": "true"}


def _latest(account: Account, id_: str) -> Any:
    return account("ec2").describe_launch_template_versions(
        LaunchTemplateId=id_, Versions=["$Default"]
    )["LaunchTemplateVersions"][0]


def _weakened(account: Account, id_: str) -> None:
    """Somebody adds a version that takes IMDSv1 again."""
    account("ec2").create_launch_template_version(
        LaunchTemplateId=id_,
        LaunchTemplateData={"MetadataOptions": {"HttpTokens": "optional"}},
    )


LIVES = (
    Life(
        token="aws:ec2/launchTemplate:LaunchTemplate",
        props={
            "name": "system-g1",
            "updateDefaultVersion": True,
            "description": "system nodes",
            "metadataOptions": METADATA,
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": VOLUME}],
            "monitoring": {"enabled": True},
            "vpcSecurityGroupIds": ["{group}"],
            "tagSpecifications": [
                {"resourceType": "instance", "tags": {"Name": "system", "team": "ml"}},
                {"resourceType": "volume", "tags": {"Name": "system"}},
            ],
            "userData": "IyEvYmluL3NoCg==",
            "tags": {"Name": "system"},
        },
        change={
            "metadataOptions": {**METADATA, "httpPutResponseHopLimit": 2},
            "tags": {"Name": "all"},
        },
        look=lambda account, id_: [
            _latest(account, id_)["VersionNumber"],
            _latest(account, id_)["LaunchTemplateData"]["MetadataOptions"][
                "HttpPutResponseHopLimit"
            ],
            name_tag(account, id_),
        ],
        shows=[2, 2, {"Name": "all"}],
        meddle=_weakened,
    ),
    Life(
        token="aws:ebs/encryptionByDefault:EncryptionByDefault",
        props={"enabled": True},
        change={"enabled": False},
        look=lambda account, id_: account("ec2").get_ebs_encryption_by_default()[
            "EbsEncryptionByDefault"
        ],
        shows=False,
        meddle=lambda account, id_: account("ec2").enable_ebs_encryption_by_default(),
        stays=True,
    ),
    Life(
        token="aws:ebs/defaultKmsKey:DefaultKmsKey",
        props={"keyArn": "{key}"},
        meddle=lambda account, id_: account("ec2").modify_ebs_default_kms_key_id(
            KmsKeyId=account("kms").create_key()["KeyMetadata"]["Arn"]
        ),
        stays=True,
    ),
    Life(
        token="aws:ec2/placementGroup:PlacementGroup",
        props={"name": "gpu", "strategy": "cluster", "tags": {"Name": "gpu"}},
        change={"tags": {"Name": "gpus"}},
        look=lambda account, id_: account("ec2").describe_placement_groups(GroupNames=[id_])[
            "PlacementGroups"
        ][0]["Tags"],
        shows=[{"Key": "Name", "Value": "gpus"}],
        meddle=lambda account, id_: account("ec2").delete_placement_group(GroupName=id_),
    ),
    Life(
        token="aws:ec2/capacityReservation:CapacityReservation",
        props={
            "availabilityZone": "us-east-1a",
            "instanceCount": 1,
            "instancePlatform": "Linux/UNIX",
            "instanceType": "g4dn.xlarge",
            "tags": {"Name": "gpu"},
        },
        change={"instanceCount": 2, "tags": {"Name": "gpus"}},
        look=lambda account, id_: account("ec2").describe_capacity_reservations(
            CapacityReservationIds=[id_]
        )["CapacityReservations"][0]["AvailableInstanceCount"],
        shows=2,
        meddle=lambda account, id_: account("ec2").cancel_capacity_reservation(
            CapacityReservationId=id_
        ),
    ),
)

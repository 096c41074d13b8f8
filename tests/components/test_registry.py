"""Repositories of the platform's own images."""

from __future__ import annotations

import json

from components.base import Site
from components.registry import Registry, RegistryArgs
from tests.components.recorder import ACCOUNT, Recording, record

REPOSITORY = "aws:ecr/repository:Repository"
SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/data"


def built(site: Site, *, continuous_scanning: bool = False) -> Recording[Registry]:
    args = RegistryArgs(
        namespace="mlops-platform",
        repositories=("platform-api", "platform-ui"),
        key_arn=KEY_ARN,
        keep_images=50,
        untagged_days=7,
        continuous_scanning=continuous_scanning,
    )
    return record(lambda: Registry("registry", args, site))


def test_a_tag_never_moves_and_every_push_is_scanned(site: Site) -> None:
    for repository in built(site).all(REPOSITORY):
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
        assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository.inputs["encryptionConfigurations"] == [
            {"encryptionType": "KMS", "kmsKey": KEY_ARN}
        ]


def test_repositories_live_below_their_namespace_and_are_protected(site: Site) -> None:
    recording = built(site)
    repository = recording.one(REPOSITORY, "registry-platform-api")
    assert repository.inputs["name"] == "mlops-platform/platform-api"
    assert repository.tags["Name"] == repository.inputs["name"]
    assert repository.protect
    assert "forceDelete" not in repository.inputs
    assert recording.value(recording.result.urls["platform-api"]) == (
        f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/mlops-platform/platform-api"
    )


def test_untagged_images_go_by_age_and_tagged_ones_by_number(site: Site) -> None:
    recording = built(site)
    policy = recording.one(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy", "registry-platform-ui-lifecycle"
    )
    untagged, tagged = json.loads(policy.inputs["policy"])["rules"]
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 7,
    }
    assert tagged["selection"]["countNumber"] == 50
    assert tagged["action"] == {"type": "expire"}
    assert untagged["rulePriority"] < tagged["rulePriority"]


def test_the_regions_scanning_is_left_alone_unless_this_stack_owns_it(site: Site) -> None:
    assert not built(site).has(SCANNING)
    scanning = built(site, continuous_scanning=True).one(SCANNING)
    assert scanning.inputs["scanType"] == "ENHANCED"
    assert scanning.retain

"""The link's stack file and what it deploys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pytest

from infra.__main__ import main
from infra.link_settings import LinkSettings, is_link, parse_link
from infra.settings import SettingsError
from tests.components.recorder import ACCOUNT, Answer, Inputs, Recording, record
from tests.infra.documents import committed, with_values

KEY = "mlops-platform:settings"
RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
FILES = "aws:efs/replicationConfiguration:ReplicationConfiguration"
IMAGES = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
VAULT = "aws:backup/vault:Vault"
SELECTION = "aws:backup/selection:Selection"
REFERENCE = "pulumi:pulumi:StackReference"


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    fresh = asyncio.new_event_loop()
    asyncio.set_event_loop(fresh)
    yield
    fresh.close()
    asyncio.set_event_loop(None)


def told(inputs: Inputs) -> Inputs:
    """What a region's stack tells of itself."""
    stack = inputs["name"].rpartition("/")[2]
    region = {"production": "us-east-1", "dr": "us-west-2"}[stack]
    return {
        "name": inputs["name"],
        "outputs": {
            "keys": {"data": f"arn:aws:kms:{region}:{ACCOUNT}:key/mrk-data"},
            "file_system": {
                "id": f"fs-{stack}",
                "arn": f"arn:aws:elasticfilesystem:{region}:{ACCOUNT}:file-system/fs-{stack}",
            },
            "database": {"arn": f"arn:aws:rds:{region}:{ACCOUNT}:db:{stack}"},
        },
        "secretOutputNames": [],
    }


ANSWERS: Mapping[str, Answer] = {REFERENCE: told}


def deployed(**changes: Any) -> Recording[None]:
    document = with_values(committed("link"), changes)

    def program() -> None:
        pulumi.runtime.set_all_config({KEY: json.dumps(document)})
        main()

    return record(program, answers=ANSWERS)


def parsed(changes: dict[str, Any]) -> LinkSettings:
    return parse_link("link", json.dumps(with_values(committed("link"), changes)))


def test_the_committed_file_is_a_link() -> None:
    assert is_link(json.dumps(committed("link")))
    assert not is_link(json.dumps(committed("production")))
    assert not is_link("not JSON")


def test_buckets_are_copied_both_ways_by_their_declared_names() -> None:
    recording = deployed()
    there = recording.one(RULES, "buckets-to-standby-models")
    assert there.inputs["bucket"] == f"mlops-platform-production-models-{ACCOUNT}-g1"
    [rule] = there.inputs["rules"]
    assert rule["destination"]["bucket"] == f"arn:aws:s3:::mlops-platform-dr-models-{ACCOUNT}-g1"
    back = recording.one(RULES, "buckets-to-primary-models")
    assert back.inputs["region"] == "us-west-2"
    assert back.inputs["bucket"] == f"mlops-platform-dr-models-{ACCOUNT}-g1"
    assert len(recording.all(RULES)) == 2 * 4


def test_copies_are_under_the_key_that_the_other_stack_tells() -> None:
    [rule] = deployed().one(RULES, "buckets-to-standby-backups").inputs["rules"]
    assert rule["destination"]["encryptionConfiguration"] == {
        "replicaKmsKeyId": f"arn:aws:kms:us-west-2:{ACCOUNT}:key/mrk-data"
    }


def test_files_go_one_way_and_images_both() -> None:
    recording = deployed()
    files = recording.one(FILES)
    assert files.inputs["sourceFileSystemId"] == "fs-production"
    assert files.inputs["destination"] == {"region": "us-west-2", "fileSystemId": "fs-dr"}
    assert {one.inputs["region"] for one in recording.all(IMAGES)} == {"us-east-1", "us-west-2"}


def test_what_is_switched_off_is_not_made() -> None:
    recording = deployed(**{"replication.images": None, "replication.files": False})
    assert not recording.has(IMAGES)
    assert not recording.has(FILES)


def test_the_primarys_data_is_vaulted_in_both_regions_unless_that_is_switched_off() -> None:
    recording = deployed()
    assert recording.one(SELECTION).inputs["resources"] == [
        f"arn:aws:rds:us-east-1:{ACCOUNT}:db:production",
        f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-production",
    ]
    assert {one.inputs["region"] for one in recording.all(VAULT)} == {"us-east-1", "us-west-2"}
    assert not deployed(vault=None).has(VAULT)


def test_every_role_is_bounded() -> None:
    roles = deployed().all("aws:iam/role:Role")
    assert roles
    for role in roles:
        assert role.inputs["permissionsBoundary"].endswith(":policy/mlops-boundary")
        assert role.inputs["path"] == "/mlops/"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"standby.region": "us-east-1"}, "standby.region: expected another region"),
        (
            {"standby.stack": "organization/mlops-platform/production"},
            "standby.stack: expected another one than the primary's",
        ),
        ({"standby.prefix": "mlops-platform-production"}, "standby.prefix: expected another one"),
        ({"replication.buckets": ["logs"]}, "replication.buckets[0]: expected one of artifacts"),
        ({"replication.buckets": ["models", "models"]}, "replication.buckets"),
        ({"replication.buckets": []}, "replication.buckets: expected a list of purposes"),
        ({"replication.images": "Mlops"}, "replication.images: expected"),
        ({"vault.keep_days": 10}, "vault.keep_days: expected at least vault.locked_days (14)"),
        ({"vault.schedule": "0 9 * * *"}, "vault.schedule: expected"),
        ({"colour": "blue"}, "colour: unknown key"),
        ({"primary.region": "mars"}, "primary.region: expected a region"),
    ],
)
def test_a_wrong_link_is_refused_before_anything_is_registered(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as error:
        parsed(changes)
    assert said in str(error.value)
    assert "nothing was deployed" in str(error.value)
    document = json.dumps(with_values(committed("link"), changes))

    def program() -> None:
        pulumi.runtime.set_all_config({KEY: document})
        with pytest.raises(pulumi.RunError):
            main()

    assert record(program).resources == []


def test_both_ends_are_what_the_regions_files_declare() -> None:
    settings = parsed({})
    for end, stack in ((settings.primary, "production"), (settings.standby, "dr")):
        declared = committed(stack)
        assert end.region == declared["region"]
        assert end.prefix == declared["prefix"]
        assert end.data_generation == declared["data_generation"]
        assert settings.replication.images == declared["registry"]["namespace"]
        assert settings.account_id == declared["account_id"]

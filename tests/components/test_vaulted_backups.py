"""Backups under lock, in both regions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.base import Site
from components.vaulted_backups import VaultedBackups, VaultedBackupsArgs
from tests.components.recorder import ACCOUNT, Recording, record

VAULT = "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
POLICY = "aws:iam/rolePolicy:RolePolicy"
HERE = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-data"
THERE = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/mrk-data"
DATABASE = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:main"
FILES = f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-1"
ARGS = VaultedBackupsArgs(
    source_region="us-east-1",
    target_region="us-west-2",
    source_key_arn=HERE,
    target_key_arn=THERE,
    database_arn=DATABASE,
    file_system_arn=FILES,
    schedule="0 9 * * ? *",
    keep_days=35,
    locked_days=14,
)


@pytest.fixture
def made(site: Site) -> Recording[VaultedBackups]:
    return record(lambda: VaultedBackups("vaulted", ARGS, site))


@pytest.mark.parametrize(
    ("end", "region", "key"), [("source", "us-east-1", HERE), ("target", "us-west-2", THERE)]
)
def test_each_region_has_a_vault_under_its_key_and_a_lock_that_governs(
    made: Recording[VaultedBackups], end: str, region: str, key: str
) -> None:
    vault = made.one(VAULT, f"vaulted-{end}-vault").inputs
    lock = made.one(LOCK, f"vaulted-{end}-lock").inputs
    assert (vault["region"], vault["kmsKeyArn"]) == (region, key)
    assert (lock["region"], lock["backupVaultName"]) == (region, vault["name"])
    assert lock["minRetentionDays"] == 14
    assert "changeableForDays" not in lock


def test_what_is_selected_is_kept_in_both_vaults_each_day(
    made: Recording[VaultedBackups],
) -> None:
    [rule] = made.one(PLAN, "vaulted-plan").inputs["rules"]
    assert rule["schedule"] == "cron(0 9 * * ? *)"
    assert rule["targetVaultName"] == made.one(VAULT, "vaulted-source-vault").inputs["name"]
    assert rule["lifecycle"] == {"deleteAfter": 35}
    [copy] = rule["copyActions"]
    assert copy["lifecycle"] == {"deleteAfter": 35}
    assert made.one(SELECTION, "vaulted-selection").inputs["resources"] == [DATABASE, FILES]


def test_the_role_reaches_what_is_selected_and_nothing_else(
    made: Recording[VaultedBackups],
) -> None:
    document = json.loads(made.one(POLICY, "vaulted-backups-permissions").inputs["policy"])
    resources = {one["Sid"]: one["Resource"] for one in document["Statement"]}
    assert resources["BackUpDatabase"] == [
        DATABASE,
        f"arn:aws:rds:*:{ACCOUNT}:snapshot:awsbackup:*",
    ]
    assert resources["BackUpFiles"] == [FILES]
    assert "*" not in [one for each in resources.values() for one in each]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"target_region": "us-east-1"}, "target_region: us-east-1: expected another region"),
        ({"keep_days": 7}, "keep_days: 7: expected at least the 14 days"),
    ],
)
def test_what_every_job_would_fail_of_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ARGS, **wrong)

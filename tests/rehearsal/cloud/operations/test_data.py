"""RDS, KMS, EFS, S3, Secrets Manager and AWS Backup, where moto falls short."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import ACCOUNT_ID, ROOT, Account, allow, policy

MAIN = {"DBInstanceIdentifier": "main"}
SOURCE = f"arn:aws:rds:us-east-1:{ACCOUNT_ID}:db:main"


def replicate(account: Account) -> Account:
    """A replica of `main` in us-west-2; that region."""
    account.database_subnets("east")
    account.database(
        DBSubnetGroupName="east",
        StorageEncrypted=True,
        KmsKeyId=account.key(),
        DeletionProtection=True,
        MultiAZ=True,
        Tags=[{"Key": "region", "Value": "east"}],
    )
    west = account.there("us-west-2")
    west.database_subnets("west")
    west.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="copy",
        SourceDBInstanceIdentifier=SOURCE,
        DBSubnetGroupName="west",
        KmsKeyId=west.key(),
    )
    return west


def test_a_replica_in_another_region_has_that_regions_things(account: Account) -> None:
    west = replicate(account)
    found = west.rds.describe_db_instances(DBInstanceIdentifier="copy")["DBInstances"][0]
    assert found["ReadReplicaSourceDBInstanceIdentifier"] == SOURCE
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "west"
    assert found["DBInstanceArn"].split(":")[3] == "us-west-2"
    assert found["KmsKeyId"].split(":")[3] == "us-west-2"
    assert (found["DeletionProtection"], found["MultiAZ"], found["TagList"]) == (False, False, [])


def test_a_promoted_replica_knows_its_source_no_more(account: Account) -> None:
    west = replicate(account)
    west.rds.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=14)
    found = west.rds.describe_db_instances(DBInstanceIdentifier="copy")["DBInstances"][0]
    assert "ReadReplicaSourceDBInstanceIdentifier" not in found
    assert found["BackupRetentionPeriod"] == 14
    source = account.rds.describe_db_instances(**MAIN)["DBInstances"][0]
    assert source.get("ReadReplicaDBInstanceIdentifiers") in (None, [])


def test_the_first_backup_is_taken_when_backups_are_turned_on(account: Account) -> None:
    west = replicate(account)
    assert west.rds.describe_db_snapshots()["DBSnapshots"] == []
    west.rds.modify_db_instance(DBInstanceIdentifier="copy", BackupRetentionPeriod=7)
    (taken,) = west.rds.describe_db_snapshots()["DBSnapshots"]
    assert taken["DBSnapshotIdentifier"].startswith("rds:copy-")
    assert (taken["SnapshotType"], taken["Encrypted"]) == ("automated", True)
    west.rds.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=14)
    assert len(west.rds.describe_db_snapshots()["DBSnapshots"]) == 1


def test_backups_follow_a_renamed_database_and_outlive_it_where_they_are_to(
    account: Account,
) -> None:
    west = replicate(account)
    west.rds.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=14)
    west.rds.modify_db_instance(DBInstanceIdentifier="copy", NewDBInstanceIdentifier="aside")
    (taken,) = west.rds.describe_db_snapshots(DBInstanceIdentifier="aside")["DBSnapshots"]
    kept = {"DbiResourceId": taken["DbiResourceId"]}
    with pytest.raises(ClientError, match="InvalidDBInstanceAutomatedBackupState"):
        west.rds.delete_db_instance_automated_backup(**kept)
    west.rds.delete_db_instance(
        DBInstanceIdentifier="aside", SkipFinalSnapshot=True, DeleteAutomatedBackups=False
    )
    assert len(west.rds.describe_db_snapshots()["DBSnapshots"]) == 1
    west.rds.delete_db_instance_automated_backup(**kept)
    assert west.rds.describe_db_snapshots()["DBSnapshots"] == []
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        west.rds.delete_db_instance_automated_backup(**kept)


def test_insights_of_a_database_are_shown_and_changed(account: Account) -> None:
    account.database(EnablePerformanceInsights=True)
    found = account.rds.describe_db_instances(**MAIN)["DBInstances"][0]
    assert found["PerformanceInsightsRetentionPeriod"] == 7
    account.rds.modify_db_instance(**MAIN, EnablePerformanceInsights=False)
    found = account.rds.describe_db_instances(**MAIN)["DBInstances"][0]
    assert found["PerformanceInsightsEnabled"] is False


def test_each_database_has_a_resource_identifier_of_its_own(account: Account) -> None:
    account.database("one")
    account.database("two")
    found = account.rds.describe_db_instances()["DBInstances"]
    assert len({each["DbiResourceId"] for each in found}) == 2


def test_a_deleted_database_leaves_the_final_snapshot_that_was_asked_for(account: Account) -> None:
    account.database()
    account.rds.delete_db_instance(**MAIN, FinalDBSnapshotIdentifier="last")
    snapshots = account.rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"]
    assert [each["Status"] for each in snapshots] == ["available"]


def test_backups_are_replicated_and_no_longer(account: Account) -> None:
    account.database()
    west = account.there("us-west-2").rds
    west.start_db_instance_automated_backups_replication(SourceDBInstanceArn=SOURCE)
    listed = west.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    assert [each["DBInstanceArn"] for each in listed] == [SOURCE]
    west.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=SOURCE)
    assert west.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"] == []


def test_a_replica_of_a_key_has_its_own_policy_and_aliases(account: Account) -> None:
    key = account.key(MultiRegion=True)
    owner = policy(allow("kms:*", Principal={"AWS": ROOT}))
    account.kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    made = account.kms.replicate_key(KeyId=key, ReplicaRegion="us-west-2", Policy=owner)
    west = account.there("us-west-2").kms
    replica = made["ReplicaKeyMetadata"]["KeyId"]
    assert west.get_key_policy(KeyId=replica, PolicyName="default")["Policy"] == owner
    assert west.list_aliases(KeyId=replica)["Aliases"] == []
    kinds = [
        client.describe_key(KeyId=replica)["KeyMetadata"]["MultiRegionConfiguration"][
            "MultiRegionKeyType"
        ]
        for client in (account.kms, west)
    ]
    assert kinds == ["PRIMARY", "REPLICA"]


def test_a_grant_that_is_made_again_is_the_same_one(account: Account) -> None:
    key, role = account.key(), f"arn:aws:iam::{ACCOUNT_ID}:role/reader"
    account.role("reader")
    asked = {"KeyId": key, "GranteePrincipal": role, "Operations": ["Decrypt"]}
    made = [account.kms.create_grant(**asked, Name="nodes")["GrantId"] for _ in range(2)]
    assert made[0] == made[1]
    assert account.kms.create_grant(**asked, Name="others")["GrantId"] != made[0]
    assert len(account.kms.list_grants(KeyId=key)["Grants"]) == 2


def test_a_keys_rotation_period_is_kept(account: Account) -> None:
    key = account.key()
    account.kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    status = account.kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)


def test_a_bucket_that_denies_plain_http_can_still_be_written(account: Account) -> None:
    account.bucket("models")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::models", "arn:aws:s3:::models/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    account.s3.put_bucket_policy(Bucket="models", Policy=policy(deny))
    account.s3.put_object(Bucket="models", Key="k", Body=b"x")
    assert account.s3.get_bucket_policy(Bucket="models")["Policy"] == policy(deny)
    status = account.s3.get_bucket_policy_status(Bucket="models")["PolicyStatus"]
    assert status["IsPublic"] is False


def test_replication_of_a_file_system_makes_its_copy_and_lets_go_of_it(account: Account) -> None:
    system = account.efs.create_file_system(CreationToken="t")["FileSystemId"]
    west = account.there("us-west-2")
    made = account.efs.create_replication_configuration(
        SourceFileSystemId=system, Destinations=[{"Region": "us-west-2", "KmsKeyId": west.key()}]
    )
    copy = made["Destinations"][0]["FileSystemId"]

    def protection() -> str:
        found = west.efs.describe_file_systems(FileSystemId=copy)["FileSystems"][0]
        return found["FileSystemProtection"]["ReplicationOverwriteProtection"]

    assert protection() == "REPLICATING"
    found = west.efs.describe_replication_configurations(FileSystemId=copy)["Replications"]
    assert found[0]["SourceFileSystemId"] == system
    account.efs.delete_replication_configuration(SourceFileSystemId=system)
    assert protection() == "DISABLED"


def test_a_file_systems_throughput_and_backup_policy_change(account: Account) -> None:
    system = account.efs.create_file_system(CreationToken="t")["FileSystemId"]
    account.efs.update_file_system(FileSystemId=system, ThroughputMode="elastic")
    found = account.efs.describe_file_systems(FileSystemId=system)["FileSystems"][0]
    assert found["ThroughputMode"] == "elastic"
    on = {"Status": "ENABLED"}
    account.efs.put_backup_policy(FileSystemId=system, BackupPolicy=on)
    assert account.efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"] == on


def test_a_replica_of_a_secret_becomes_a_secret_of_its_own(account: Account) -> None:
    replica = [{"Region": "us-west-2"}]
    account.secretsmanager.create_secret(Name="s", SecretString="x", AddReplicaRegions=replica)
    west = account.there("us-west-2").secretsmanager
    west.stop_replication_to_replica(SecretId="s")
    account.secretsmanager.delete_secret(SecretId="s", RecoveryWindowInDays=7)
    assert west.get_secret_value(SecretId="s")["SecretString"] == "x"


def test_a_backup_plan_selects_and_shows_what_it_selects(account: Account) -> None:
    account.backup.create_backup_vault(BackupVaultName="vault")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "vault"}
    plan = account.backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "plan", "Rules": [rule]}
    )["BackupPlanId"]
    chosen = {
        "SelectionName": "tagged",
        "IamRoleArn": account.role("backup", "backup.amazonaws.com"),
        "Resources": ["*"],
    }
    made = account.backup.create_backup_selection(BackupPlanId=plan, BackupSelection=chosen)
    found = account.backup.get_backup_selection(BackupPlanId=plan, SelectionId=made["SelectionId"])
    assert found["BackupSelection"] == chosen
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.backup.get_backup_selection(BackupPlanId=plan, SelectionId="none")


def test_a_subnet_group_is_still_there_after_it_was_changed(account: Account) -> None:
    subnets = account.database_subnets("main")
    account.rds.modify_db_subnet_group(DBSubnetGroupName="main", SubnetIds=subnets[:2])
    found = account.rds.describe_db_subnet_groups(DBSubnetGroupName="main")["DBSubnetGroups"][0]
    assert [each["SubnetIdentifier"] for each in found["Subnets"]] == subnets[:2]


def test_a_backup_plan_changes_and_can_be_made_again_after_its_deletion(account: Account) -> None:
    account.backup.create_backup_vault(BackupVaultName="vault")

    def plan(schedule: str) -> dict[str, object]:
        rule = {"RuleName": "daily", "TargetBackupVaultName": "vault"}
        rules = [{**rule, "ScheduleExpression": schedule}]
        return {"BackupPlan": {"BackupPlanName": "plan", "Rules": rules}}

    made = {
        "BackupPlanId": account.backup.create_backup_plan(**plan("cron(0 5 ? * * *)"))[
            "BackupPlanId"
        ]
    }
    account.backup.update_backup_plan(**made, **plan("cron(0 6 ? * * *)"))
    found = account.backup.get_backup_plan(**made)["BackupPlan"]["Rules"][0]
    assert found["ScheduleExpression"] == "cron(0 6 ? * * *)"
    account.backup.delete_backup_plan(**made)
    account.backup.create_backup_plan(**plan("cron(0 5 ? * * *)"))


def test_configurations_of_a_bucket_are_kept_by_their_identifier(account: Account) -> None:
    account.bucket("models")
    tiers = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]
    config = {"Id": "cold", "Status": "Enabled", "Tierings": tiers}
    named = {"Bucket": "models", "Id": "cold"}
    account.s3.put_bucket_intelligent_tiering_configuration(
        **named, IntelligentTieringConfiguration=config
    )
    found = account.s3.get_bucket_intelligent_tiering_configuration(**named)
    assert found["IntelligentTieringConfiguration"] == config
    account.s3.delete_bucket_intelligent_tiering_configuration(**named)
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        account.s3.get_bucket_intelligent_tiering_configuration(**named)


def test_rotation_of_a_secret_is_remembered_and_cancelled(account: Account) -> None:
    account.secretsmanager.create_secret(Name="s", SecretString="x")
    account.secretsmanager.rotate_secret(SecretId="s", RotationRules={"AutomaticallyAfterDays": 30})
    assert account.secretsmanager.describe_secret(SecretId="s")["RotationEnabled"] is True
    assert account.secretsmanager.get_secret_value(SecretId="s")["SecretString"] == "x"
    account.secretsmanager.cancel_rotate_secret(SecretId="s")
    assert not account.secretsmanager.describe_secret(SecretId="s").get("RotationEnabled")

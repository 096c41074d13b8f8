"""Lives of backups, tables and tags on Auto Scaling groups."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

VAULT = (
    "aws:backup/vault:Vault",
    {"name": "platform", "kmsKeyArn": "{key}", "tags": {"Name": "platform"}},
)
PLAN = (
    "aws:backup/plan:Plan",
    {
        "name": "daily",
        "rules": [
            {
                "ruleName": "daily",
                "targetVaultName": "platform",
                "schedule": "cron(0 3 * * ? *)",
                "startWindow": 60,
                "completionWindow": 180,
                "lifecycle": {"deleteAfter": 35},
                "copyActions": [
                    {
                        "destinationVaultArn": (
                            "arn:aws:backup:us-west-2:123456789012:backup-vault:platform"
                        ),
                        "lifecycle": {"deleteAfter": 14},
                    }
                ],
            }
        ],
        "tags": {"Name": "daily"},
    },
)


def _record(account: Account) -> Any:
    """The item that the life of one is about."""
    key = {"platform": {"S": "mlops"}}
    return account("dynamodb").get_item(TableName="fence", Key=key)["Item"]


WEEKLY = {
    "ruleName": "daily",
    "targetVaultName": "platform",
    "schedule": "cron(0 3 ? * SUN *)",
    "lifecycle": {"deleteAfter": 35},
}


def _rules(account: Account, id_: str) -> Any:
    return account("backup").get_backup_plan(BackupPlanId=id_)["BackupPlan"]["Rules"]


def _tag_value(account: Account, id_: str) -> Any:
    group = [{"Name": "auto-scaling-group", "Values": [id_.partition(",")[0]]}]
    found = account("autoscaling").describe_tags(Filters=group)["Tags"]
    return [one["Value"] for one in found if one["Key"] == id_.partition(",")[2]]


LIVES = (
    Life(
        token=VAULT[0],
        props=VAULT[1],
        change={"tags": {"Name": "vault"}},
        look=lambda account, id_: account("backup").list_tags(
            ResourceArn=f"arn:aws:backup:us-east-1:123456789012:backup-vault:{id_}"
        )["Tags"],
        shows={"Name": "vault"},
        meddle=lambda account, id_: account("backup").delete_backup_vault(BackupVaultName=id_),
    ),
    Life(
        token="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        before={"vault": VAULT},
        props={"backupVaultName": "platform", "minRetentionDays": 14},
        meddle=lambda account, id_: account("backup").delete_backup_vault_lock_configuration(
            BackupVaultName=id_
        ),
    ),
    Life(
        token=PLAN[0],
        before={"vault": VAULT},
        props=PLAN[1],
        change={"rules": [WEEKLY]},
        look=lambda account, id_: _rules(account, id_)[0]["ScheduleExpression"],
        shows="cron(0 3 ? * SUN *)",
        meddle=lambda account, id_: account("backup").update_backup_plan(
            BackupPlanId=id_,
            BackupPlan={
                "BackupPlanName": "daily",
                "Rules": [
                    {
                        "RuleName": "daily",
                        "TargetBackupVaultName": "platform",
                        "ScheduleExpression": "cron(0 3 1 * ? *)",
                        "Lifecycle": {"DeleteAfterDays": 1},
                    }
                ],
            },
        ),
    ),
    Life(
        token="aws:backup/selection:Selection",
        before={"vault": VAULT, "plan": (PLAN[0], {"name": "weekly", "rules": [WEEKLY]})},
        props={
            "name": "tagged",
            "planId": "{before.plan.id}",
            "iamRoleArn": "{backup_role}",
            "selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}],
        },
    ),
    Life(
        token="aws:dynamodb/table:Table",
        props={
            "name": "lease",
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "name",
            "attributes": [{"name": "name", "type": "S"}],
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": "{key}"},
            "ttl": {"attributeName": "until", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": {"Name": "lease"},
        },
        change={"streamEnabled": True, "streamViewType": "NEW_IMAGE", "tags": {"Name": "fence"}},
        look=lambda account, id_: account("dynamodb").describe_table(TableName=id_)["Table"][
            "StreamSpecification"
        ]["StreamViewType"],
        shows="NEW_IMAGE",
        meddle=lambda account, id_: account("dynamodb").update_continuous_backups(
            TableName=id_,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
        undo=("deletionProtectionEnabled",),
    ),
    Life(
        token="aws:dynamodb/tableItem:TableItem",
        before={
            "table": (
                "aws:dynamodb/table:Table",
                {
                    "name": "fence",
                    "billingMode": "PAY_PER_REQUEST",
                    "hashKey": "platform",
                    "attributes": [{"name": "platform", "type": "S"}],
                },
            )
        },
        props={
            "tableName": "{before.table.name}",
            "hashKey": "platform",
            "item": '{"platform": {"S": "mlops"}, "epoch": {"N": "1"}}',
        },
        change={"item": '{"platform": {"S": "mlops"}, "epoch": {"N": "2"}}'},
        look=lambda account, id_: _record(account)["epoch"],
        shows={"N": "2"},
        meddle=lambda account, id_: account("dynamodb").put_item(
            TableName="fence", Item={**_record(account), "epoch": {"N": "7"}}
        ),
    ),
    Life(
        token="aws:autoscaling/tag:Tag",
        props={
            "autoscalingGroupName": "{scaling_group}",
            "tag": {
                "key": "k8s.io/cluster-autoscaler/enabled",
                "value": "true",
                "propagateAtLaunch": False,
            },
        },
        change={
            "tag": {
                "key": "k8s.io/cluster-autoscaler/enabled",
                "value": "false",
                "propagateAtLaunch": False,
            }
        },
        look=_tag_value,
        shows=["false"],
        meddle=lambda account, id_: account("autoscaling").create_or_update_tags(
            Tags=[
                {
                    "ResourceId": id_.partition(",")[0],
                    "ResourceType": "auto-scaling-group",
                    "Key": id_.partition(",")[2],
                    "Value": "somebody's",
                    "PropagateAtLaunch": False,
                }
            ]
        ),
    ),
)

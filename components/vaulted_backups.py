"""Backups that nobody deletes before their time, with a copy of each in the other region.

AWS Backup takes one of the database and one of the file system each day, into a vault under
governance lock, and copies it into a vault of the other region. It is the third line: replicas
carry mistakes over, and RDS's own backups end with whoever may delete the instance.
Source: AWS Backup developer guide, Vault Lock, and the AWS-managed policy
AWSBackupServiceRolePolicyForBackup, narrowed to what is selected here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.base import Component, Site
from components.permissions import Statement, Trust
from components.service_role import ServiceRole, ServiceRoleArgs

START_MINUTES = 60
"""How late a backup may begin."""
COMPLETION_MINUTES = 480
"""How long one may take before AWS Backup gives it up."""


@dataclass(frozen=True, kw_only=True)
class VaultedBackupsArgs:
    """What is backed up where, and for how long.

    Raises ValueError where both regions are the same, or days lie outside the lock's.
    """

    source_region: str
    target_region: str
    source_key_arn: Input[str]
    target_key_arn: Input[str]
    database_arn: Input[str]
    file_system_arn: Input[str]
    schedule: str
    """A cron expression of six fields, in UTC."""
    keep_days: int
    locked_days: int
    """Days before which nobody deletes a backup."""

    def __post_init__(self) -> None:
        """AWS Backup takes the plan all the same, and every job of it then fails."""
        if self.source_region == self.target_region:
            raise ValueError(
                f"target_region: {self.target_region}: expected another region than the source's"
            )
        if self.keep_days < self.locked_days:
            raise ValueError(
                f"keep_days: {self.keep_days}: expected at least the {self.locked_days} days that "
                "the vault is locked for"
            )


class VaultedBackups(Component):
    """A vault in each region, and the plan that fills both."""

    vaults: Mapping[str, Output[str]]
    """ARN by region."""

    def __init__(
        self,
        name: str,
        args: VaultedBackupsArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        here = self._vault("source", args.source_region, args.source_key_arn, args)
        there = self._vault("target", args.target_region, args.target_key_arn, args)
        self.vaults = {args.source_region: here.arn, args.target_region: there.arn}
        plan = self._plan(args, here, there)
        self._selection(args, plan, self._role(args, [here.arn, there.arn]))
        self.register_outputs({"vaults": self.vaults})

    def _vault(
        self, end: str, region: str, key_arn: Input[str], args: VaultedBackupsArgs
    ) -> aws.backup.Vault:
        name = self.site.name("backups")
        vault = aws.backup.Vault(
            self.child(f"{end}-vault"),
            region=region,
            name=name,
            kms_key_arn=key_arn,
            tags=self.tags(f"{end}-vault", name=name),
            opts=self.holds_data(),
        )
        aws.backup.VaultLockConfiguration(
            self.child(f"{end}-lock"),
            region=region,
            backup_vault_name=vault.name,
            # Without a day from which on even the root cannot lift it: governance, not compliance.
            min_retention_days=args.locked_days,
            opts=self.options(),
        )
        return vault

    def _plan(
        self, args: VaultedBackupsArgs, here: aws.backup.Vault, there: aws.backup.Vault
    ) -> aws.backup.Plan:
        name = self.site.name("daily")
        return aws.backup.Plan(
            self.child("plan"),
            region=args.source_region,
            name=name,
            rules=[
                {
                    "rule_name": "daily",
                    "target_vault_name": here.name,
                    "schedule": f"cron({args.schedule})",
                    "start_window": START_MINUTES,
                    "completion_window": COMPLETION_MINUTES,
                    "lifecycle": {"delete_after": args.keep_days},
                    "copy_actions": [
                        {
                            "destination_vault_arn": there.arn,
                            "lifecycle": {"delete_after": args.keep_days},
                        }
                    ],
                }
            ],
            tags=self.tags("plan", name=name),
            opts=self.options(),
        )

    def _role(self, args: VaultedBackupsArgs, vaults: list[Output[str]]) -> ServiceRole:
        role = ServiceRoleArgs(
            description=f"AWS Backup copies to {args.target_region}",
            trust=Trust(service="backup.amazonaws.com"),
            statements=_backing_up(args, self.site, vaults),
        )
        return ServiceRole(self.child("backups"), role, self.site, self.options())

    def _selection(
        self, args: VaultedBackupsArgs, plan: aws.backup.Plan, role: ServiceRole
    ) -> None:
        aws.backup.Selection(
            self.child("selection"),
            region=args.source_region,
            name=self.site.name("daily"),
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=[args.database_arn, args.file_system_arn],
            opts=self.options(),
        )


def _backing_up(
    args: VaultedBackupsArgs, site: Site, vaults: list[pulumi.Output[str]]
) -> list[Statement]:
    snapshots = f"arn:aws:rds:*:{site.account_id}:snapshot:awsbackup:*"
    keys = [args.source_key_arn, args.target_key_arn]
    return [
        Statement(
            sid="BackUpDatabase",
            actions=(
                "rds:AddTagsToResource",
                "rds:CopyDBSnapshot",
                "rds:CreateDBSnapshot",
                "rds:DeleteDBSnapshot",
                "rds:DescribeDBInstances",
                "rds:DescribeDBSnapshots",
                "rds:ListTagsForResource",
            ),
            resources=[args.database_arn, snapshots],
        ),
        Statement(
            sid="BackUpFiles",
            actions=("elasticfilesystem:Backup", "elasticfilesystem:DescribeTags"),
            resources=[args.file_system_arn],
        ),
        Statement(
            sid="FillVaults",
            actions=("backup:CopyIntoBackupVault", "backup:DescribeBackupVault"),
            resources=vaults,
        ),
        Statement(
            sid="Encrypt",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            resources=keys,
        ),
        Statement(
            sid="LetServicesEncrypt",
            actions=("kms:CreateGrant",),
            resources=keys,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]

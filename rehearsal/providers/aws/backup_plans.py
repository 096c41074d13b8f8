"""AWS Backup: vaults, plans, and what a plan covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, confirmed, reported, request
from rehearsal.providers.wire import Props, as_list, as_object


class Vault(Resource):
    """The ID is the name."""

    token: ClassVar[str] = "aws:backup/vault:Vault"
    inputs: ClassVar[frozenset[str]] = frozenset({"forceDestroy", "kmsKeyArn", "name", "tags"})
    replaces: ClassVar[frozenset[str]] = frozenset({"kmsKeyArn", "name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"forceDestroy": False}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "backup", "CreateBackupVault", props, only=("kmsKeyArn", "name"), rename=_VAULT
        )
        marks = tagging.given(aws, "backup", "CreateBackupVault", props)
        return aws.client("backup").create_backup_vault(**asked, **marks)["BackupVaultName"]

    @gone_is_none("ResourceNotFoundException", "AccessDeniedException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        """AWS denies access to a vault that does not exist."""
        found = aws.client("backup").describe_backup_vault(BackupVaultName=id_)
        arn = found["BackupVaultArn"]
        shown = {**found, "tags": tagging.own(aws, "backup", arn)}
        return {
            **reported(props, shown, ("name", "kmsKeyArn", "tags"), rename=_VAULT),
            "arn": arn,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tagging.retag(aws, "backup", aws.arn("backup", f"backup-vault:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("forceDestroy"):
            _empty(aws, id_)
        aws.client("backup").delete_backup_vault(BackupVaultName=id_)


class VaultLockConfiguration(Resource):
    """How long recovery points stay. The ID is the vault's name."""

    token: ClassVar[str] = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"backupVaultName"})
    replaces: ClassVar[frozenset[str]] = inputs

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "backup", "PutBackupVaultLockConfiguration", props, only=tuple(sorted(self.inputs))
        )
        aws.client("backup").put_backup_vault_lock_configuration(**asked)
        return str(props["backupVaultName"])

    @gone_is_none("ResourceNotFoundException", "AccessDeniedException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        """AWS tells the day from which on it holds for ever, not the days until then."""
        found = aws.client("backup").describe_backup_vault(BackupVaultName=id_)
        if not found.get("Locked"):
            return None
        days = ("minRetentionDays", "maxRetentionDays")
        asked = {"changeableForDays": props["changeableForDays"]} if "LockDate" in found else {}
        shown = reported(props, found, days)
        return {"backupVaultName": id_, "backupVaultArn": found["BackupVaultArn"], **asked, **shown}

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("backup").delete_backup_vault_lock_configuration(BackupVaultName=id_)


class Plan(Resource):
    """The ID is AWS's."""

    token: ClassVar[str] = "aws:backup/plan:Plan"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"advancedBackupSettings", "name", "rules", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"rules"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "backup", "CreateBackupPlan", props)
        made = aws.client("backup").create_backup_plan(BackupPlan=_plan(props), **marks)
        return made["BackupPlanId"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("backup").get_backup_plan(BackupPlanId=id_)
        if "DeletionDate" in found:
            return None
        now, arn = found["BackupPlan"], found["BackupPlanArn"]
        given = as_list(props.get("rules"))
        rules = aligned(given, [_rule(rule) for rule in now["Rules"]], "ruleName")
        shown = {"name": now["BackupPlanName"], "tags": tagging.own(aws, "backup", arn)}
        plain = {key: value for key, value in props.items() if key != "rules"}
        kept = reported({"rules": given}, {"rules": rules}, ("rules",))
        return {
            **reported(plain, shown, ("name", "tags")),
            "rules": kept["rules"] if given else rules,
            "arn": arn,
            "version": found["VersionId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if any(old.get(key) != new.get(key) for key in ("advancedBackupSettings", "rules")):
            aws.client("backup").update_backup_plan(BackupPlanId=id_, BackupPlan=_plan(new))
        tagging.retag(aws, "backup", aws.arn("backup", f"backup-plan:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("backup").delete_backup_plan(BackupPlanId=id_)


class Selection(Resource):
    """What a plan covers, by ARN or by tag. The ID is AWS's."""

    token: ClassVar[str] = "aws:backup/selection:Selection"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"conditions", "iamRoleArn", "name", "notResources", "planId", "resources"}
        | {"selectionTags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"iamRoleArn", "planId"})
    replaces: ClassVar[frozenset[str]] = inputs
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("backup").create_backup_selection(
            BackupPlanId=props["planId"], BackupSelection=_selection(props)
        )
        return made["SelectionId"]

    @gone_is_none("ResourceNotFoundException", "InvalidParameterValueException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        plan, _, own = id_.rpartition("|")
        found = aws.client("backup").get_backup_selection(
            BackupPlanId=plan or props["planId"], SelectionId=own
        )
        now, asked = found["BackupSelection"], _selection(props) if props else {}
        shown: Props = {"planId": found["BackupPlanId"], "name": now["SelectionName"]}
        for key, member in _SELECTED.items():
            if key in props:
                shown[key] = confirmed(props[key], asked.get(member), now.get(member))
        return {**shown, "iamRoleArn": now["IamRoleArn"]}

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is not None:
            aws.client("backup").delete_backup_selection(
                BackupPlanId=props["planId"], SelectionId=id_.rpartition("|")[2]
            )


_VAULT = {"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn"}
_LIFE = {"coldStorageAfter": "MoveToColdStorageAfterDays", "deleteAfter": "DeleteAfterDays"}
_RULE: Mapping[str, str] = {
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "copyActions.destinationVaultArn": "DestinationBackupVaultArn",
    **{f"lifecycle.{key}": member for key, member in _LIFE.items()},
    **{f"copyActions.lifecycle.{key}": member for key, member in _LIFE.items()},
}
_SELECTED = {
    "conditions": "Conditions",
    "notResources": "NotResources",
    "resources": "Resources",
    "selectionTags": "ListOfTags",
}


def _plan(props: Props) -> dict[str, Any]:
    given = {key: props[key] for key in ("advancedBackupSettings", "rules") if key in props}
    shape = {"backupPlan": {"backupPlanName": props["name"], **given}}
    rename = {f"backupPlan.rules.{key}": member for key, member in _RULE.items()}
    return request("backup", "CreateBackupPlan", shape, rename=rename)["BackupPlan"]


def _rule(found: Mapping[str, Any]) -> Props:
    """A described rule under the names of the properties."""
    names = {member: key for key, member in _RULE.items() if "." not in key}
    life = {member: key for key, member in _LIFE.items()}

    def renamed(block: Mapping[str, Any], table: Mapping[str, str]) -> Props:
        return {
            table.get(name, f"{name[0].lower()}{name[1:]}"): part for name, part in block.items()
        }

    rule = renamed({k: v for k, v in found.items() if k != "RuleId"}, names)
    if "lifecycle" in rule:
        rule["lifecycle"] = renamed(rule["lifecycle"], life)
    if "copyActions" in rule:
        rule["copyActions"] = [_copy(action, life) for action in rule["copyActions"]]
    return rule


def _copy(action: Mapping[str, Any], life: Mapping[str, str]) -> Props:
    kept = {life[name]: days for name, days in as_object(action.get("Lifecycle")).items()}
    target = {"destinationVaultArn": action["DestinationBackupVaultArn"]}
    return {**target, **({"lifecycle": kept} if kept else {})}


def _selection(props: Props) -> dict[str, Any]:
    made: dict[str, Any] = {"SelectionName": props["name"], "IamRoleArn": props["iamRoleArn"]}
    for key, member in (("resources", "Resources"), ("notResources", "NotResources")):
        if props.get(key):
            made[member] = props[key]
    if props.get("selectionTags"):
        made["ListOfTags"] = [
            {
                "ConditionType": tag["type"],
                "ConditionKey": tag["key"],
                "ConditionValue": tag["value"],
            }
            for tag in props["selectionTags"]
        ]
    for block in as_list(props.get("conditions")):
        made["Conditions"] = {_kind(kind): _pairs(pairs) for kind, pairs in block.items() if pairs}
    return made


def _kind(plural: str) -> str:
    """`stringLikes` is AWS's `StringLike`; `stringEquals` keeps its s."""
    name = f"{plural[0].upper()}{plural[1:]}"
    return name if name.endswith("Equals") else name.removesuffix("s")


def _pairs(pairs: list[Props]) -> list[dict[str, str]]:
    return [{"ConditionKey": pair["key"], "ConditionValue": pair["value"]} for pair in pairs]


def _empty(aws: Aws, vault: str) -> None:
    """Delete every recovery point of the vault."""
    backup = aws.client("backup")
    pages = backup.get_paginator("list_recovery_points_by_backup_vault")
    for page in pages.paginate(BackupVaultName=vault):
        for point in page["RecoveryPoints"]:
            backup.delete_recovery_point(
                BackupVaultName=vault, RecoveryPointArn=point["RecoveryPointArn"]
            )


RESOURCES: tuple[Resource, ...] = (Vault(), VaultLockConfiguration(), Plan(), Selection())

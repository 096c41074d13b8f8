"""AWS Backup: what plans select, and the access policies of vaults."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

SELECTIONS = "backup:selection"
POLICIES = "backup:vault-policy"
SUMMARY = ("SelectionId", "BackupPlanId", "CreationDate")


def create_backup_selection(call: Call) -> Answer:
    """CreateBackupSelection."""
    plan = _plan(call)
    made: Record = {
        "SelectionId": identifier(call, plan),
        "BackupPlanId": plan,
        "CreationDate": now(),
        "BackupSelection": call.params["BackupSelection"],
    }
    call.here.table(SELECTIONS)[f"{plan}/{made['SelectionId']}"] = made
    return {name: made[name] for name in SUMMARY}


def get_backup_selection(call: Call) -> Answer:
    """GetBackupSelection."""
    return _find(call)


def list_backup_selections(call: Call) -> Answer:
    """ListBackupSelections of a plan."""
    start = _plan(call) + "/"
    found = [
        {
            **{name: each[name] for name in SUMMARY},
            "SelectionName": each["BackupSelection"]["SelectionName"],
            "IamRoleArn": each["BackupSelection"]["IamRoleArn"],
        }
        for key, each in call.here.table(SELECTIONS).items()
        if key.startswith(start)
    ]
    return page(call, "BackupSelectionsList", found, size="MaxResults", token="NextToken")


def delete_backup_selection(call: Call) -> Answer:
    """DeleteBackupSelection."""
    found = _find(call)
    del call.here.table(SELECTIONS)[f"{found['BackupPlanId']}/{found['SelectionId']}"]
    return {}


def put_backup_vault_access_policy(call: Call) -> Answer:
    """PutBackupVaultAccessPolicy."""
    call.here.table(POLICIES)[_vault(call)] = {"Policy": call.params["Policy"]}
    return {}


def get_backup_vault_access_policy(call: Call) -> Answer:
    """GetBackupVaultAccessPolicy."""
    name = _vault(call)
    held = call.here.table(POLICIES).get(name)
    if held is None:
        raise ApiError("ResourceNotFoundException", f"vault {name} has no access policy")
    arn = f"arn:aws:backup:{call.region}:{call.account}:backup-vault:{name}"
    return {"BackupVaultName": name, "BackupVaultArn": arn, "Policy": held["Policy"]}


def delete_backup_vault_access_policy(call: Call) -> Answer:
    """DeleteBackupVaultAccessPolicy."""
    call.here.table(POLICIES).pop(_vault(call), None)
    return {}


def selections(call: Call, plan: str) -> list[Record]:
    """What a plan selects."""
    table = call.here.table(SELECTIONS)
    return [each for key, each in table.items() if key.startswith(f"{plan}/")]


def _plan(call: Call) -> str:
    name = call.params["BackupPlanId"]
    if name not in call.here.moto("backup").plans:
        raise ApiError("ResourceNotFoundException", f"Cannot find Backup plan with ID {name}")
    return name


def _vault(call: Call) -> str:
    name = call.params["BackupVaultName"]
    if name not in call.here.moto("backup").vaults:
        raise ApiError("ResourceNotFoundException", f"Backup Vault {name} does not exist")
    return name


def _find(call: Call) -> Record:
    key = f"{_plan(call)}/{call.params['SelectionId']}"
    found = call.here.table(SELECTIONS).get(key)
    if found is None:
        raise ApiError("ResourceNotFoundException", f"no selection {key}")
    return found


OPERATIONS = {
    "CreateBackupSelection": create_backup_selection,
    "DeleteBackupSelection": delete_backup_selection,
    "DeleteBackupVaultAccessPolicy": delete_backup_vault_access_policy,
    "GetBackupSelection": get_backup_selection,
    "GetBackupVaultAccessPolicy": get_backup_vault_access_policy,
    "ListBackupSelections": list_backup_selections,
    "PutBackupVaultAccessPolicy": put_backup_vault_access_policy,
}

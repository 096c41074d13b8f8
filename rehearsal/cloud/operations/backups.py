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


def create_backup_plan(call: Call) -> Answer:
    """CreateBackupPlan: moto counts a deleted plan as one with the same document."""
    plans = call.here.moto("backup").plans
    for identifier_ in [key for key, plan in plans.items() if plan.deletion_date is not None]:
        del plans[identifier_]
    return call.upstream()


def update_backup_plan(call: Call) -> Answer:
    """UpdateBackupPlan: a new version of the plan, with the identifier it had."""
    plan = call.here.moto("backup").plans[_plan(call)]
    document = call.params["BackupPlan"]
    rules = [{name: v for name, v in rule.items() if v is not None} for rule in document["Rules"]]
    before = plan.backup_plan
    # moto's constructor fills in the defaults of rules.
    fresh = type(plan)({**document, "Rules": rules}, None, call.here.moto("backup"))
    plan.backup_plan = {**before, **fresh.backup_plan}
    plan.advanced_backup_settings = fresh.advanced_backup_settings
    plan.version_id = fresh.version_id
    return {
        "BackupPlanId": plan.backup_plan_id,
        "BackupPlanArn": plan.backup_plan_arn,
        "CreationDate": plan.creation_date,
        "VersionId": plan.version_id,
    }


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
    "CreateBackupPlan": create_backup_plan,
    "CreateBackupSelection": create_backup_selection,
    "DeleteBackupSelection": delete_backup_selection,
    "DeleteBackupVaultAccessPolicy": delete_backup_vault_access_policy,
    "GetBackupSelection": get_backup_selection,
    "GetBackupVaultAccessPolicy": get_backup_vault_access_policy,
    "ListBackupSelections": list_backup_selections,
    "PutBackupVaultAccessPolicy": put_backup_vault_access_policy,
    "UpdateBackupPlan": update_backup_plan,
}

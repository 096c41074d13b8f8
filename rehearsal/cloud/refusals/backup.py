"""AWS Backup plans and what they select."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_role
from rehearsal.cloud.operations.backups import selections
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/aws-backup/latest/devguide"


def _role(call: Call) -> str | None:
    problem = absent_role(call, call.mapped("BackupSelection").get("IamRoleArn"))
    return f"IAM Role is not valid: {problem}" if problem else None


def _selected(call: Call) -> str | None:
    if selections(call, call.params["BackupPlanId"]):
        return "Related backup plan selections must be deleted prior to backup plan deletion."
    return None


def _vault(call: Call) -> str | None:
    vaults = call.here.moto("backup").vaults
    for rule in call.listed("BackupPlan.Rules"):
        if rule["TargetBackupVaultName"] not in vaults:
            return f"Backup vault {rule['TargetBackupVaultName']} does not exist"
    return None


def _cold_days(call: Call) -> str | None:
    for rule in call.listed("BackupPlan.Rules"):
        cycle = mapping(rule.get("Lifecycle"))
        cold, gone = cycle.get("MoveToColdStorageAfterDays"), cycle.get("DeleteAfterDays")
        if cold is not None and gone is not None and gone < cold + 90:
            return (
                f"DeleteAfterDays {gone} cannot be less than 90 days from"
                f" MoveToColdStorageAfterDays {cold}"
            )
    return None


RULES = (
    Rule(
        name="the role of a backup selection exists",
        service="backup",
        operations=("CreateBackupSelection",),
        code="InvalidParameterValueException",
        url=f"{DOCS}/assigning-resources.html",
        broken=_role,
    ),
    Rule(
        name="a backup plan with selections stays",
        service="backup",
        operations=("DeleteBackupPlan",),
        code="InvalidRequestException",
        url=f"{DOCS}/deleting-a-backup-plan.html",
        broken=_selected,
    ),
    Rule(
        name="a backup plan's vault exists",
        service="backup",
        operations=("CreateBackupPlan",),
        code="InvalidParameterValueException",
        url=f"{DOCS}/creating-a-backup-plan.html",
        broken=_vault,
    ),
    Rule(
        name="a cold backup is kept for 90 days more",
        service="backup",
        operations=("CreateBackupPlan",),
        code="InvalidParameterValueException",
        url=f"{DOCS}/API_Lifecycle.html",
        broken=_cold_days,
    ),
)

"""What came of a creation that the tagging API does not tell: found by what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ops.live.aws import Aws, NotFound
from ops.resource_ids import TAG, identity

Inputs = Mapping[str, Any]


def _mount_target(aws: Aws, inputs: Inputs) -> str | None:
    """A subnet has one of a file system at most."""
    try:
        found = aws.read("efs", "describe_mount_targets", FileSystemId=inputs["fileSystemId"])
    except NotFound:
        return None
    ours = [each for each in found["MountTargets"] if each["SubnetId"] == inputs["subnetId"]]
    return str(ours[0]["MountTargetId"]) if ours else None


def _service_linked_role(aws: Aws, inputs: Inputs) -> str | None:
    """A service has one without a suffix, and one for each suffix."""
    folder = f"/aws-service-role/{inputs['awsServiceName']}/"
    pages = aws.pages("iam", "list_roles", PathPrefix=folder)
    roles = {str(each["RoleName"]): str(each["Arn"]) for page in pages for each in page["Roles"]}
    suffix = inputs.get("customSuffix")
    ours = [arn for name, arn in roles.items() if (name.partition("_")[2] or None) == suffix]
    return ours[0] if ours else None


def _queue(aws: Aws, inputs: Inputs) -> str | None:
    pages = aws.pages("sqs", "list_queues", QueueNamePrefix=inputs["name"])
    urls = [str(url) for page in pages for url in page.get("QueueUrls", [])]
    ours = [url for url in urls if url.rpartition("/")[2] == inputs["name"]]
    return ours[0] if ours else None


def _replicated_backups(aws: Aws, inputs: Inputs) -> str | None:
    """Of an instance of another region there is one replication here at most."""
    pages = aws.pages("rds", "describe_db_instance_automated_backups")
    found = [each for page in pages for each in page["DBInstanceAutomatedBackups"]]
    source = inputs["sourceDbInstanceArn"]
    ours = [each for each in found if each.get("DBInstanceArn") == source]
    return str(ours[0]["DBInstanceAutomatedBackupsArn"]) if ours else None


def _selection(aws: Aws, inputs: Inputs) -> str | None:
    """By its name, which a plan has once."""
    plan = inputs["planId"]
    try:
        pages = list(aws.pages("backup", "list_backup_selections", BackupPlanId=plan))
    except NotFound:
        return None
    found = [each for page in pages for each in page["BackupSelectionsList"]]
    ours = [each for each in found if each["SelectionName"] == inputs["name"]]
    return f"{plan}|{ours[0]['SelectionId']}" if ours else None


def _in_account(pattern: str) -> Callable[[Aws, Inputs], str | None]:
    """An ID that follows from the account; one that is not there is told when it is read."""

    def made(aws: Aws, inputs: Inputs) -> str | None:
        given = {"path": "/", **inputs, "account": aws.account()}
        return pattern.format(**given)

    return made


def _in_route53(kind: str, listing: str, member: str) -> Callable[[Aws, Inputs], str | None]:
    """By the tag, asked of Route 53: the tagging API lists global resources in us-east-1 alone."""

    def look(aws: Aws, inputs: Inputs) -> str | None:
        wanted = identity(inputs)
        pages = aws.pages("route53", listing)
        for found in (each for page in pages for each in page[member]):
            id_ = str(found["Id"]).rpartition("/")[2]
            asked = {"ResourceType": kind, "ResourceId": id_}
            tags = aws.read("route53", "list_tags_for_resource", **asked)["ResourceTagSet"]["Tags"]
            if wanted in [tag["Value"] for tag in tags if tag["Key"] == TAG]:
                return id_
        return None

    return look


LOOKUPS: Mapping[str, Callable[[Aws, Inputs], str | None]] = {
    "aws:backup/selection:Selection": _selection,
    "aws:budgets/budget:Budget": _in_account("{account}:{name}"),
    "aws:efs/mountTarget:MountTarget": _mount_target,
    "aws:iam/policy:Policy": _in_account("arn:aws:iam::{account}:policy{path}{name}"),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": _service_linked_role,
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (
        _replicated_backups
    ),
    "aws:route53/healthCheck:HealthCheck": _in_route53(
        "healthcheck", "list_health_checks", "HealthChecks"
    ),
    "aws:route53/zone:Zone": _in_route53("hostedzone", "list_hosted_zones", "HostedZones"),
    "aws:securityhub/account:Account": _in_account("{account}"),
    "aws:sqs/queue:Queue": _queue,
}
"""By type; those of `ops.resource_ids.LOOKED_UP`."""

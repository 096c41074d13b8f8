"""What came of a creation whose type AWS names and nothing marks: found by what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ops.live.aws import Aws, NotFound

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


LOOKUPS: Mapping[str, Callable[[Aws, Inputs], str | None]] = {
    "aws:efs/mountTarget:MountTarget": _mount_target,
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": _service_linked_role,
}
"""By type; those of `ops.resource_ids.LOOKED_UP`."""

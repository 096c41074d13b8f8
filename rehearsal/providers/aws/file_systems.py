"""EFS file systems, their mount targets and access points."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import confirmed, reported, request
from rehearsal.providers.wire import Props, as_list, as_object

_LIFECYCLE = "lifecyclePolicies"


class FileSystem(Resource):
    """The ID is the file system's, `fs-…`."""

    token: ClassVar[str] = "aws:efs/fileSystem:FileSystem"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "availabilityZoneName",
            "creationToken",
            "encrypted",
            "kmsKeyId",
            "lifecyclePolicies",
            "performanceMode",
            "protection",
            "provisionedThroughputInMibps",
            "tags",
            "throughputMode",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"}
    )
    autoname: ClassVar[str | None] = "creationToken"

    def create(self, aws: Aws, props: Props) -> str:
        settings = self.replaces | {"provisionedThroughputInMibps", "throughputMode"}
        asked = request("efs", "CreateFileSystem", props, only=settings)
        marks = tagging.given(aws, "efs", "CreateFileSystem", props)
        return aws.client("efs").create_file_system(**asked, **marks)["FileSystemId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get(_LIFECYCLE):
            _put_lifecycle(aws, id_, props[_LIFECYCLE])
        if props.get("protection"):
            _protect(aws, id_, props["protection"])

    @gone_is_none("FileSystemNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        efs = aws.client("efs")
        system = efs.describe_file_systems(FileSystemId=id_)["FileSystems"][0]
        policies = efs.describe_lifecycle_configuration(FileSystemId=id_)["LifecyclePolicies"]
        guard = as_object(system.get("FileSystemProtection")).get("ReplicationOverwriteProtection")
        shown = {
            **{key: value for key, value in system.items() if key != "SizeInBytes"},
            "protection": {"replicationOverwrite": guard} if guard else {},
            "tags": tags.own(aws, system.get("Tags")),
        }
        found = reported(props, shown, ("creationToken", "encrypted", "performanceMode", "tags"))
        if _LIFECYCLE in props:
            asked = _lifecycle(props[_LIFECYCLE])
            found[_LIFECYCLE] = confirmed(props[_LIFECYCLE], asked, policies)
        return {
            **found,
            "arn": _system_arn(aws, id_),
            "dnsName": f"{id_}.efs.{aws.region}.amazonaws.com",
            "ownerId": system["OwnerId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get(_LIFECYCLE) != new.get(_LIFECYCLE):
            _put_lifecycle(aws, id_, as_list(new.get(_LIFECYCLE)))
        throughput = ("provisionedThroughputInMibps", "throughputMode")
        if any(old.get(key) != new.get(key) for key in throughput):
            asked = request("efs", "UpdateFileSystem", new, only=throughput)
            aws.client("efs").update_file_system(FileSystemId=id_, **asked)
        if new.get("protection") and old.get("protection") != new["protection"]:
            _protect(aws, id_, new["protection"])
        tagging.retag(aws, "efs", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("efs").delete_file_system(FileSystemId=id_)


class MountTarget(Resource):
    """The ID is the mount target's, `fsmt-…`."""

    token: ClassVar[str] = "aws:efs/mountTarget:MountTarget"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"fileSystemId", "ipAddress", "securityGroups", "subnetId"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"fileSystemId", "subnetId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"fileSystemId", "ipAddress", "subnetId"})
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("efs", "CreateMountTarget", props, only=self.inputs)
        return aws.client("efs").create_mount_target(**asked)["MountTargetId"]

    @gone_is_none("MountTargetNotFound", "FileSystemNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        efs = aws.client("efs")
        target = efs.describe_mount_targets(MountTargetId=id_)["MountTargets"][0]
        groups = efs.describe_mount_target_security_groups(MountTargetId=id_)["SecurityGroups"]
        system = target["FileSystemId"]
        name = f"{system}.efs.{aws.region}.amazonaws.com"
        return {
            **reported(props, {**target, "SecurityGroups": groups}, ("fileSystemId", "subnetId")),
            "ipAddress": target["IpAddress"],
            "availabilityZoneId": target.get("AvailabilityZoneId"),
            "availabilityZoneName": target.get("AvailabilityZoneName"),
            "dnsName": name,
            "fileSystemArn": _system_arn(aws, system),
            "mountTargetDnsName": f"{target.get('AvailabilityZoneName')}.{name}",
            "networkInterfaceId": target.get("NetworkInterfaceId"),
            "ownerId": target.get("OwnerId", aws.account_id),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        aws.client("efs").modify_mount_target_security_groups(
            MountTargetId=id_, SecurityGroups=as_list(new.get("securityGroups"))
        )

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("efs").delete_mount_target(MountTargetId=id_)


class AccessPoint(Resource):
    """The ID is the access point's, `fsap-…`; only tags change in place."""

    token: ClassVar[str] = "aws:efs/accessPoint:AccessPoint"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"fileSystemId", "posixUser", "rootDirectory", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"fileSystemId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"fileSystemId", "posixUser", "rootDirectory"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("efs", "CreateAccessPoint", props, only=self.replaces)
        marks = tagging.given(aws, "efs", "CreateAccessPoint", props)
        made = aws.client("efs").create_access_point(
            ClientToken=str(uuid.uuid4()), **asked, **marks
        )
        return made["AccessPointId"]

    @gone_is_none("AccessPointNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        point = aws.client("efs").describe_access_points(AccessPointId=id_)["AccessPoints"][0]
        shown = {**point, "tags": tags.own(aws, point.get("Tags"))}
        return {
            **reported(props, shown, self.inputs),
            "arn": point["AccessPointArn"],
            "fileSystemArn": _system_arn(aws, point["FileSystemId"]),
            "ownerId": point.get("OwnerId", aws.account_id),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tagging.retag(aws, "efs", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("efs").delete_access_point(AccessPointId=id_)


def _system_arn(aws: Aws, id_: str) -> str:
    return aws.arn("elasticfilesystem", f"file-system/{id_}")


def _lifecycle(policies: list[Props]) -> list[dict[str, Any]]:
    shape = {"lifecyclePolicies": policies}
    return request("efs", "PutLifecycleConfiguration", shape)["LifecyclePolicies"]


def _put_lifecycle(aws: Aws, id_: str, policies: list[Props]) -> None:
    aws.client("efs").put_lifecycle_configuration(
        FileSystemId=id_, LifecyclePolicies=_lifecycle(policies)
    )


def _protect(aws: Aws, id_: str, protection: Props) -> None:
    aws.client("efs").update_file_system_protection(
        FileSystemId=id_, ReplicationOverwriteProtection=protection["replicationOverwrite"]
    )


RESOURCES: tuple[Resource, ...] = (FileSystem(), MountTarget(), AccessPoint())

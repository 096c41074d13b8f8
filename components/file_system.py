"""The shared file system (EFS): encrypted, backed up, reached over TLS through access points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import policy_json
from components.service_access import ServiceAccess, ServiceAccessArgs

NFS_PORT = 2049
LIFECYCLE_DAYS = {
    1: "AFTER_1_DAY",
    **{days: f"AFTER_{days}_DAYS" for days in (7, 14, 30, 60, 90, 180, 270, 365)},
}
"""EFS's words for the days after which an unread file becomes cheaper and slower."""


@dataclass(frozen=True, kw_only=True)
class AccessPoint:
    """A folder that its users see as the root, always as one POSIX user."""

    path: str
    uid: int
    gid: int
    permissions: str = "750"


@dataclass(frozen=True, kw_only=True)
class FileSystemArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError for days that EFS has no word for.
    """

    vpc_id: Input[str]
    subnet_ids: Mapping[str, Input[str]]
    """One private subnet per availability zone: EFS takes one mount target in each."""
    client_security_groups: Mapping[str, Input[str]]
    """Who may mount, by a name that tells why."""
    key_arn: Input[str]
    access_points: Mapping[str, AccessPoint]
    infrequent_access_days: int
    throughput: str
    """`elastic` or `bursting`."""
    backup: bool = True
    takes_copies: bool = False
    """Whether another file system may be copied over this one, as over a standby's."""

    def __post_init__(self) -> None:
        """EFS knows certain ages only."""
        if self.infrequent_access_days not in LIFECYCLE_DAYS:
            raise ValueError(
                f"infrequent_access_days: {self.infrequent_access_days}: expected one of "
                f"{', '.join(str(days) for days in LIFECYCLE_DAYS)}"
            )


class FileSystem(Component):
    """Files that pods of several zones share."""

    file_system_id: pulumi.Output[str]
    arn: pulumi.Output[str]
    access_point_ids: Mapping[str, pulumi.Output[str]]
    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: FileSystemArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        system = self._file_system(args)
        access = self._access(args)
        self._mount_targets(args, system, access)
        self._protection(args, system)
        points = {
            key: self._access_point(key, one, system) for key, one in args.access_points.items()
        }
        self.file_system_id = system.id
        self.arn = system.arn
        self.access_point_ids = {key: point.id for key, point in points.items()}
        self.security_group_id = access.group_id
        self.register_outputs({"file_system_id": system.id})

    def _file_system(self, args: FileSystemArgs) -> aws.efs.FileSystem:
        name = self.site.data_name(self.name)
        colder = LIFECYCLE_DAYS[args.infrequent_access_days]
        return aws.efs.FileSystem(
            self.child("files"),
            creation_token=name,
            encrypted=True,
            kms_key_id=args.key_arn,
            performance_mode="generalPurpose",
            throughput_mode=args.throughput,
            protection={"replication_overwrite": "DISABLED"} if args.takes_copies else None,
            lifecycle_policies=[
                {"transition_to_ia": colder},
                {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
            ],
            tags=self.tags("files", name=name),
            # While it takes copies EFS says so here, and nobody may change it.
            opts=self.holds_data(ignore_changes=["protection"] if args.takes_copies else None),
        )

    def _access(self, args: FileSystemArgs) -> ServiceAccess:
        access = ServiceAccessArgs(
            description="NFS to the shared file system",
            vpc_id=args.vpc_id,
            port=NFS_PORT,
            clients=args.client_security_groups,
        )
        return ServiceAccess(self.child("access"), access, self.site, self.options())

    def _mount_targets(
        self, args: FileSystemArgs, system: aws.efs.FileSystem, access: ServiceAccess
    ) -> None:
        for zone, subnet_id in args.subnet_ids.items():
            aws.efs.MountTarget(
                self.child(f"target-{zone}"),
                file_system_id=system.id,
                subnet_id=subnet_id,
                security_groups=[access.group_id],
                opts=self.options(),
            )

    def _protection(self, args: FileSystemArgs, system: aws.efs.FileSystem) -> None:
        aws.efs.FileSystemPolicy(
            self.child("policy"),
            file_system_id=system.id,
            policy=system.arn.apply(lambda arn: file_system_policy(self.site, arn)),
            opts=self.options(),
        )
        aws.efs.BackupPolicy(
            self.child("backup"),
            file_system_id=system.id,
            backup_policy={"status": "ENABLED" if args.backup else "DISABLED"},
            opts=self.options(),
        )

    def _access_point(
        self, key: str, point: AccessPoint, system: aws.efs.FileSystem
    ) -> aws.efs.AccessPoint:
        part = f"point-{key}"
        return aws.efs.AccessPoint(
            self.child(part),
            file_system_id=system.id,
            posix_user={"uid": point.uid, "gid": point.gid},
            root_directory={
                "path": point.path,
                "creation_info": {
                    "owner_uid": point.uid,
                    "owner_gid": point.gid,
                    "permissions": point.permissions,
                },
            },
            tags=self.tags(part),
            opts=self.options(),
        )


def file_system_policy(site: Site, arn: str) -> pulumi.Output[str]:
    """Whoever reaches a mount target may mount, through an access point and over TLS only.

    The principal is everyone because the CSI driver mounts without an identity; the security
    group says who reaches a mount target. Source: EFS user guide, IAM for NFS clients.
    """
    points = f"arn:aws:elasticfilesystem:{site.region}:{site.account_id}:access-point/*"
    anyone: dict[str, object] = {"Principal": {"AWS": "*"}, "Resource": arn}
    mount: dict[str, object] = {
        "Sid": "MountThroughAccessPoints",
        "Effect": "Allow",
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Condition": {
            "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
            "ArnLike": {"elasticfilesystem:AccessPointArn": points},
        },
    }
    plain: dict[str, object] = {
        "Sid": "NothingWithoutTls",
        "Effect": "Deny",
        "Action": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy_json([{**mount, **anyone}, {**plain, **anyone}])

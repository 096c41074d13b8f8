"""The shared file system (EFS): encrypted, backed up, reached over TLS through access points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.permissions import policy_json

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
    """Plain values decide the shape; inputs only flow through."""

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
        group = self._security_group(args)
        self._mount_targets(args, system, group)
        self._protection(args, system)
        points = {
            key: self._access_point(key, one, system) for key, one in args.access_points.items()
        }
        self.file_system_id = system.id
        self.arn = system.arn
        self.access_point_ids = {key: point.id for key, point in points.items()}
        self.security_group_id = group.id
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
            lifecycle_policies=[
                {"transition_to_ia": colder},
                {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
            ],
            tags=self.tags("files", name=name),
            opts=self.holds_data(),
        )

    def _security_group(self, args: FileSystemArgs) -> aws.ec2.SecurityGroup:
        name = self.site.name(f"{self.name}-mounts")
        group = aws.ec2.SecurityGroup(
            self.child("mounts"),
            name=name,
            description="NFS to the shared file system",
            vpc_id=args.vpc_id,
            tags=self.tags("mounts", name=name),
            opts=self.options(),
        )
        for client, source in args.client_security_groups.items():
            self._ingress(client, source, group)
        return group

    def _ingress(self, client: str, source: Input[str], group: aws.ec2.SecurityGroup) -> None:
        part = f"from-{client}"
        aws.vpc.SecurityGroupIngressRule(
            self.child(part),
            security_group_id=group.id,
            referenced_security_group_id=source,
            ip_protocol="tcp",
            from_port=NFS_PORT,
            to_port=NFS_PORT,
            description=f"NFS from {client}",
            tags=self.tags(part),
            opts=self.options(),
        )

    def _mount_targets(
        self, args: FileSystemArgs, system: aws.efs.FileSystem, group: aws.ec2.SecurityGroup
    ) -> None:
        for zone, subnet_id in args.subnet_ids.items():
            aws.efs.MountTarget(
                self.child(f"target-{zone}"),
                file_system_id=system.id,
                subnet_id=subnet_id,
                security_groups=[group.id],
                opts=self.options(),
            )

    def _protection(self, args: FileSystemArgs, system: aws.efs.FileSystem) -> None:
        aws.efs.FileSystemPolicy(
            self.child("policy"),
            file_system_id=system.id,
            policy=system.arn.apply(tls_only),
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


def tls_only(arn: str) -> pulumi.Output[str]:
    """Whoever reaches a mount target may mount, but only over TLS.

    Without the first statement IAM identities alone would decide; the CSI driver mounts
    without one. Source: EFS user guide, IAM for NFS clients.
    """
    mounts = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    through_target = {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    anyone: dict[str, object] = {"Principal": {"AWS": "*"}, "Resource": arn}
    statements: Sequence[Mapping[str, object]] = [
        {
            "Sid": "Mount",
            "Effect": "Allow",
            "Action": mounts,
            "Condition": through_target,
            **anyone,
        },
        {"Sid": "TlsOnly", "Effect": "Deny", "Action": "*", "Condition": insecure, **anyone},
    ]
    return policy_json(statements)

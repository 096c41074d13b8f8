"""The link stack: what spans two regions, made from the declared names of both ends.

Only what nobody can know beforehand is read from their outputs: keys and file systems. Nothing
in either region waits for the link, and it is left alone while a region is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi import Output, ResourceOptions

from components.base import Site
from components.bucket_replication import BucketReplication, BucketReplicationArgs, CopiedBucket
from components.buckets import LOCKED
from components.file_system_replication import FileSystemReplication, FileSystemReplicationArgs
from components.registry_replication import RegistryReplication, RegistryReplicationArgs
from components.vaulted_backups import VaultedBackups, VaultedBackupsArgs
from infra.link_settings import End, LinkSettings, VaultSettings
from infra.where import aws_provider, link_site


@dataclass(frozen=True, kw_only=True)
class Side:
    """One end: what it declares, and what its stack tells."""

    declared: End
    account_id: str
    outputs: pulumi.StackReference

    @property
    def data_key(self) -> Output[str]:
        """ARN of the key on its data."""
        return self.outputs.require_output("keys").apply(lambda keys: str(keys["data"]))

    @property
    def files(self) -> Output[str]:
        """ID of its file system."""
        return self.outputs.require_output("file_system").apply(lambda files: str(files["id"]))

    @property
    def backed_up(self) -> tuple[Output[str], Output[str]]:
        """ARNs of its database and its file system."""
        database = self.outputs.require_output("database").apply(lambda one: str(one["arn"]))
        files = self.outputs.require_output("file_system").apply(lambda one: str(one["arn"]))
        return database, files

    def bucket_arn(self, purpose: str) -> str:
        """ARN of one of its buckets."""
        return f"arn:aws:s3:::{self.bucket_name(purpose)}"

    def bucket_name(self, purpose: str) -> str:
        """Name of one of its buckets, which is declared."""
        site = Site(
            environment="",
            account_id=self.account_id,
            region=self.declared.region,
            prefix=self.declared.prefix,
            data_generation=self.declared.data_generation,
        )
        return site.bucket_name(purpose)


def deploy_link(settings: LinkSettings) -> None:
    """Register everything of the link and its outputs."""
    site = link_site(settings)
    opts = ResourceOptions(providers=[aws_provider(settings)])
    primary, standby = _side(settings, settings.primary), _side(settings, settings.standby)
    there = _buckets("buckets-to-standby", settings, primary, standby, site, opts)
    back = _buckets("buckets-to-primary", settings, standby, primary, site, opts)
    if settings.replication.images:
        for name, source, target in (
            ("images-to-standby", primary, standby),
            ("images-to-primary", standby, primary),
        ):
            args = RegistryReplicationArgs(
                source_region=source.declared.region,
                target_region=target.declared.region,
                namespace=settings.replication.images,
            )
            RegistryReplication(name, args, site, opts)
    if settings.vault:
        _vaults(settings.vault, primary, standby, site, opts)
    if settings.replication.files:
        _files(primary, standby, site, opts)
    pulumi.export("role", settings.role)
    pulumi.export("account_id", settings.account_id)
    pulumi.export("region", settings.region)
    pulumi.export("platform", settings.primary.prefix)
    pulumi.export("images", settings.replication.images)
    pulumi.export(
        "backfill",
        {
            "to_standby": _backfill(settings, primary, standby, there),
            "to_primary": _backfill(settings, standby, primary, back),
        },
    )


def _backfill(
    settings: LinkSettings, source: Side, target: Side, copies: BucketReplication
) -> dict[str, object]:
    """What `mlops backfill` needs to know of a direction."""
    return {
        "region": source.declared.region,
        "other": target.declared.region,
        "buckets": [source.bucket_name(each) for each in settings.replication.buckets],
        "role_arn": copies.backfill_role_arn,
    }


def _side(settings: LinkSettings, declared: End) -> Side:
    reference = pulumi.StackReference(declared.stack)
    return Side(declared=declared, account_id=settings.account_id, outputs=reference)


def _buckets(
    name: str,
    settings: LinkSettings,
    source: Side,
    target: Side,
    site: Site,
    opts: ResourceOptions,
) -> BucketReplication:
    args = BucketReplicationArgs(
        source_region=source.declared.region,
        target_region=target.declared.region,
        source_key_arn=source.data_key,
        target_key_arn=target.data_key,
        buckets={
            purpose: CopiedBucket(
                source_arn=source.bucket_arn(purpose),
                target_arn=target.bucket_arn(purpose),
                locked=purpose in LOCKED,
            )
            for purpose in settings.replication.buckets
        },
    )
    return BucketReplication(name, args, site, opts)


def _vaults(
    wanted: VaultSettings, primary: Side, standby: Side, site: Site, opts: ResourceOptions
) -> VaultedBackups:
    database, files = primary.backed_up
    args = VaultedBackupsArgs(
        source_region=primary.declared.region,
        target_region=standby.declared.region,
        source_key_arn=primary.data_key,
        target_key_arn=standby.data_key,
        database_arn=database,
        file_system_arn=files,
        schedule=wanted.schedule,
        keep_days=wanted.keep_days,
        locked_days=wanted.locked_days,
    )
    return VaultedBackups("vaulted-backups", args, site, opts)


def _files(
    primary: Side, standby: Side, site: Site, opts: ResourceOptions
) -> FileSystemReplication:
    args = FileSystemReplicationArgs(
        source_region=primary.declared.region,
        target_region=standby.declared.region,
        source_id=primary.files,
        target_id=standby.files,
    )
    return FileSystemReplication("files-to-standby", args, site, opts)

"""The shared file system, copied to the standby's, which is read-only as long as this is there.

A failover takes this away by the standby's API alone, and the copy becomes writable. One
direction at a time: EFS replicates a file system once.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class FileSystemReplicationArgs:
    """Two file systems by ID; what is in the target is overwritten.

    Raises ValueError where both regions are the same.
    """

    source_region: str
    target_region: str
    source_id: Input[str]
    target_id: Input[str]

    def __post_init__(self) -> None:
        """A copy beside the original is lost with it."""
        if self.source_region == self.target_region:
            raise ValueError(
                f"target_region: {self.target_region}: expected another region than the source's"
            )


class FileSystemReplication(Component):
    """EFS's replication, which is minutes behind."""

    def __init__(
        self,
        name: str,
        args: FileSystemReplicationArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        aws.efs.ReplicationConfiguration(
            self.child("copy"),
            region=args.source_region,
            source_file_system_id=args.source_id,
            destination={"region": args.target_region, "file_system_id": args.target_id},
            opts=self.options(),
        )
        self.register_outputs({})

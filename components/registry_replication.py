"""Images of one region's registry, copied to the other's as they are pushed.

A registry has one replication configuration for the whole account and region, so that exactly
one stack may own it: link. ECR copies into a repository of the same name, which is why both
regions' repositories share a namespace. A copy is not copied on, so both directions may be set.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class RegistryReplicationArgs:
    """What is pushed below `namespace/` in the source region.

    Raises ValueError where both regions are the same.
    """

    source_region: str
    target_region: str
    namespace: str

    def __post_init__(self) -> None:
        """ECR refuses it, but only at deployment."""
        if self.source_region == self.target_region:
            raise ValueError(
                f"target_region: {self.target_region}: expected another region than the source's"
            )


class RegistryReplication(Component):
    """The registry's one rule."""

    def __init__(
        self,
        name: str,
        args: RegistryReplicationArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        aws.ecr.ReplicationConfiguration(
            self.child("rule"),
            region=args.source_region,
            replication_configuration={
                "rules": [
                    {
                        "destinations": [
                            {"region": args.target_region, "registry_id": site.account_id}
                        ],
                        "repository_filters": [
                            {"filter": f"{args.namespace}/", "filter_type": "PREFIX_MATCH"}
                        ],
                    }
                ]
            },
            opts=self.options(),
        )
        self.register_outputs({})

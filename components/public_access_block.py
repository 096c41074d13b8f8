"""No bucket of the account can be made public, whatever its own policy says."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class PublicAccessBlockArgs:
    """`ownership.existing`: the account ID. The setting is the account's, not the region's."""

    ownership: Ownership = CREATE


class PublicAccessBlock(Component):
    """The account's block on public buckets, four ways."""

    def __init__(
        self,
        name: str,
        args: PublicAccessBlockArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            self._block()
        elif args.ownership.adopted:
            aws.s3.AccountPublicAccessBlock.get(
                self.child("block"), args.ownership.adopted, opts=self.options()
            )
        self.register_outputs({"mode": args.ownership.mode})

    def _block(self) -> aws.s3.AccountPublicAccessBlock:
        return aws.s3.AccountPublicAccessBlock(
            self.child("block"),
            account_id=self.site.account_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.options(),
        )

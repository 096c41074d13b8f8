"""Every new EBS volume of the region is encrypted, whoever makes it, with the platform's key."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class VolumeEncryptionArgs:
    """`ownership.existing`: the region, by which the setting is known."""

    key_arn: Input[str]
    ownership: Ownership = CREATE


class VolumeEncryption(Component):
    """The region's default encryption and its key."""

    def __init__(
        self, name: str, args: VolumeEncryptionArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            self._default()
            self._key(args)
        elif args.ownership.adopted:
            aws.ebs.EncryptionByDefault.get(
                self.child("default"), args.ownership.adopted, opts=self.options()
            )
        self.register_outputs({"mode": args.ownership.mode})

    def _default(self) -> aws.ebs.EncryptionByDefault:
        return aws.ebs.EncryptionByDefault(self.child("default"), enabled=True, opts=self.options())

    def _key(self, args: VolumeEncryptionArgs) -> aws.ebs.DefaultKmsKey:
        return aws.ebs.DefaultKmsKey(self.child("key"), key_arn=args.key_arn, opts=self.options())

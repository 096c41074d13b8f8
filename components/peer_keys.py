"""Replicas of customer keys in the peer's region: what this stack itself copies there.

Secrets and the fence's table have copies in the other region, each under a key there. With
replicas of its own keys a stack needs nothing of the stack that lives there, and neither is
deployed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.key_policies import Purpose, key_policy


@dataclass(frozen=True, kw_only=True)
class PeerKeysArgs:
    """`originals` are ARNs of multi-region keys by purpose.

    Raises ValueError where the peer's region is the site's own.
    """

    region: str
    originals: Mapping[Purpose, Input[str]]
    deletion_window_days: int


class PeerKeys(Component):
    """Replica keys by purpose."""

    arns: Mapping[Purpose, pulumi.Output[str]]

    def __init__(
        self, name: str, args: PeerKeysArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        if args.region == site.region:
            raise ValueError(f"region: {args.region}: expected another one than the site's own")
        super().__init__(name, site, opts)
        self.arns = {
            purpose: self._replica(args, purpose, original)
            for purpose, original in args.originals.items()
        }
        self.register_outputs({"arns": self.arns})

    def _replica(
        self, args: PeerKeysArgs, purpose: Purpose, original: Input[str]
    ) -> pulumi.Output[str]:
        name = self.site.name(purpose)
        there = replace(self.site, region=args.region)
        replica = aws.kms.ReplicaKey(
            self.child(purpose),
            region=args.region,
            description=f"{self.site.prefix}: {purpose}, for copies in {args.region}",
            primary_key_arn=original,
            deletion_window_in_days=args.deletion_window_days,
            policy=key_policy(there, purpose),
            tags=self.tags(purpose, name=name),
            opts=self.holds_data(),
        )
        aws.kms.Alias(
            self.child(f"{purpose}-alias"),
            region=args.region,
            name=f"alias/{name}",
            target_key_id=replica.key_id,
            opts=self.options(),
        )
        return replica.arn

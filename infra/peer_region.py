"""What a primary keeps in its peer's region, by the peer's declared names alone: copies of its
keys, and the fence that says which of the two may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, ResourceOptions

from components.base import Site
from components.fence import Fence, FenceArgs
from components.key_policies import Purpose
from components.keys import Keys
from components.peer_keys import PeerKeys, PeerKeysArgs
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class PeerRegion:
    """The peer's region, and this stack's keys there by purpose."""

    name: str
    keys: Mapping[Purpose, Input[str]]

    @property
    def secret_copies(self) -> Mapping[str, Input[str]]:
        """Where secrets are copied to, and the key on them."""
        return {self.name: self.keys["secrets"]}


def build_peer_region(
    settings: Settings, site: Site, keys: Keys, opts: ResourceOptions
) -> PeerRegion | None:
    """None where the stack has no peer, or stands in for it."""
    peer = settings.peer
    if settings.stands_in or peer is None:
        return None
    adopted = settings.keys.adopted
    if adopted is not None:
        # Another region's replica of a multi-region key has the same ID.
        here, there = f":{settings.region}:", f":{peer.region}:"
        ours: dict[Purpose, Input[str]] = {
            "data": adopted.data.replace(here, there),
            "secrets": adopted.secrets.replace(here, there),
        }
        return PeerRegion(name=peer.region, keys=ours)
    args = PeerKeysArgs(
        region=peer.region,
        originals={"data": keys.data, "secrets": keys.secrets},
        deletion_window_days=settings.keys.deletion_window_days,
    )
    made = PeerKeys("peer-keys", args, site, opts)
    return PeerRegion(name=peer.region, keys={**made.arns})


def build_fence(
    settings: Settings, site: Site, keys: Keys, peer: PeerRegion | None, opts: ResourceOptions
) -> Fence | None:
    """None where there is no other region that could write."""
    witness = settings.recovery.witness_region
    if peer is None or witness is None:
        return None
    args = FenceArgs(
        key_arn=keys.data,
        peer_region=peer.name,
        peer_key_arn=peer.keys["data"],
        witness_region=witness,
    )
    return Fence("fence", args, site, opts)

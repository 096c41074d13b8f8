"""What holds the state, in memory: it refuses what AWS refuses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ops.errors import Refused
from ops.world.state_store import BucketFacts, KeyFacts, Place

EMPTY = BucketFacts(versioned=False, private=False, key=None, tls_only=False)


@dataclass
class MemoryStateStore:
    """Keys by region, buckets by place."""

    account: str
    keys: dict[str, KeyFacts] = field(default_factory=dict[str, KeyFacts])
    buckets: dict[Place, BucketFacts] = field(default_factory=dict[Place, BucketFacts])
    roles: list[str] = field(default_factory=list[str])
    copies: dict[str, str] = field(default_factory=dict[str, str])

    def key(self, region: str) -> KeyFacts | None:
        return self.keys.get(region)

    def bucket(self, place: Place) -> BucketFacts | None:
        return self.buckets.get(place)

    def role(self) -> str | None:
        return self.roles[0] if self.roles else None

    def copied_to(self, place: Place) -> str | None:
        return self.copies.get(place.bucket)

    def make_key(self, region: str) -> None:
        self.keys[region] = KeyFacts(arn=f"arn:key/{region}", rotates=True)

    def copy_key(self, source: str, region: str) -> None:
        if source not in self.keys:
            raise Refused("NotFoundException")
        self.keys[region] = KeyFacts(arn=f"arn:key/{region}", rotates=True)

    def make_bucket(self, place: Place) -> None:
        if place in self.buckets:
            raise Refused(f"BucketAlreadyOwnedByYou: {place.bucket}")
        self.buckets[place] = EMPTY

    def secure(self, place: Place, key: str) -> None:
        found = self.buckets[place]
        self.buckets[place] = replace(found, versioned=True, private=True, key=key, tls_only=True)

    def make_role(self, source: Place, source_key: str, copy: Place, copy_key: str) -> None:
        self.roles = [f"arn:role/{source.bucket}/{copy.bucket}/{source_key}/{copy_key}"]

    def copy(self, source: Place, copy: Place, role: str, key: str) -> None:
        if role not in self.roles:
            raise Refused("InvalidRequest: the role does not exist")
        if not (self.buckets[source].versioned and self.buckets[copy].versioned):
            raise Refused("InvalidRequest: both buckets need versions")
        self.copies[source.bucket] = copy.bucket

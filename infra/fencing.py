"""The fence of a platform in two regions: whose record it is, and the key on its table."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input

from components.base import Site
from components.fence import table_name
from components.keys import Keys
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class FencedPlatform:
    """What both regions keep to; `key_arn` is that of the table's replica in this region."""

    name: str
    """Prefix of the stack that made the fence, and key of its record."""
    key_arn: Input[str]

    @property
    def table(self) -> str:
        """Name of the table, in each region."""
        return table_name(self.name)


def platform_of(settings: Settings) -> str | None:
    """The record's key; None where there is no other region that could write."""
    if settings.peer is None:
        return None
    return settings.peer.prefix if settings.stands_in else settings.prefix


def fenced_platform(settings: Settings, site: Site, keys: Keys) -> FencedPlatform | None:
    """The platform of this stack's fence, or None."""
    name = platform_of(settings)
    if name is None:
        return None
    # The other stack's replica of its key has an ID that this stack cannot know beforehand.
    theirs = f"arn:aws:kms:{site.region}:{site.account_id}:key/*"
    return FencedPlatform(name=name, key_arn=theirs if settings.stands_in else keys.data)


def unkept_lease(settings: Settings) -> str | None:
    """What to tell of a database that no agent opens and closes; None where all is well."""
    if settings.peer is None or settings.keeps_lease:
        return None
    standby = (
        f", and nothing opens it after a failover once {settings.peer.region} has agents"
        if settings.stands_in
        else ""
    )
    return (
        "services.applications.lease_agent.image_digest: null, so nothing closes this region's "
        f"database while {settings.peer.region} may write: two regions might{standby}. Push the "
        "image (docs/fence.md) and name its digest"
    )

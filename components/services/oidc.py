"""One identity provider for every console."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Oidc:
    """An OpenID Connect issuer. Client IDs and secrets are in `<prefix>-oidc-<console>`."""

    issuer: str
    """URL of the issuer, without a slash at its end."""
    groups_claim: str
    admin_group: str
    """Members administer the consoles."""
    scopes: tuple[str, ...] = ("openid", "profile", "email", "groups")

"""One identity provider for every console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Oidc:
    """An OpenID Connect issuer. Clients' secrets are in `<prefix>-oidc-<console>`."""

    issuer: str
    """URL of the issuer, without a slash at its end."""
    authorization: str
    """URL that a browser is sent to; Grafana finds none of the three by itself."""
    token: str
    """URL where a code becomes a token."""
    userinfo: str
    """URL that says who it is."""
    groups_claim: str
    admin_group: str
    """Members administer the consoles."""
    scientist_group: str
    """Members train and deploy models of no team."""
    viewer_group: str
    """Members look on."""
    team_prefix: str
    """Begins the group of each team: `<prefix><team>`."""
    client_prefix: str
    """Begins the client ID of each console: `<prefix><console>`."""
    scopes: tuple[str, ...] = ("openid", "profile", "email", "groups")

    def client_id(self, console: str) -> str:
        """ID under which the provider knows the console."""
        return f"{self.client_prefix}{console}"

    def team_group(self, team: str) -> str:
        """Group of a team's members in the provider."""
        return f"{self.team_prefix}{team}"

    def member_groups(self, teams: Sequence[str]) -> list[str]:
        """Groups of everyone who works here or looks on and is no administrator."""
        return [self.scientist_group, self.viewer_group, *map(self.team_group, teams)]

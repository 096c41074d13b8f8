"""The access section of a stack file: the identity provider of the consoles."""

from __future__ import annotations

from pydantic import Field

from infra.fields import Section

ENDPOINT = r"^https://[a-z0-9.-]+(:\d+)?/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$"
"""An https address with a path. Every provider has its own, and Grafana is told all three."""


class OidcSettings(Section):
    """One OpenID Connect issuer for Grafana, Argo CD, Argo Workflows and MLflow."""

    issuer: str = Field(
        pattern=r"^https://[a-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?$",
        description="the issuer's https address without a slash at its end",
    )
    authorization: str = Field(
        pattern=ENDPOINT,
        description="`authorization_endpoint` of the issuer's .well-known/openid-configuration",
    )
    token: str = Field(
        pattern=ENDPOINT,
        description="`token_endpoint` of the issuer's .well-known/openid-configuration",
    )
    userinfo: str = Field(
        pattern=ENDPOINT,
        description="`userinfo_endpoint` of the issuer's .well-known/openid-configuration; Entra's "
        "is at another host",
    )
    groups_claim: str = Field(
        default="groups",
        pattern=r"^[A-Za-z_][A-Za-z0-9_:./-]*$",
        description="the claim that lists a person's groups",
    )
    client_prefix: str = Field(
        default="mlops-",
        pattern=r"^[A-Za-z0-9_.-]{0,50}$",
        description="what begins each console's client ID, as in mlops-grafana",
    )
    admin_group: str = Field(
        default="platform-admins",
        min_length=1,
        max_length=200,
        description="the group whose members administer the consoles",
    )
    scientist_group: str = Field(
        default="data-scientists",
        min_length=1,
        max_length=200,
        description="the group whose members train and deploy models of no team",
    )
    viewer_group: str = Field(
        default="viewers",
        min_length=1,
        max_length=200,
        description="the group whose members look on",
    )
    team_prefix: str = Field(
        default="team-",
        pattern=r"^[A-Za-z0-9_.:/-]{0,100}$",
        description="what begins each team's group, as in team-data-science",
    )


class AccessSettings(Section):
    """Who people sign in with; without an issuer, consoles have one local administrator each."""

    oidc: OidcSettings | None = Field(
        default=None, description="the identity provider, or null for local administrators"
    )

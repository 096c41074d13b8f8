"""Who may do what in Argo Workflows after signing in: service accounts that groups map to.

Its server acts as the account whose rule matches a person's groups, the highest precedence
first; who matches none is turned away. In a team's namespace the team's own account takes over.
Kubernetes makes no token for an account by itself, so each has a Secret that asks for one.
Source: Argo Workflows, argo server SSO, RBAC and namespace delegation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.services.oidc import Oidc
from components.services.plan import Object
from components.services.roles import RBAC, READ, WRITE, Rule, rule

ANNOTATION = "workflows.argoproj.io/rbac-rule"
KINDS = ("workflows", "workflowtemplates", "cronworkflows")

READER: Sequence[Rule] = (
    rule(["argoproj.io"], [*KINDS, "clusterworkflowtemplates"], READ),
    rule([""], ["pods", "pods/log", "events"], READ),
)
OPERATOR: Sequence[Rule] = (
    *READER,
    rule(["argoproj.io"], KINDS, WRITE),
    # Stopping a step at once.
    rule([""], ["pods"], ["delete"]),
)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An account. It reads everywhere if `reads`, and works in the namespaces `works_in`; ``
    stands for all of them."""

    name: str
    namespace: str
    groups: Sequence[str]
    precedence: int
    reads: bool = False
    works_in: Sequence[str] = ()

    @property
    def token(self) -> str:
        """Secret that holds the account's token, by the name that Argo looks for."""
        return f"{self.name}.service-account-token"


def sign_ins(oidc: Oidc, namespace: str, training: str, teams: Sequence[str]) -> list[SignIn]:
    """The accounts of a platform with these teams. `namespace` is the server's own."""
    members = [oidc.team_group(team) for team in teams]
    return [
        SignIn(name="sign-in-admins", namespace=namespace, groups=[oidc.admin_group],
               precedence=100, reads=True, works_in=("",)),
        SignIn(name="sign-in-scientists", namespace=namespace, groups=[oidc.scientist_group],
               precedence=20, reads=True, works_in=(training,)),
        # Whoever is in a team alone signs in with this one.
        SignIn(name="sign-in-viewers", namespace=namespace,
               groups=[oidc.viewer_group, *members], precedence=10, reads=True),
        *(SignIn(name="sign-in-team", namespace=team, groups=[oidc.team_group(team)],
                 precedence=50, works_in=(team,)) for team in teams),
    ]  # fmt: skip


def sign_in_parts(accounts: Sequence[SignIn]) -> list[Object]:
    """Roles, and per account its Secret and bindings."""
    return [
        Object(name="role-reader", manifest=_cluster_role("workflows-reader", READER)),
        Object(name="role-operator", manifest=_cluster_role("workflows-operator", OPERATOR)),
        *(part for account in accounts for part in _account_parts(account)),
    ]


def _account_parts(account: SignIn) -> list[Object]:
    name = f"{account.name}-{account.namespace}"
    bound = [_bound(account, "workflows-reader", "")] if account.reads else []
    bound += [_bound(account, "workflows-operator", place) for place in account.works_in]
    return [
        Object(name=name, manifest=_account(account)),
        Object(name=f"{name}-token", manifest=_token(account), after=(name,)),
        *(
            Object(name=f"{name}-{number}", manifest=manifest)
            for number, manifest in enumerate(bound)
        ),
    ]


def _account(account: SignIn) -> dict[str, Any]:
    matches = " or ".join(f"{json.dumps(group)} in groups" for group in account.groups)
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {
            "name": account.name,
            "namespace": account.namespace,
            "annotations": {
                ANNOTATION: matches,
                f"{ANNOTATION}-precedence": str(account.precedence),
            },
        },
        # For the server's requests alone: no pod runs as it.
        "automountServiceAccountToken": False,
    }


def _token(account: SignIn) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": account.token,
            "namespace": account.namespace,
            "annotations": {"kubernetes.io/service-account.name": account.name},
        },
        "type": "kubernetes.io/service-account-token",
    }


def _cluster_role(name: str, rules: Sequence[Rule]) -> dict[str, Any]:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": f"mlops-{name}"},
        "rules": [{key: list(value) for key, value in one.items()} for one in rules],
    }


def _bound(account: SignIn, role: str, place: str) -> dict[str, Any]:
    metadata = {"name": f"mlops-{account.name}-{role}"} | ({"namespace": place} if place else {})
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding" if place else "ClusterRoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": f"mlops-{role}"},
        "subjects": [
            {"kind": "ServiceAccount", "name": account.name, "namespace": account.namespace}
        ],
    }

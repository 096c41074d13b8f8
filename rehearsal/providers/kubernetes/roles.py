"""What a service account may do, by the roles and bindings of a simulated cluster.

Source: Kubernetes, using RBAC authorization.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props, as_list

RBAC = "rbac.authorization.k8s.io/v1"
EVERYTHING: Props = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
"""Of the built-in role `cluster-admin`; the other built-in ones grant nothing here."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A service account, and the groups that every one is in."""

    namespace: str
    name: str

    @property
    def user(self) -> str:
        """As the API server calls it."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"

    def is_subject(self, subject: Props) -> bool:
        """Whether a binding's subject means it."""
        if subject["kind"] == "ServiceAccount":
            return (subject.get("namespace"), subject["name"]) == (self.namespace, self.name)
        groups = ("system:authenticated", "system:serviceaccounts",
                  f"system:serviceaccounts:{self.namespace}")  # fmt: skip
        return subject["name"] in ((self.user,) if subject["kind"] == "User" else groups)


def require_may(
    objects: Objects, cluster: str, account: Account, verb: str, resource: tuple[str, str],
    namespace: str,
) -> None:  # fmt: skip
    """Raises PluginError, in the API server's words, where the account may not.

    `resource`: API group and plural; `namespace` is empty for what has none.
    """
    asked = {"apiGroups": resource[0], "resources": resource[1], "verbs": verb}
    for rule in _rules(objects, cluster, account, namespace):
        if all({"*", value} & set(as_list(rule.get(key))) for key, value in asked.items()):
            return
    where = f' in the namespace "{namespace}"' if namespace else " at the cluster scope"
    raise PluginError(
        f'{resource[1]}.{resource[0]} is forbidden: User "{account.user}" cannot {verb} resource '
        f'"{resource[1]}" in API group "{resource[0]}"{where}'
    )


def _rules(objects: Objects, cluster: str, account: Account, namespace: str) -> Iterator[Props]:
    kinds = ("ClusterRoleBinding", "RoleBinding") if namespace else ("ClusterRoleBinding",)
    for kind in kinds:
        for binding in objects.of_kind(cluster, kind):
            here = kind == "ClusterRoleBinding" or binding["metadata"]["namespace"] == namespace
            if here and any(account.is_subject(one) for one in as_list(binding.get("subjects"))):
                yield from _granted(objects, cluster, binding)


def _granted(objects: Objects, cluster: str, binding: Object) -> list[Props]:
    role = binding["roleRef"]
    if (role["kind"], role["name"]) == ("ClusterRole", "cluster-admin"):
        return [EVERYTHING]
    space = binding["metadata"].get("namespace", "") if role["kind"] == "Role" else ""
    found = objects.get(Key(cluster, RBAC, role["kind"], space, role["name"]))
    return as_list((found or {}).get("rules"))

"""Who may do what in the cluster: administrators, data scientists, viewers, teams.

Roles are bound to groups; the identity provider or an EKS access entry puts people into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from components.services.plan import Object

ADMINS = "mlops:platform-admins"
SCIENTISTS = "mlops:data-scientists"
VIEWERS = "mlops:viewers"
RBAC = "rbac.authorization.k8s.io"

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch", "delete")

Rule = Mapping[str, Sequence[str]]


def team_group(team: str) -> str:
    """Group of a team's members."""
    return f"mlops:team:{team}"


def rule(groups: Iterable[str], resources: Iterable[str], verbs: Iterable[str]) -> Rule:
    """One rule; resources are plural and in lower case, as RBAC wants them."""
    return {"apiGroups": [*groups], "resources": [*resources], "verbs": [*verbs]}


SEEN: Sequence[Rule] = (
    rule(
        [""],
        ["pods", "pods/log", "services", "endpoints", "events", "configmaps", "namespaces",
         "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "limitranges",
         "serviceaccounts"],
        READ,
    ),
    rule([""], ["nodes", "persistentvolumes"], READ),
    rule(["apps"], ["deployments", "daemonsets", "replicasets", "statefulsets"], READ),
    rule(["batch"], ["jobs", "cronjobs"], READ),
    rule(["autoscaling"], ["horizontalpodautoscalers"], READ),
    rule(["policy"], ["poddisruptionbudgets"], READ),
    rule(["networking.k8s.io"], ["networkpolicies", "ingresses"], READ),
    rule(["serving.kserve.io"], ["inferenceservices", "servingruntimes",
                                 "clusterservingruntimes", "inferencegraphs"], READ),
    rule(["argoproj.io"], ["workflows", "workflowtemplates", "cronworkflows",
                           "clusterworkflowtemplates", "applications"], READ),
    rule(["gateway.networking.k8s.io"], ["gateways", "httproutes"], READ),
    rule(["keda.sh"], ["scaledobjects", "scaledjobs"], READ),
    rule(["kueue.x-k8s.io"], ["localqueues", "clusterqueues", "workloads", "resourceflavors",
                              "workloadpriorityclasses"], READ),
    rule(["trainer.kubeflow.org"], ["trainjobs", "trainingruntimes",
                                    "clustertrainingruntimes"], READ),
    rule(["jobset.x-k8s.io"], ["jobsets"], READ),
    rule(["karpenter.sh"], ["nodepools", "nodeclaims"], READ),
    rule(["cert-manager.io"], ["certificates", "issuers"], READ),
    rule(["monitoring.coreos.com"], ["servicemonitors", "podmonitors", "prometheusrules"], READ),
    rule(["metrics.k8s.io"], ["pods", "nodes"], READ),
)  # fmt: skip
"""What a viewer sees: everything of the platform's work, and no secret."""

WORKED_ON: Sequence[Rule] = (
    rule(["serving.kserve.io"], ["inferenceservices", "inferencegraphs"], (*READ, *WRITE)),
    rule(["argoproj.io"], ["workflows", "workflowtemplates", "cronworkflows"], (*READ, *WRITE)),
    rule(["batch"], ["jobs", "cronjobs"], (*READ, *WRITE)),
    rule(["trainer.kubeflow.org"], ["trainjobs"], (*READ, *WRITE)),
    rule(["gateway.networking.k8s.io"], ["httproutes"], (*READ, *WRITE)),
    rule(["autoscaling"], ["horizontalpodautoscalers"], (*READ, *WRITE)),
    rule(["keda.sh"], ["scaledobjects", "scaledjobs"], (*READ, *WRITE)),
    rule([""], ["configmaps", "persistentvolumeclaims"], (*READ, *WRITE)),
    rule([""], ["pods", "pods/log"], (*READ, "delete")),
    rule([""], ["pods/portforward"], ["create"]),
)
"""What a data scientist may change where they work; pods come from jobs and workflows, and
secrets from external-secrets, so neither is written by hand."""


def cluster_role(name: str, rules: Sequence[Rule]) -> Object:
    """A role that is bound in the whole cluster or in single namespaces."""
    return Object(
        name=f"role-{name}",
        manifest={
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": f"mlops-{name}"},
            "rules": [{key: list(value) for key, value in one.items()} for one in rules],
        },
    )


def bound_everywhere(name: str, role: str, groups: Sequence[str]) -> Object:
    """Gives `groups` the cluster role in every namespace and outside of them."""
    return Object(
        name=name,
        manifest={
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"mlops-{role}"},
            "roleRef": _reference(role),
            "subjects": _groups(groups),
        },
    )


def bound_in(namespace: str, name: str, role: str, groups: Sequence[str]) -> Object:
    """Gives `groups` the cluster role in `namespace` alone."""
    return Object(
        name=f"{name}-{namespace}",
        manifest={
            "apiVersion": f"{RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": name, "namespace": namespace},
            "roleRef": _reference(role),
            "subjects": _groups(groups),
        },
    )


def people_roles() -> list[Object]:
    """Roles of viewers and data scientists; whoever works here sees the rest of it."""
    return [
        cluster_role("viewer", SEEN),
        cluster_role("data-scientist", WORKED_ON),
        bound_everywhere("viewers", "viewer", [VIEWERS, SCIENTISTS]),
    ]


def scientists_in(namespace: str, groups: Sequence[str] = (SCIENTISTS,)) -> Object:
    """Lets `groups` work in `namespace`, and administrators for them."""
    return bound_in(namespace, "data-scientists", "data-scientist", [*groups, ADMINS])


def _reference(role: str) -> dict[str, str]:
    return {"apiGroup": RBAC, "kind": "ClusterRole", "name": f"mlops-{role}"}


def _groups(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"apiGroup": RBAC, "kind": "Group", "name": name} for name in names]

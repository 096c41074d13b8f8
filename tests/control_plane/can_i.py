"""Who may do what: group, verb, resource, namespace, and whether."""

from __future__ import annotations

from components.services.roles import ADMINS, SCIENTISTS, VIEWERS, team_group

TEAM = team_group("data-science")
OTHER = "ml-engineering"

CAN: list[tuple[str, str, str, str, bool]] = [
    (VIEWERS, "list", "pods", "models", True),
    (VIEWERS, "get", "pods/log", "mlops-platform", True),
    (VIEWERS, "list", "inferenceservices.serving.kserve.io", "models", True),
    (VIEWERS, "list", "workflows.argoproj.io", "argo", True),
    (VIEWERS, "list", "nodes", "", True),
    (VIEWERS, "list", "nodepools.karpenter.sh", "", True),
    (VIEWERS, "get", "secrets", "mlops-platform", False),
    (VIEWERS, "list", "secrets", "", False),
    (VIEWERS, "create", "pods", "models", False),
    (VIEWERS, "create", "pods/exec", "models", False),
    (VIEWERS, "delete", "pods", "models", False),
    (VIEWERS, "create", "inferenceservices.serving.kserve.io", "models", False),
    (SCIENTISTS, "create", "inferenceservices.serving.kserve.io", "models", True),
    (SCIENTISTS, "delete", "inferenceservices.serving.kserve.io", "models", True),
    (SCIENTISTS, "create", "workflows.argoproj.io", "argo", True),
    (SCIENTISTS, "create", "jobs.batch", "training", True),
    (SCIENTISTS, "delete", "pods", "training", True),
    (SCIENTISTS, "create", "pods/portforward", "models", True),
    (SCIENTISTS, "list", "pods", "monitoring", True),
    (SCIENTISTS, "create", "pods", "models", False),
    (SCIENTISTS, "create", "pods/exec", "models", False),
    (SCIENTISTS, "get", "secrets", "models", False),
    (SCIENTISTS, "create", "inferenceservices.serving.kserve.io", "mlops-platform", False),
    (SCIENTISTS, "create", "jobs.batch", "monitoring", False),
    (SCIENTISTS, "create", "namespaces", "", False),
    (SCIENTISTS, "create", "rolebindings.rbac.authorization.k8s.io", "models", False),
    (SCIENTISTS, "create", "jobs.batch", "data-science", False),
    (SCIENTISTS, "delete", "networkpolicies.networking.k8s.io", "models", False),
    (TEAM, "create", "jobs.batch", "data-science", True),
    (TEAM, "create", "workflows.argoproj.io", "data-science", True),
    (TEAM, "create", "persistentvolumeclaims", "data-science", True),
    (TEAM, "update", "resourcequotas", "data-science", False),
    (TEAM, "get", "secrets", "data-science", False),
    (TEAM, "create", "jobs.batch", OTHER, False),
    (TEAM, "delete", "pods", OTHER, False),
    (TEAM, "create", "rolebindings.rbac.authorization.k8s.io", "data-science", False),
    (ADMINS, "delete", "pods", "mlops-platform", True),
    (ADMINS, "update", "deployments.apps", "monitoring", True),
    (ADMINS, "create", "pods/eviction", "models", True),
    (ADMINS, "get", "secrets", "mlops-platform", True),
    (ADMINS, "create", "backups.velero.io", "velero", True),
    (ADMINS, "delete", "nodepools.karpenter.sh", "", True),
    (ADMINS, "list", "clusterroles.rbac.authorization.k8s.io", "", True),
    (ADMINS, "create", "clusterrolebindings.rbac.authorization.k8s.io", "", False),
    (ADMINS, "escalate", "clusterroles.rbac.authorization.k8s.io", "", False),
    (ADMINS, "impersonate", "users", "", False),
    (ADMINS, "delete", "validatingadmissionpolicies.admissionregistration.k8s.io", "", False),
    (ADMINS, "delete", "customresourcedefinitions.apiextensions.k8s.io", "", False),
]

"""What platform administrators may do: operate everything, and author nothing that runs as a
controller.

Whoever writes a pod or its template takes any service account of its namespace, and a
controller's reaches the whole cluster or the account. So in the controllers' namespaces, EKS's
kube-system among them, administrators restart by deleting or evicting pods and scale, both of
which leave templates as they are. Elsewhere they also enter pods, restart and roll back. Tokens,
service accounts, secrets, roles and admission are nobody's but the program's; the role of last
resort (an access entry of EKS) is for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.services.plan import Object
from components.services.roles import (
    ADMINS,
    READ,
    SEEN,
    Rule,
    bound_everywhere,
    bound_in,
    cluster_role,
    rule,
)

CHANGE = ("update", "patch")
OPEN = ("create", "get")
"""A connection is opened by POST, or by GET where it is a WebSocket."""

OPERATED: Sequence[Rule] = (
    *SEEN,
    rule([""], ["pods"], ["delete"]),
    rule([""], ["pods/eviction"], ["create"]),
    rule([""], ["nodes"], (*CHANGE, "delete")),
    # A volume that was released by mistake is kept, one that nobody needs goes.
    rule([""], ["persistentvolumes"], (*CHANGE, "delete")),
    rule(["apps"], ["deployments/scale", "statefulsets/scale"], ("get", *CHANGE)),
    rule(["autoscaling"], ["horizontalpodautoscalers"], CHANGE),
    rule(["policy"], ["poddisruptionbudgets"], (*CHANGE, "delete")),
    rule(["batch"], ["jobs"], ["delete"]),
    rule(["karpenter.sh"], ["nodepools", "nodeclaims"], (*CHANGE, "delete")),
    rule(["velero.io"], ["backups"], ["create"]),
    # A workload is taken out of its queue, or a training that hangs is ended.
    rule(["kueue.x-k8s.io"], ["workloads"], (*CHANGE, "delete")),
    rule(["kueue.x-k8s.io"], ["clusterqueues", "localqueues"], CHANGE),
    rule(["trainer.kubeflow.org"], ["trainjobs"], ["delete"]),
    rule(["rbac.authorization.k8s.io"], ["roles", "rolebindings", "clusterroles",
                                         "clusterrolebindings"], READ),
    rule(["admissionregistration.k8s.io"],
         ["validatingadmissionpolicies", "validatingadmissionpolicybindings",
          "validatingwebhookconfigurations", "mutatingwebhookconfigurations"], READ),
    rule(["apiextensions.k8s.io"], ["customresourcedefinitions"], READ),
    rule(["storage.k8s.io"], ["storageclasses", "volumeattachments", "csidrivers", "csinodes"],
         READ),
    rule(["snapshot.storage.k8s.io"], ["volumesnapshots", "volumesnapshotcontents",
                                       "volumesnapshotclasses"], READ),
    rule(["scheduling.k8s.io"], ["priorityclasses"], READ),
    rule(["coordination.k8s.io"], ["leases"], READ),
    rule(["cert-manager.io"], ["clusterissuers", "certificaterequests"], READ),
    rule(["external-secrets.io"], ["externalsecrets", "secretstores", "clustersecretstores"], READ),
    rule(["karpenter.k8s.aws"], ["ec2nodeclasses"], READ),
    rule(["velero.io"], ["backups", "restores", "schedules", "backupstoragelocations",
                         "volumesnapshotlocations", "podvolumebackups"], READ),
    rule(["elbv2.k8s.aws"], ["targetgroupbindings"], READ),
)  # fmt: skip
"""In the whole cluster."""

ATTENDED: Sequence[Rule] = (
    rule([""], ["pods/exec", "pods/attach", "pods/portforward"], OPEN),
    rule([""], ["pods/ephemeralcontainers"], CHANGE),
    # `kubectl rollout restart` and `undo`.
    rule(["apps"], ["deployments", "statefulsets"], CHANGE),
)
"""Where services and people's work run, and no controller."""

FORWARDED: Sequence[Rule] = (rule([""], ["pods/portforward"], OPEN),)
"""Where consoles run: Prometheus and Alertmanager have no public name."""


def administrator_roles() -> list[Object]:
    """The roles, and what holds everywhere bound to the administrators."""
    return [
        cluster_role("platform-admin", OPERATED),
        cluster_role("platform-attendant", ATTENDED),
        cluster_role("port-forward", FORWARDED),
        bound_everywhere("platform-admins", "platform-admin", [ADMINS]),
    ]


def attended(namespace: str) -> Object:
    """Lets administrators enter, restart and roll back what runs in `namespace`."""
    return bound_in(namespace, "attendants", "platform-attendant", [ADMINS])


def forwarded(namespace: str) -> Object:
    """Lets administrators reach the consoles in `namespace`."""
    return bound_in(namespace, "port-forwarders", "port-forward", [ADMINS])

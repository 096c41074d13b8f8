"""How the API server names kinds in rules of roles and policies: their plural resources."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.providers.kubernetes.objects import Object, Objects

IRREGULAR: Mapping[str, str] = {
    "Endpoints": "endpoints",
    "Ingress": "ingresses",
    "IngressClass": "ingressclasses",
    "NetworkPolicy": "networkpolicies",
    "PriorityClass": "priorityclasses",
    "RuntimeClass": "runtimeclasses",
    "StorageClass": "storageclasses",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
}
"""Built-in kinds whose resource is not their name with an s."""


def resource_of(objects: Objects, cluster: str, body: Object) -> tuple[str, str]:
    """API group and resource of an object, such as `apps` and `deployments`."""
    group, kind = str(body["apiVersion"]).rpartition("/")[0], str(body["kind"])
    if "." in group:
        for one in objects.definitions(cluster, group):
            if one["spec"]["names"]["kind"] == kind:
                return group, str(one["spec"]["names"]["plural"])
    return group, IRREGULAR.get(kind, f"{kind.lower()}s")

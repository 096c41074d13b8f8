"""EKS Pod Identity associations: which role a service account gets."""

from __future__ import annotations

import hashlib

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.operations.eks_records import (
    ASSOCIATIONS,
    arn,
    cluster,
    in_use,
    key,
    not_found,
    of_cluster,
    present,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

SUMMARY = (
    "clusterName",
    "namespace",
    "serviceAccount",
    "associationArn",
    "associationId",
    "ownerArn",
)


def create_pod_identity_association(call: Call) -> Answer:
    """CreatePodIdentityAssociation."""
    record = cluster(call)
    made = associate(
        call,
        record["name"],
        call.params["namespace"],
        call.params["serviceAccount"],
        role_arn=call.params["roleArn"],
    )
    return {"association": made}


def describe_pod_identity_association(call: Call) -> Answer:
    """DescribePodIdentityAssociation."""
    return {"association": _find(call)}


def list_pod_identity_associations(call: Call) -> Answer:
    """ListPodIdentityAssociations of a cluster, a namespace or a service account."""
    record = cluster(call)
    found = [
        {name: association[name] for name in SUMMARY if name in association}
        for association in of_cluster(call.here, ASSOCIATIONS, record["name"]).values()
        if all(
            call.params.get(name) in (None, association[name])
            for name in ("namespace", "serviceAccount")
        )
    ]
    return page(call, "associations", found)


def update_pod_identity_association(call: Call) -> Answer:
    """UpdatePodIdentityAssociation."""
    association = _find(call)
    for setting in ("roleArn", "disableSessionTags", "targetRoleArn", "policy"):
        if call.params.get(setting) is not None:
            association[setting] = call.params[setting]
    association["modifiedAt"] = now()
    return {"association": association}


def delete_pod_identity_association(call: Call) -> Answer:
    """DeletePodIdentityAssociation."""
    association = _find(call)
    del call.here.table(ASSOCIATIONS)[key(association["clusterName"], association["associationId"])]
    return {"association": association}


def associate(
    call: Call,
    cluster_name: str,
    namespace: str,
    service_account: str,
    *,
    role_arn: str,
    owner: str | None = None,
) -> Record:
    """Associate a service account with a role; `owner` is the ARN of an add-on that asks
    for it. Raises ApiError if the service account has a role already."""
    for other in of_cluster(call.here, ASSOCIATIONS, cluster_name).values():
        if (other["namespace"], other["serviceAccount"]) == (namespace, service_account):
            raise in_use(
                f"Association already exists: {other['associationId']} for service account"
                f" {namespace}/{service_account}"
            )
    number = str(call.cloud.number())
    association_id = "a-" + hashlib.sha256(f"{cluster_name}{number}".encode()).hexdigest()[:17]
    made = present(
        {
            "clusterName": cluster_name,
            "namespace": namespace,
            "serviceAccount": service_account,
            "roleArn": role_arn,
            "associationArn": arn(call, f"podidentityassociation/{cluster_name}/{association_id}"),
            "associationId": association_id,
            "tags": {} if owner else call.params.get("tags") or {},
            "createdAt": now(),
            "modifiedAt": now(),
            "ownerArn": owner,
            "disableSessionTags": bool(call.params.get("disableSessionTags")),
            "targetRoleArn": call.params.get("targetRoleArn"),
            "policy": call.params.get("policy"),
        }
    )
    call.here.table(ASSOCIATIONS)[key(cluster_name, association_id)] = made
    return made


def remove_owned(call: Call, owner_arn: str) -> None:
    """Delete the associations that an add-on made."""
    table = call.here.table(ASSOCIATIONS)
    for name in [k for k, record in table.items() if record.get("ownerArn") == owner_arn]:
        del table[name]


def _find(call: Call) -> Record:
    record = cluster(call)
    association_id = call.params["associationId"]
    found = call.here.table(ASSOCIATIONS).get(key(record["name"], association_id))
    if found is None:
        raise not_found(f"No association {association_id} in cluster {record['name']}")
    return found


OPERATIONS = {
    "CreatePodIdentityAssociation": create_pod_identity_association,
    "DeletePodIdentityAssociation": delete_pod_identity_association,
    "DescribePodIdentityAssociation": describe_pod_identity_association,
    "ListPodIdentityAssociations": list_pod_identity_associations,
    "UpdatePodIdentityAssociation": update_pod_identity_association,
}

"""EKS access entries and the access policies associated with them."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import (
    ENTRIES,
    POLICIES,
    arn,
    cluster,
    identifier,
    in_use,
    key,
    not_found,
    of_cluster,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"
POLICY_NAMES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
)
ADMIN = f"{POLICY_PREFIX}AmazonEKSClusterAdminPolicy"
STANDARD = "STANDARD"
NODE_GROUPS = {
    "EC2_LINUX": ["system:nodes"],
    "EC2_WINDOWS": ["system:nodes", "eks:kube-proxy-windows"],
}
"""Kubernetes groups that EKS itself gives to nodes' entries."""


def create_access_entry(call: Call) -> Answer:
    """CreateAccessEntry."""
    record = cluster(call)
    principal = call.params["principalArn"]
    _require_api_mode(record)
    if key(record["name"], principal) in call.here.table(ENTRIES):
        raise in_use("The specified access entry resource is already in use on this cluster.")
    kind = call.params.get("type") or STANDARD
    entry = _entry(call, record["name"], principal, kind)
    return {"accessEntry": entry}


def describe_access_entry(call: Call) -> Answer:
    """DescribeAccessEntry."""
    return {"accessEntry": _find(call)}


def list_access_entries(call: Call) -> Answer:
    """ListAccessEntries, all or those with one policy associated."""
    record = cluster(call)
    entries = of_cluster(call.here, ENTRIES, record["name"])
    policy = call.params.get("associatedPolicyArn")
    held = call.here.table(POLICIES)
    principals = [
        entry["principalArn"]
        for entry in entries.values()
        if not policy or key(record["name"], entry["principalArn"], policy) in held
    ]
    return page(call, "accessEntries", principals)


def update_access_entry(call: Call) -> Answer:
    """UpdateAccessEntry."""
    entry = _find(call)
    for setting in ("kubernetesGroups", "username"):
        if call.params.get(setting) is not None:
            entry[setting] = call.params[setting]
    entry["modifiedAt"] = now()
    return {"accessEntry": entry}


def delete_access_entry(call: Call) -> Answer:
    """DeleteAccessEntry: its policy associations go with it."""
    entry = _find(call)
    remove(call, entry["clusterName"], entry["principalArn"])
    return {}


def associate_access_policy(call: Call) -> Answer:
    """AssociateAccessPolicy."""
    entry = _find(call)
    policy = call.params["policyArn"]
    if policy.removeprefix(POLICY_PREFIX) not in POLICY_NAMES:
        raise ApiError(
            "InvalidParameterException", f"The policyArn {policy} is not a valid access policy"
        )
    if entry["type"] != STANDARD:
        raise ApiError(
            "InvalidRequestException",
            f"Access policies cannot be associated with an entry of type {entry['type']}",
        )
    made = _associate(call, entry, policy, call.params["accessScope"])
    return {**_named(entry), "associatedAccessPolicy": made}


def disassociate_access_policy(call: Call) -> Answer:
    """DisassociateAccessPolicy."""
    entry = _find(call)
    policy = call.params["policyArn"]
    held = call.here.table(POLICIES)
    if held.pop(key(entry["clusterName"], entry["principalArn"], policy), None) is None:
        raise not_found(f"No associated access policy {policy} for {entry['principalArn']}")
    return {}


def list_associated_access_policies(call: Call) -> Answer:
    """ListAssociatedAccessPolicies of one principal."""
    entry = _find(call)
    start = key(entry["clusterName"], entry["principalArn"], "")
    held = [p for k, p in call.here.table(POLICIES).items() if k.startswith(start)]
    return {**_named(entry), **page(call, "associatedAccessPolicies", held)}


def list_access_policies(call: Call) -> Answer:
    """ListAccessPolicies: those that EKS offers."""
    offered = [{"name": name, "arn": POLICY_PREFIX + name} for name in POLICY_NAMES]
    return page(call, "accessPolicies", offered)


def admit_creator(call: Call, cluster_name: str) -> None:
    """The entry that EKS makes for the principal that creates a cluster."""
    principal = f"arn:aws:iam::{call.account}:user/moto"
    entry = _entry(call, cluster_name, principal, STANDARD)
    _associate(call, entry, ADMIN, {"type": "cluster", "namespaces": []})


def admit_nodes(call: Call, record: Record, role_arn: str) -> None:
    """The entry that EKS makes for the role of a managed node group."""
    uses_entries = record["accessConfig"]["authenticationMode"] != "CONFIG_MAP"
    if uses_entries and key(record["name"], role_arn) not in call.here.table(ENTRIES):
        _entry(call, record["name"], role_arn, "EC2_LINUX")


def forget_nodes(call: Call, cluster_name: str, role_arn: str) -> None:
    """Delete the entry that EKS made for a role of nodes, if it is still there."""
    entry = call.here.table(ENTRIES).get(key(cluster_name, role_arn))
    if entry and entry["type"] in NODE_GROUPS and not entry["tags"]:
        remove(call, cluster_name, role_arn)


def remove(call: Call, cluster_name: str, principal: str) -> None:
    """Delete an entry, if there is one, and its associations."""
    call.here.table(ENTRIES).pop(key(cluster_name, principal), None)
    held = call.here.table(POLICIES)
    start = key(cluster_name, principal, "")
    for association in [k for k in held if k.startswith(start)]:
        del held[association]


def _entry(call: Call, cluster_name: str, principal: str, kind: str) -> Record:
    name = principal.rsplit("/", 1)[-1]
    resource = principal.split(":")[5].partition("/")[0]
    entry: Record = {
        "clusterName": cluster_name,
        "principalArn": principal,
        "kubernetesGroups": call.params.get("kubernetesGroups") or NODE_GROUPS.get(kind, []),
        "accessEntryArn": arn(
            call,
            f"access-entry/{cluster_name}/{resource}/{call.account}/{name}/"
            + identifier(call, principal),
        ),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": _tags(call),
        "username": call.params.get("username") or _username(principal, kind, call.account),
        "type": kind,
    }
    call.here.table(ENTRIES)[key(cluster_name, principal)] = entry
    return entry


def _tags(call: Call) -> dict[str, str]:
    return (call.params.get("tags") or {}) if call.operation == "CreateAccessEntry" else {}


def _username(principal: str, kind: str, account: str) -> str:
    if kind in NODE_GROUPS:
        return "system:node:{{EC2PrivateDNSName}}"
    if ":role/" in principal:
        name = principal.rsplit("/", 1)[-1]
        return f"arn:aws:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"
    return principal


def _associate(call: Call, entry: Record, policy: str, scope: Record) -> Record:
    made: Record = {
        "policyArn": policy,
        "accessScope": {"namespaces": [], **scope},
        "associatedAt": now(),
        "modifiedAt": now(),
    }
    call.here.table(POLICIES)[key(entry["clusterName"], entry["principalArn"], policy)] = made
    return made


def _find(call: Call) -> Record:
    record = cluster(call)
    principal = call.params["principalArn"]
    entry = call.here.table(ENTRIES).get(key(record["name"], principal))
    if entry is None:
        raise not_found(
            f"The specified principalArn could not be found: {principal} has no access entry"
            f" in cluster {record['name']}."
        )
    return entry


def _require_api_mode(record: Record) -> None:
    if record["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        raise ApiError(
            "InvalidRequestException",
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]"
            " to perform this operation.",
        )


def _named(entry: Record) -> Record:
    return {"clusterName": entry["clusterName"], "principalArn": entry["principalArn"]}


OPERATIONS = {
    "AssociateAccessPolicy": associate_access_policy,
    "CreateAccessEntry": create_access_entry,
    "DeleteAccessEntry": delete_access_entry,
    "DescribeAccessEntry": describe_access_entry,
    "DisassociateAccessPolicy": disassociate_access_policy,
    "ListAccessEntries": list_access_entries,
    "ListAccessPolicies": list_access_policies,
    "ListAssociatedAccessPolicies": list_associated_access_policies,
    "UpdateAccessEntry": update_access_entry,
}

"""WAF: which resources a web ACL protects (a resource has one at most), and the lock tokens
of IP sets."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier

BALANCER, API = "APPLICATION_LOAD_BALANCER", "API_GATEWAY"


def associate_web_acl(call: Call) -> Answer:
    """AssociateWebACL: takes the place of an earlier association of the resource."""
    resource = call.params["ResourceArn"]
    for acl in call.here.moto("wafv2").wacls.values():
        if resource in acl.associated_resources:
            acl.associated_resources.remove(resource)
    return call.upstream()


def list_resources_for_web_acl(call: Call) -> Answer:
    """ListResourcesForWebACL: load balancers, unless another type is asked for."""
    kind = call.params.get("ResourceType") or BALANCER
    part = {BALANCER: ":loadbalancer/app/", API: ":/restapis/"}.get(kind, f"::{kind}::")
    arns = [arn for arn in _acl(call).associated_resources if part in arn]
    return {"ResourceArns": arns}


def create_ip_set(call: Call) -> Answer:
    """CreateIPSet: with a lock token in AWS's form; moto's is cut short."""
    return _locked(call, call.upstream())


def update_ip_set(call: Call) -> Answer:
    """UpdateIPSet: gives the next lock token."""
    answer = call.upstream()
    name = call.params["Id"]
    for found in _ip_sets(call):
        if found.ip_set_id == name:
            found.lock_token = identifier(call, name)
            return {"NextLockToken": found.lock_token}
    return answer


def _locked(call: Call, answer: Answer) -> Answer:
    summary = answer["Summary"]
    for found in _ip_sets(call):
        if found.ip_set_id == summary["Id"]:
            found.lock_token = identifier(call, summary["Id"])
            summary["LockToken"] = found.lock_token
    return answer


def _ip_sets(call: Call) -> list[Any]:
    return list(call.here.moto("wafv2").ip_sets.values())


def acl_with_arn(call: Call, arn: str) -> Any | None:
    """The web ACL with an ARN in the region of the call, as moto keeps it."""
    return call.here.moto("wafv2").wacls.get(arn)


def _acl(call: Call) -> Any:
    found = acl_with_arn(call, call.params["WebACLArn"])
    if found is None:
        raise ApiError("WAFNonexistentItemException", "AWS WAF couldn't find the web ACL")
    return found


OPERATIONS = {
    "AssociateWebACL": associate_web_acl,
    "CreateIPSet": create_ip_set,
    "ListResourcesForWebACL": list_resources_for_web_acl,
    "UpdateIPSet": update_ip_set,
}

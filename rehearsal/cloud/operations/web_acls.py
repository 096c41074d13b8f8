"""WAF: which resources a web ACL protects. A resource has one at most."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError

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
    "ListResourcesForWebACL": list_resources_for_web_acl,
}

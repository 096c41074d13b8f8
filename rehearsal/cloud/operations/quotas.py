"""Service quotas of EC2 that cap GPU nodes: nothing until more is asked for, as in a new account;
what is asked for is granted at once."""

from __future__ import annotations

from catalog.gpu import G_AND_VT_QUOTA, P_QUOTA
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.eks_records import identifier

KIND = "service-quotas:value"
NAMES = {
    G_AND_VT_QUOTA: "Running On-Demand G and VT instances",
    P_QUOTA: "Running On-Demand P instances",
}


def get_service_quota(call: Call) -> Answer:
    """GetServiceQuota, in vCPUs."""
    if call.params["ServiceCode"] != "ec2":
        return call.upstream()
    return {"Quota": _quota(call)}


def request_service_quota_increase(call: Call) -> Answer:
    """RequestServiceQuotaIncrease. A quota is never lowered."""
    quota, wanted = _quota(call), float(call.params["DesiredValue"])
    if wanted <= quota["Value"]:
        said = f"The desired value {wanted:g} is not above the current one, {quota['Value']:g}"
        raise ApiError("IllegalArgumentException", said)
    call.here.table(KIND)[quota["QuotaCode"]] = {"value": wanted}
    asked = {
        "Id": identifier(call, quota["QuotaCode"]),
        "ServiceCode": "ec2",
        "QuotaCode": quota["QuotaCode"],
        "DesiredValue": wanted,
        "Status": "APPROVED",
    }
    return {"RequestedQuota": asked}


def _quota(call: Call) -> Answer:
    code = call.params["QuotaCode"]
    if call.params["ServiceCode"] != "ec2" or code not in NAMES:
        raise ApiError("NoSuchResourceException", f"there is no quota {code}", 400)
    value = call.here.table(KIND).get(code, {}).get("value", 0.0)
    return {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:ec2/{code}",
        "QuotaCode": code,
        "QuotaName": NAMES[code],
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


OPERATIONS = {
    "GetServiceQuota": get_service_quota,
    "RequestServiceQuotaIncrease": request_service_quota_increase,
}

"""ElastiCache: subnet groups and parameter groups."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.operations.cache_records import (
    PARAMETERS,
    SUBNETS,
    find,
    made,
    shown,
    stored,
)
from rehearsal.cloud.state import Record


def create_subnet_group(call: Call) -> Answer:
    """CreateCacheSubnetGroup."""
    group = made(call, SUBNETS, "CacheSubnetGroupName") | _subnets(call)
    return {"CacheSubnetGroup": stored(call, SUBNETS, "CacheSubnetGroupName", group)}


def modify_subnet_group(call: Call) -> Answer:
    """ModifyCacheSubnetGroup."""
    group = find(call, SUBNETS, call.params["CacheSubnetGroupName"])
    group |= _subnets(call)
    description = call.params.get("CacheSubnetGroupDescription")
    group |= {"CacheSubnetGroupDescription": description} if description else {}
    return {"CacheSubnetGroup": group}


def create_parameter_group(call: Call) -> Answer:
    """CreateCacheParameterGroup."""
    group = made(call, PARAMETERS, "CacheParameterGroupName")
    keys = ("CacheParameterGroupFamily", "Description")
    group |= {key: call.params[key] for key in keys}
    group |= {"IsGlobal": False, "Values": {}}
    stored(call, PARAMETERS, "CacheParameterGroupName", group)
    return {"CacheParameterGroup": shown(group)}


def modify_parameter_group(call: Call) -> Answer:
    """ModifyCacheParameterGroup."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    for one in call.listed("ParameterNameValues"):
        group["Values"][one["ParameterName"]] = one["ParameterValue"]
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def reset_parameter_group(call: Call) -> Answer:
    """ResetCacheParameterGroup: all, or those named."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    if call.params.get("ResetAllParameters"):
        group["Values"].clear()
    for one in call.listed("ParameterNameValues"):
        group["Values"].pop(one["ParameterName"], None)
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def describe_parameters(call: Call) -> Answer:
    """DescribeCacheParameters: those that somebody set."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    found = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user"}
        for name, value in group["Values"].items()
    ]
    return {"Parameters": found, "CacheNodeTypeSpecificParameters": []}


def _subnets(call: Call) -> Record:
    ids = call.listed("SubnetIds")
    if not ids:
        return {}
    found = [call.here.moto("ec2").get_subnet(one) for one in ids]
    return {
        "CacheSubnetGroupDescription": call.params.get("CacheSubnetGroupDescription", ""),
        "VpcId": found[0].vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": one.id,
                "SubnetAvailabilityZone": {"Name": one.availability_zone},
            }
            for one in found
        ],
    }

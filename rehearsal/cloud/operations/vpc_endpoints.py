"""VPC endpoints: an interface in each subnet, and the services that can be reached."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.plain import listing
from rehearsal.cloud.state import Region

GATEWAY_SERVICES = frozenset({"dynamodb", "s3"})
_INTERFACES = """
access-analyzer acm application-autoscaling athena autoscaling backup bedrock bedrock-runtime
cloudformation cloudtrail config ds dynamodb ebs ec2 ec2messages ecr.api ecr.dkr ecs eks eks-auth
elasticache elasticfilesystem elasticloadbalancing email-smtp events execute-api firehose glue
guardduty-data kinesis-streams kms lambda logs monitoring pi rds rds-data redshift s3
sagemaker.api sagemaker.runtime secretsmanager securityhub servicecatalog sns sqs ssm ssmmessages
states sts tagging transfer xray
"""
INTERFACE_SERVICES = frozenset(_INTERFACES.split())
"""Services with an interface endpoint in both regions.
Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"."""


def create_vpc_endpoint(call: Call) -> Answer:
    """CreateVpcEndpoint: an interface endpoint holds an interface in each subnet."""
    answer = call.upstream()
    endpoint = answer["VpcEndpoint"]
    if endpoint["VpcEndpointType"] == "Interface":
        groups = call.listed("SecurityGroupIds") or [_default_group(call, endpoint["VpcId"])]
        _claim(call.here, endpoint["VpcEndpointId"], endpoint["NetworkInterfaceIds"], groups)
    return answer


def modify_vpc_endpoint(call: Call) -> Answer:
    """ModifyVpcEndpoint: subnets that come and go bring and take their interface."""
    answer = call.upstream()
    name = call.params["VpcEndpointId"]
    endpoint: Any = call.here.moto("ec2").vpc_end_points[name]
    gone = set(call.listed("RemoveSubnetIds"))
    enis = call.here.moto("ec2").enis
    for interface_id in list(listing(endpoint.network_interface_ids)):
        if enis[interface_id].subnet.id in gone:
            interfaces.drop(call.here, interface_id)
            endpoint.network_interface_ids.remove(interface_id)
    owner = _owner(name)
    made = interfaces.attach(call.here, owner, call.listed("AddSubnetIds"))
    endpoint.network_interface_ids.extend(made)
    return answer


def delete_vpc_endpoints(call: Call) -> Answer:
    """DeleteVpcEndpoints: they are gone at once, with their interfaces."""
    answer = call.upstream()
    for name in call.params["VpcEndpointIds"]:
        interfaces.release(call.here, name)
        call.here.moto("ec2").vpc_end_points.pop(name, None)
    return answer


def describe_vpc_endpoint_services(call: Call) -> Answer:
    """DescribeVpcEndpointServices: AWS's own."""
    wanted = call.listed("ServiceNames")
    services = [each for each in _services(call) if not wanted or each["ServiceName"] in wanted]
    for filter_ in call.listed("Filters"):
        services = [each for each in services if _passes(each, filter_)]
    missing = set(wanted) - {each["ServiceName"] for each in services}
    if missing and not call.listed("Filters"):
        raise ApiError(
            "InvalidServiceName", f"The Vpc Endpoint Service '{min(missing)}' does not exist"
        )
    names = [each["ServiceName"] for each in services]
    return {"ServiceNames": names, "ServiceDetails": services}


def service_exists(name: str, region: str, kind: str) -> bool:
    """Whether AWS offers an endpoint of this kind for a service in a region."""
    known = INTERFACE_SERVICES if kind == "Interface" else GATEWAY_SERVICES
    return name.removeprefix(f"com.amazonaws.{region}.") in known and name.startswith(
        f"com.amazonaws.{region}."
    )


def _services(call: Call) -> list[dict[str, Any]]:
    zones = [zone.name for zone in call.here.moto("ec2").describe_availability_zones()]
    kinds = [(name, "Gateway") for name in sorted(GATEWAY_SERVICES)]
    kinds += [(name, "Interface") for name in sorted(INTERFACE_SERVICES)]
    return [
        {
            "ServiceName": f"com.amazonaws.{call.region}.{name}",
            "ServiceType": [{"ServiceType": kind}],
            "AvailabilityZones": zones,
            "Owner": "amazon",
            "BaseEndpointDnsNames": [f"{name}.{call.region}.vpce.amazonaws.com"],
            "VpcEndpointPolicySupported": True,
            "AcceptanceRequired": False,
            "ManagesVpcEndpoints": False,
        }
        for name, kind in kinds
    ]


def _passes(service: dict[str, Any], filter_: dict[str, Any]) -> bool:
    value = {
        "service-name": service["ServiceName"],
        "service-type": service["ServiceType"][0]["ServiceType"],
        "owner": "amazon",
    }.get(filter_["Name"])
    return value in listing(filter_.get("Values"))


def _default_group(call: Call, vpc_id: str) -> str:
    return call.here.moto("ec2").get_default_security_group(vpc_id).id


def _owner(name: str) -> interfaces.Owner:
    return interfaces.Owner(
        arn=name, description=f"VPC Endpoint Interface {name}", service="amazon-vpc"
    )


def _claim(here: Region, name: str, held: list[str], groups: list[str]) -> None:
    interfaces.claim(here, _owner(name), held, groups)


OPERATIONS = {
    "CreateVpcEndpoint": create_vpc_endpoint,
    "DeleteVpcEndpoints": delete_vpc_endpoints,
    "DescribeVpcEndpointServices": describe_vpc_endpoint_services,
    "ModifyVpcEndpoint": modify_vpc_endpoint,
}

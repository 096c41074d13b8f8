"""VPC endpoints: which ones there are, who reaches them, and whose data they carry."""

from __future__ import annotations

import json

from components.base import Site
from components.endpoints import Endpoints, EndpointsArgs
from tests.components.recorder import ACCOUNT, Recording, record

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def built(site: Site, services: tuple[str, ...] = ("ecr.api", "sts")) -> Recording[Endpoints]:
    args = EndpointsArgs(
        vpc_id="vpc-1",
        cidr="10.0.0.0/16",
        subnet_ids=["subnet-a", "subnet-b"],
        route_table_ids=["rtb-a", "rtb-b"],
        services=services,
    )
    return record(lambda: Endpoints("endpoints", args, site))


def test_s3_and_dynamodb_are_always_reached_by_gateways(site: Site) -> None:
    recording = built(site, services=())
    for service in ("s3", "dynamodb"):
        endpoint = recording.one(ENDPOINT, f"endpoints-{service}")
        assert endpoint.inputs["vpcEndpointType"] == "Gateway"
        assert endpoint.inputs["serviceName"] == f"com.amazonaws.us-east-1.{service}"
        assert endpoint.inputs["routeTableIds"] == ["rtb-a", "rtb-b"]
    assert recording.value(recording.result.s3_endpoint_id) == "endpoints-s3-id"


def test_gateways_carry_the_accounts_own_data_only(site: Site) -> None:
    recording = built(site)
    for service in ("s3", "dynamodb"):
        policy = json.loads(recording.one(ENDPOINT, f"endpoints-{service}").inputs["policy"])
        own, *others = policy["Statement"]
        assert own["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
        assert all(other["Action"] == "s3:GetObject" for other in others)


def test_image_layers_and_packages_can_still_be_read(site: Site) -> None:
    policy = built(site).one(ENDPOINT, "endpoints-s3").inputs["policy"]
    assert "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*" in policy
    assert "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*" in policy


def test_chosen_services_get_private_names_in_every_private_subnet(site: Site) -> None:
    endpoint = built(site).one(ENDPOINT, "endpoints-ecr-api")
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-1.ecr.api"
    assert endpoint.inputs["vpcEndpointType"] == "Interface"
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert endpoint.inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    assert endpoint.inputs["securityGroupIds"] == ["endpoints-access-group-id"]


def test_interface_endpoints_take_https_from_the_vpc_and_start_nothing(site: Site) -> None:
    recording = built(site)
    rule = recording.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert rule.inputs["cidrIpv4"] == "10.0.0.0/16"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
    assert rule.inputs["description"]
    assert not recording.has("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_without_chosen_services_there_is_no_security_group(site: Site) -> None:
    recording = built(site, services=())
    assert len(recording.all(ENDPOINT)) == 2
    assert not recording.has("aws:ec2/securityGroup:SecurityGroup")

"""Application and network load balancers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import balancer_attributes as attributes
from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list, as_object


class LoadBalancer(Resource):
    """The ID is the ARN."""

    token: ClassVar[str] = "aws:lb/loadBalancer:LoadBalancer"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "accessLogs",
            "clientKeepAlive",
            "connectionLogs",
            "desyncMitigationMode",
            "dnsRecordClientRoutingPolicy",
            "dropInvalidHeaderFields",
            "enableCrossZoneLoadBalancing",
            "enableDeletionProtection",
            "enableHttp2",
            "enableTlsVersionAndCipherSuiteHeaders",
            "enableWafFailOpen",
            "enableXffClientPort",
            "enableZonalShift",
            "idleTimeout",
            "internal",
            "ipAddressType",
            "loadBalancerType",
            "name",
            "preserveHostHeader",
            "securityGroups",
            "subnetMappings",
            "subnets",
            "tags",
            "xffHeaderProcessingMode",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"internal", "loadBalancerType", "name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {
        "internal": False,
        "loadBalancerType": "application",
    }

    def create(self, aws: Aws, props: Props) -> str:
        settings = ("name", "subnets", "subnetMappings", "securityGroups", "ipAddressType")
        asked = request("elbv2", "CreateLoadBalancer", props, only=settings)
        asked |= {
            "Scheme": "internal" if props["internal"] else "internet-facing",
            "Type": props["loadBalancerType"],
        }
        marks = tagging.given(aws, "elbv2", "CreateLoadBalancer", props)
        made = aws.client("elbv2").create_load_balancer(**asked, **marks)
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _set(aws, id_, attributes.written(props, _ATTRIBUTES))
        waiter = aws.client("elbv2").get_waiter("load_balancer_available")
        waiter.wait(LoadBalancerArns=[id_], WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    @gone_is_none("LoadBalancerNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        balancers = aws.client("elbv2")
        found = balancers.describe_load_balancers(LoadBalancerArns=[id_])["LoadBalancers"][0]
        pairs = balancers.describe_load_balancer_attributes(LoadBalancerArn=id_)["Attributes"]
        zones = as_list(found.get("AvailabilityZones"))
        shown = {
            "name": found["LoadBalancerName"],
            "internal": found["Scheme"] == "internal",
            "loadBalancerType": found["Type"],
            "ipAddressType": found.get("IpAddressType"),
            "securityGroups": as_list(found.get("SecurityGroups")),
            "subnets": [zone["SubnetId"] for zone in zones],
            "tags": tagging.own(aws, "elbv2", id_),
            **attributes.described(props, pairs, _ATTRIBUTES),
        }
        if "subnetMappings" in props:
            shown["subnetMappings"] = aligned(
                props["subnetMappings"], [_mapping(zone) for zone in zones], "subnetId"
            )
        return {**reported(props, shown, _SHOWN), **_outputs(found)}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        balancers = aws.client("elbv2")
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        if "securityGroups" in changed:
            groups = as_list(new.get("securityGroups"))
            balancers.set_security_groups(LoadBalancerArn=id_, SecurityGroups=groups)
        if changed & {"subnets", "subnetMappings"}:
            asked = request("elbv2", "SetSubnets", new, only=("subnets", "subnetMappings"))
            balancers.set_subnets(LoadBalancerArn=id_, **asked)
        if "ipAddressType" in changed:
            balancers.set_ip_address_type(LoadBalancerArn=id_, IpAddressType=new["ipAddressType"])
        pairs = attributes.written(new, _ATTRIBUTES, changed)
        _set(aws, id_, [*pairs, *attributes.unset(old, new, _DEFAULTS, _ATTRIBUTES)])
        tagging.retag(aws, "elbv2", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        balancers = aws.client("elbv2")
        balancers.delete_load_balancer(LoadBalancerArn=id_)
        balancers.get_waiter("load_balancers_deleted").wait(
            LoadBalancerArns=[id_], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


_ATTRIBUTES: Mapping[str, str] = {
    "accessLogs.bucket": "access_logs.s3.bucket",
    "accessLogs.prefix": "access_logs.s3.prefix",
    "accessLogs.enabled": "access_logs.s3.enabled",
    "clientKeepAlive": "client_keep_alive.seconds",
    "connectionLogs.bucket": "connection_logs.s3.bucket",
    "connectionLogs.prefix": "connection_logs.s3.prefix",
    "connectionLogs.enabled": "connection_logs.s3.enabled",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "enableTlsVersionAndCipherSuiteHeaders": (
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled"
    ),
    "enableWafFailOpen": "waf.fail_open.enabled",
    "enableXffClientPort": "routing.http.xff_client_port.enabled",
    "enableZonalShift": "zonal_shift.config.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
}
_DEFAULTS: Mapping[str, str] = {
    "accessLogs.enabled": "false",
    "connectionLogs.enabled": "false",
    "dropInvalidHeaderFields": "false",
    "enableDeletionProtection": "false",
    "enableHttp2": "true",
    "enableWafFailOpen": "false",
    "idleTimeout": "60",
}
"""What an attribute becomes that is no longer given."""
_SHOWN = ("name", "internal", "loadBalancerType", "ipAddressType", "securityGroups", "subnets")


def _set(aws: Aws, arn: str, pairs: list[dict[str, str]]) -> None:
    if pairs:
        aws.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=pairs)


def _mapping(zone: Mapping[str, Any]) -> Props:
    address = as_object(next(iter(as_list(zone.get("LoadBalancerAddresses"))), None))
    parts = {"allocationId": "AllocationId", "privateIpv4Address": "PrivateIPv4Address"}
    found = {key: address[member] for key, member in parts.items() if address.get(member)}
    return {"subnetId": zone["SubnetId"], **found}


def _outputs(found: Mapping[str, Any]) -> Props:
    arn = found["LoadBalancerArn"]
    return {
        "arn": arn,
        "arnSuffix": arn.partition("loadbalancer/")[2],
        "dnsName": found["DNSName"],
        "zoneId": found["CanonicalHostedZoneId"],
        "vpcId": found["VpcId"],
    }


RESOURCES: tuple[Resource, ...] = (LoadBalancer(),)

"""Target groups: where a load balancer sends requests, and how it checks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import balancer_attributes as attributes
from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props, as_list, as_object


class TargetGroup(Resource):
    """The ID is the ARN."""

    token: ClassVar[str] = "aws:lb/targetGroup:TargetGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "connectionTermination",
            "deregistrationDelay",
            "healthCheck",
            "ipAddressType",
            "loadBalancingAlgorithmType",
            "loadBalancingAnomalyMitigation",
            "loadBalancingCrossZoneEnabled",
            "name",
            "port",
            "preserveClientIp",
            "protocol",
            "protocolVersion",
            "proxyProtocolV2",
            "slowStart",
            "stickiness",
            "tags",
            "targetHealthStates",
            "targetType",
            "vpcId",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"ipAddressType", "name", "port", "protocol", "protocolVersion", "targetType", "vpcId"}
    )
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"targetType": "instance"}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("elbv2", "CreateTargetGroup", props, only=self.replaces)
        marks = tagging.given(aws, "elbv2", "CreateTargetGroup", props)
        made = aws.client("elbv2").create_target_group(**asked, **_check(props), **marks)
        return made["TargetGroups"][0]["TargetGroupArn"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _set(aws, id_, attributes.written(props, _attribute_table(props)))

    @gone_is_none("TargetGroupNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        balancers = aws.client("elbv2")
        found = balancers.describe_target_groups(TargetGroupArns=[id_])["TargetGroups"][0]
        pairs = balancers.describe_target_group_attributes(TargetGroupArn=id_)["Attributes"]
        shown = {
            **found,
            "name": found["TargetGroupName"],
            "healthCheck": _checked(found),
            "tags": tagging.own(aws, "elbv2", id_),
            **attributes.described(props, pairs, _attribute_table(props)),
        }
        shown_always = ("name", "port", "protocol", "targetType", "vpcId")
        return {
            **reported(props, shown, shown_always),
            "arn": id_,
            "arnSuffix": id_.rpartition(":")[2],
            "loadBalancerArns": sorted(as_list(found.get("LoadBalancerArns"))),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("healthCheck") != new.get("healthCheck"):
            aws.client("elbv2").modify_target_group(TargetGroupArn=id_, **_check(new))
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        _set(aws, id_, attributes.written(new, _attribute_table(new), changed))
        tagging.retag(aws, "elbv2", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elbv2").delete_target_group(TargetGroupArn=id_)


_CHECK: Mapping[str, str] = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}
_ATTRIBUTES: Mapping[str, str] = {
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "loadBalancingAnomalyMitigation": "load_balancing.algorithm.anomaly_mitigation",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
    "stickiness.enabled": "stickiness.enabled",
    "stickiness.type": "stickiness.type",
    "targetHealthStates.enableUnhealthyConnectionTermination": (
        "target_health_state.unhealthy.connection_termination.enabled"
    ),
    "targetHealthStates.unhealthyDrainingInterval": (
        "target_health_state.unhealthy.draining_interval_seconds"
    ),
}


def _attribute_table(props: Props) -> Mapping[str, str]:
    """The duration of a sticky session belongs to its kind of cookie."""
    match as_object(props.get("stickiness")).get("type"):
        case "lb_cookie":
            cookie = {"stickiness.cookieDuration": "stickiness.lb_cookie.duration_seconds"}
        case "app_cookie":
            cookie = {
                "stickiness.cookieDuration": "stickiness.app_cookie.duration_seconds",
                "stickiness.cookieName": "stickiness.app_cookie.cookie_name",
            }
        case _:
            cookie = {}
    return {**_ATTRIBUTES, **cookie}


def _check(props: Props) -> dict[str, Any]:
    given = as_object(props.get("healthCheck"))
    plain = {_CHECK[key]: value for key, value in given.items() if key in _CHECK}
    asked = request("elbv2", "CreateTargetGroup", plain)
    if given.get("matcher"):
        code = "GrpcCode" if props.get("protocolVersion") == "GRPC" else "HttpCode"
        asked["Matcher"] = {code: given["matcher"]}
    return asked


def _checked(found: Mapping[str, Any]) -> Props:
    shown = {key: found[member] for key, member in _CHECK.items() if member in found}
    matcher = as_object(found.get("Matcher"))
    code = matcher.get("HttpCode") or matcher.get("GrpcCode")
    return {**shown, **({"matcher": code} if code else {})}


def _set(aws: Aws, arn: str, pairs: list[dict[str, str]]) -> None:
    if pairs:
        aws.client("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=pairs)


RESOURCES: tuple[Resource, ...] = (TargetGroup(),)

"""Listeners of load balancers and the rules that choose among their actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import balancer_attributes as attributes
from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.listener_conditions import described, written
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import camel, reported, request, settled
from rehearsal.providers.wire import Props, as_list

_HEADERS = {
    f"routingHttpResponse{pascal}HeaderValue": f"routing.http.response.{snake}.header_value"
    for pascal, snake in {
        "AccessControlAllowCredentials": "access_control_allow_credentials",
        "AccessControlAllowHeaders": "access_control_allow_headers",
        "AccessControlAllowMethods": "access_control_allow_methods",
        "AccessControlAllowOrigin": "access_control_allow_origin",
        "AccessControlExposeHeaders": "access_control_expose_headers",
        "AccessControlMaxAge": "access_control_max_age",
        "ContentSecurityPolicy": "content_security_policy",
        "StrictTransportSecurity": "strict_transport_security",
        "XContentTypeOptions": "x_content_type_options",
        "XFrameOptions": "x_frame_options",
    }.items()
}
_ATTRIBUTES: Mapping[str, str] = {
    **_HEADERS,
    "routingHttpResponseServerEnabled": "routing.http.response.server.enabled",
    "tcpIdleTimeoutSeconds": "tcp.idle_timeout.seconds",
}


class Listener(Resource):
    """The ID is the ARN."""

    token: ClassVar[str] = "aws:lb/listener:Listener"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "alpnPolicy",
            "certificateArn",
            "defaultActions",
            "loadBalancerArn",
            "mutualAuthentication",
            "port",
            "protocol",
            "sslPolicy",
            "tags",
            *_ATTRIBUTES,
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"defaultActions", "loadBalancerArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"loadBalancerArn"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("elbv2", "CreateListener", props, only=_SETTINGS, rename=_NAMES)
        marks = tagging.given(aws, "elbv2", "CreateListener", props)
        made = aws.client("elbv2").create_listener(**asked, **_certificates(props), **marks)
        return made["Listeners"][0]["ListenerArn"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _set(aws, id_, attributes.written(props, _ATTRIBUTES))

    @gone_is_none("ListenerNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        balancers = aws.client("elbv2")
        found = balancers.describe_listeners(ListenerArns=[id_])["Listeners"][0]
        shown = {
            **found,
            "alpnPolicy": next(iter(as_list(found.get("AlpnPolicy"))), None),
            "certificateArn": next(
                (one["CertificateArn"] for one in as_list(found.get("Certificates"))), None
            ),
            "tags": tagging.own(aws, "elbv2", id_),
        }
        if props.keys() & _ATTRIBUTES.keys():
            pairs = balancers.describe_listener_attributes(ListenerArn=id_)["Attributes"]
            shown |= attributes.described(props, pairs, _ATTRIBUTES)
        always = ("loadBalancerArn", "port", "protocol", "defaultActions")
        return {**reported(props, shown, always, rename=_NAMES), "arn": id_}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = {*_SETTINGS, "certificateArn"} - {"loadBalancerArn"}
        if any(old.get(key) != new.get(key) for key in settings):
            plain = settings - {"certificateArn"}
            asked = request("elbv2", "ModifyListener", new, only=plain, rename=_NAMES)
            asked |= _certificates(new)
            aws.client("elbv2").modify_listener(ListenerArn=id_, **asked)
        changed = {key for key in _ATTRIBUTES if old.get(key) != new.get(key)}
        _set(aws, id_, attributes.written(new, _ATTRIBUTES, changed))
        tagging.retag(aws, "elbv2", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elbv2").delete_listener(ListenerArn=id_)


class ListenerRule(Resource):
    """The ID is the ARN. Without a priority, a rule comes after those that are there."""

    token: ClassVar[str] = "aws:lb/listenerRule:ListenerRule"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"actions", "conditions", "listenerArn", "priority", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"actions", "conditions", "listenerArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"listenerArn"})

    def create(self, aws: Aws, props: Props) -> str:
        balancers = aws.client("elbv2")
        asked = request(
            "elbv2", "CreateRule", props, only=("listenerArn", "actions"), rename=_NAMES
        )
        made = balancers.create_rule(
            **asked,
            Conditions=written(props["conditions"]),
            Priority=props.get("priority") or _last_priority(balancers, props) + 1,
            **tagging.given(aws, "elbv2", "CreateRule", props),
        )
        return made["Rules"][0]["RuleArn"]

    @gone_is_none("RuleNotFound", "ListenerNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("elbv2").describe_rules(RuleArns=[id_])["Rules"]
        if not found:
            return None
        listener = id_.replace(":listener-rule/", ":listener/").rpartition("/")[0]
        shown = {
            **found[0],
            "listenerArn": listener,
            "priority": int(found[0]["Priority"]),
            "tags": tagging.own(aws, "elbv2", id_),
        }
        given = as_list(props.get("conditions"))
        conditions = camel(described(given, found[0]["Conditions"]))
        return {
            **reported(props, shown, ("listenerArn", "priority", "actions"), rename=_NAMES),
            "conditions": settled(given, conditions),
            "arn": id_,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        balancers = aws.client("elbv2")
        if new.get("priority") and old.get("priority") != new["priority"]:
            wanted = [{"RuleArn": id_, "Priority": new["priority"]}]
            balancers.set_rule_priorities(RulePriorities=wanted)
        if any(old[key] != new[key] for key in ("actions", "conditions")):
            asked = request("elbv2", "ModifyRule", new, only=("actions",), rename=_NAMES)
            conditions = written(new["conditions"])
            balancers.modify_rule(RuleArn=id_, Conditions=conditions, **asked)
        tagging.retag(aws, "elbv2", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elbv2").delete_rule(RuleArn=id_)


_SETTINGS = (
    *("alpnPolicy", "defaultActions", "loadBalancerArn", "mutualAuthentication", "port"),
    *("protocol", "sslPolicy"),
)
_ACTION = {
    "authenticateCognito": "AuthenticateCognitoConfig",
    "authenticateOidc": "AuthenticateOidcConfig",
    "fixedResponse": "FixedResponseConfig",
    "forward": "ForwardConfig",
    "forward.stickiness": "TargetGroupStickinessConfig",
    "forward.stickiness.duration": "DurationSeconds",
    "forward.targetGroups.arn": "TargetGroupArn",
    "redirect": "RedirectConfig",
}
_NAMES = {
    f"{block}.{part}": member
    for block in ("actions", "defaultActions")
    for part, member in _ACTION.items()
}


def _certificates(props: Props) -> dict[str, Any]:
    arn = props.get("certificateArn")
    return {"Certificates": [{"CertificateArn": arn}]} if arn else {}


def _last_priority(balancers: Any, props: Props) -> int:
    rules = balancers.describe_rules(ListenerArn=props["listenerArn"])["Rules"]
    return max((int(rule["Priority"]) for rule in rules if not rule["IsDefault"]), default=0)


def _set(aws: Aws, arn: str, pairs: list[dict[str, str]]) -> None:
    if pairs:
        aws.client("elbv2").modify_listener_attributes(ListenerArn=arn, Attributes=pairs)


RESOURCES: tuple[Resource, ...] = (Listener(), ListenerRule())

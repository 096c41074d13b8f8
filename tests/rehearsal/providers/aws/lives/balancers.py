"""Lives of load balancers, target groups, listeners and rules."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

BALANCER = (
    "aws:lb/loadBalancer:LoadBalancer",
    {
        "name": "consoles",
        "internal": True,
        "loadBalancerType": "application",
        "subnets": ["{subnet_a}", "{subnet_b}"],
        "securityGroups": ["{group}"],
        "dropInvalidHeaderFields": True,
        "enableDeletionProtection": True,
        "idleTimeout": 120,
        "accessLogs": {"bucket": "{bucket}", "prefix": "alb", "enabled": True},
        "tags": {"Name": "consoles"},
    },
)
OPEN_BALANCER = (BALANCER[0], {**BALANCER[1], "enableDeletionProtection": False})
GROUP = (
    "aws:lb/targetGroup:TargetGroup",
    {
        "name": "mlflow",
        "port": 5000,
        "protocol": "HTTP",
        "targetType": "ip",
        "vpcId": "{vpc}",
        "deregistrationDelay": 30,
        "healthCheck": {
            "path": "/health",
            "interval": 15,
            "healthyThreshold": 2,
            "matcher": "200",
        },
        "stickiness": {"type": "lb_cookie", "enabled": True, "cookieDuration": 600},
        "tags": {"Name": "mlflow"},
    },
)
LISTENER = (
    "aws:lb/listener:Listener",
    {
        "loadBalancerArn": "{before.balancer.id}",
        "port": 80,
        "protocol": "HTTP",
        "defaultActions": [
            {
                "type": "redirect",
                "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"},
            }
        ],
        "tags": {"Name": "http"},
    },
)


def _attributes(account: Account, arn: str) -> Any:
    found = account("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)
    return {one["Key"]: one["Value"] for one in found["Attributes"]}


def _group_facts(account: Account, arn: str) -> Any:
    found = account("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    pairs = account("elbv2").describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    delay = next(p["Value"] for p in pairs if p["Key"] == "deregistration_delay.timeout_seconds")
    return [found["HealthCheckPath"], found["Matcher"]["HttpCode"], delay]


def _rule(account: Account, arn: str) -> Any:
    return account("elbv2").describe_rules(RuleArns=[arn])["Rules"][0]


LIVES = (
    Life(
        token=BALANCER[0],
        props=BALANCER[1],
        change={
            "idleTimeout": 300,
            "accessLogs": {"bucket": "{bucket}", "prefix": "edge", "enabled": True},
            "tags": {"Name": "edge"},
        },
        look=lambda account, id_: [
            _attributes(account, id_)[key]
            for key in ("idle_timeout.timeout_seconds", "access_logs.s3.prefix")
        ],
        shows=["300", "edge"],
        meddle=lambda account, id_: account("elbv2").modify_load_balancer_attributes(
            LoadBalancerArn=id_,
            Attributes=[
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "false"}
            ],
        ),
        undo=("enableDeletionProtection",),
    ),
    Life(
        token=GROUP[0],
        props=GROUP[1],
        change={
            "healthCheck": {
                "path": "/ready",
                "interval": 15,
                "healthyThreshold": 2,
                "matcher": "200-299",
            },
            "deregistrationDelay": 60,
        },
        look=_group_facts,
        shows=["/ready", "200-299", "60"],
        meddle=lambda account, id_: account("elbv2").modify_target_group_attributes(
            TargetGroupArn=id_, Attributes=[{"Key": "stickiness.enabled", "Value": "false"}]
        ),
    ),
    Life(
        token=LISTENER[0],
        before={"balancer": OPEN_BALANCER, "group": GROUP},
        props=LISTENER[1],
        change={
            "defaultActions": [
                {
                    "type": "forward",
                    "forward": {
                        "targetGroups": [{"arn": "{before.group.id}", "weight": 1}],
                        "stickiness": {"enabled": True, "duration": 600},
                    },
                }
            ],
            "tags": {"Name": "models"},
        },
        look=lambda account, id_: account("elbv2").describe_listeners(ListenerArns=[id_])[
            "Listeners"
        ][0]["DefaultActions"][0]["Type"],
        shows="forward",
        meddle=lambda account, id_: account("elbv2").modify_listener(
            ListenerArn=id_,
            DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
            ],
        ),
    ),
    Life(
        token="aws:lb/listenerRule:ListenerRule",
        before={"balancer": OPEN_BALANCER, "group": GROUP, "listener": LISTENER},
        props={
            "listenerArn": "{before.listener.id}",
            "priority": 10,
            "actions": [{"type": "forward", "targetGroupArn": "{before.group.id}"}],
            "conditions": [
                {"hostHeader": {"values": ["mlflow.example.com"]}},
                {"pathPattern": {"values": ["/api/*"]}},
            ],
            "tags": {"Name": "mlflow"},
        },
        change={
            "priority": 20,
            "conditions": [{"hostHeader": {"values": ["tracking.example.com"]}}],
        },
        look=lambda account, id_: [
            _rule(account, id_)["Priority"],
            _rule(account, id_)["Conditions"][0]["HostHeaderConfig"]["Values"],
        ],
        shows=["20", ["tracking.example.com"]],
        meddle=lambda account, id_: account("elbv2").modify_rule(
            RuleArn=id_,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}],
        ),
    ),
)

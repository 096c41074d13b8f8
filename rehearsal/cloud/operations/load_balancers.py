"""Load balancers: their interfaces in subnets, and the first file of their access logs."""

from __future__ import annotations

from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.operations.deliveries import access_log_test_file


def create_load_balancer(call: Call) -> Answer:
    """CreateLoadBalancer: active at once."""
    answer = call.upstream()
    for made in answer["LoadBalancers"]:
        _join(call, made["LoadBalancerArn"])
    return answer


def set_subnets(call: Call) -> Answer:
    """SetSubnets."""
    answer = call.upstream()
    _join(call, call.params["LoadBalancerArn"])
    return answer


def set_security_groups(call: Call) -> Answer:
    """SetSecurityGroups."""
    answer = call.upstream()
    _join(call, call.params["LoadBalancerArn"])
    return answer


def delete_load_balancer(call: Call) -> Answer:
    """DeleteLoadBalancer: its interfaces go with it."""
    answer = call.upstream()
    interfaces.release(call.here, call.params["LoadBalancerArn"])
    return answer


def modify_load_balancer_attributes(call: Call) -> Answer:
    """ModifyLoadBalancerAttributes: turning access logs on writes a test file."""
    answer = call.upstream()
    given = {each["Key"]: each.get("Value", "") for each in call.params["Attributes"]}
    if given.get("access_logs.s3.enabled") == "true":
        now_set = {each["Key"]: each.get("Value", "") for each in answer["Attributes"]}
        bucket, prefix = now_set["access_logs.s3.bucket"], now_set.get("access_logs.s3.prefix", "")
        access_log_test_file(call, call.here, bucket, prefix)
    return answer


def modify_listener(call: Call) -> Answer:
    """ModifyListener: moto knows only some of the protocols; TLS takes certificates as HTTPS."""
    protocol = call.params.get("Protocol")
    if protocol in (None, "HTTP", "HTTPS", "TCP"):
        return call.upstream()
    arn = call.params["ListenerArn"]
    known_to_moto = "HTTPS" if protocol == "TLS" else "TCP"
    given = {key: value for key, value in call.params.items() if value is not None}
    call.ask("elbv2", "ModifyListener", given | {"Protocol": known_to_moto})
    balancer = arn.replace(":listener/", ":loadbalancer/").rpartition("/")[0]
    call.here.moto("elbv2").load_balancers[balancer].listeners[arn].protocol = protocol
    return call.ask("elbv2", "DescribeListeners", {"ListenerArns": [arn]})


def _join(call: Call, arn: str) -> None:
    """An interface in each of its subnets, with its security groups."""
    interfaces.release(call.here, arn)
    balancer = call.here.moto("elbv2").load_balancers[arn]
    name = arn.partition(":loadbalancer/")[2]
    owner = interfaces.Owner(arn=arn, description=f"ELB {name}", service="amazon-elb")
    subnets = [subnet.id for subnet in balancer.subnets]
    interfaces.attach(call.here, owner, subnets, balancer.security_groups or ())


OPERATIONS = {
    "CreateLoadBalancer": create_load_balancer,
    "DeleteLoadBalancer": delete_load_balancer,
    "ModifyListener": modify_listener,
    "ModifyLoadBalancerAttributes": modify_load_balancer_attributes,
    "SetSecurityGroups": set_security_groups,
    "SetSubnets": set_subnets,
}

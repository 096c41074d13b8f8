"""Load balancers: zones, names, certificates, protocols and deletion."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_subnet, subnets, zones
from rehearsal.cloud.operations.buckets import policy_of
from rehearsal.cloud.operations.certificates import ISSUED, certificate_with_arn, issue_validated
from rehearsal.cloud.policy_documents import PolicyError, principals, readable
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/elasticloadbalancing/latest"
API = f"{DOCS}/APIReference"
_NAME = re.compile(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)")
POLICIES = re.compile(
    r"ELBSecurityPolicy-(2016-08|FS(-1-2(-Res)?(-2019-08|-2020-10)?|-1-1-2019-08|-2018-06)"
    r"|TLS-1-[012](-Ext)?-20(15-04|17-01|18-06)|TLS13-1-[0123](-(Res|Ext[12]))?(-FIPS)?"
    r"(-PQ)?-20(21-06|23-04|25-09))"
)
LOG_DELIVERY = ("logdelivery.elasticloadbalancing.amazonaws.com", "delivery.logs.amazonaws.com")
ALB_TARGETS, NLB_TARGETS = ("HTTP", "HTTPS"), ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


def _kind(call: Call) -> str:
    return call.params.get("Type") or "application"


def _subnet_ids(call: Call) -> list[str]:
    mapped = [each["SubnetId"] for each in call.listed("SubnetMappings") if "SubnetId" in each]
    return [*call.listed("Subnets"), *mapped]


def _two_zones(call: Call) -> str | None:
    ids = _subnet_ids(call)
    if absent_subnet(call, ids):
        return None
    if _kind(call) == "application" and len(zones(call.here, ids)) < 2:
        return "At least two subnets in two different Availability Zones must be specified"
    if len(zones(call.here, ids)) < len(set(ids)):
        return "A load balancer cannot be attached to multiple subnets in the same zone"
    return None


def _name(call: Call) -> str | None:
    name = call.params["Name"]
    if not _NAME.fullmatch(name):
        return (
            f"The load balancer name '{name}' must have 1 to 32 letters, digits or hyphens, not"
            " at its ends, and not begin with 'internal-'"
        )
    return None


def _name_taken(call: Call) -> str | None:
    for balancer in call.here.moto("elbv2").load_balancers.values():
        if balancer.name == call.params["Name"]:
            return (
                f"A load balancer with the same name '{balancer.name}' exists, but with other"
                " settings"
            )
    return None


def _no_way_in(call: Call) -> str | None:
    ids = _subnet_ids(call)
    if call.params.get("Scheme") == "internal" or not ids or absent_subnet(call, ids):
        return None
    vpc_id = subnets(call.here)[ids[0]].vpc_id
    gateways = call.here.moto("ec2").internet_gateways.values()
    if any(each.vpc and each.vpc.id == vpc_id for each in gateways):
        return None
    return f"VPC {vpc_id} has no internet gateway"


def _balancer(call: Call) -> Any | None:
    known = call.here.moto("elbv2").load_balancers
    arn = call.params.get("LoadBalancerArn")
    if arn is None:
        for each in known.values():
            if call.params.get("ListenerArn") in each.listeners:
                return each
    return known.get(arn)


def _certificates(call: Call) -> list[str]:
    return [each["CertificateArn"] for each in call.listed("Certificates")]


def _no_certificate(call: Call) -> str | None:
    secure = call.params.get("Protocol") in ("HTTPS", "TLS")
    if secure and not _certificates(call) and call.operation == "CreateListener":
        return "A certificate must be specified for HTTPS and TLS listeners"
    return None


def _not_issued(call: Call) -> str | None:
    issue_validated(call)
    for arn in _certificates(call):
        found = certificate_with_arn(call, arn)
        if ":acm:" in arn and (found is None or found.status != ISSUED):
            state = found.status if found is not None else "absent"
            return (
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported"
                f" signature, and a supported key size, and be issued: it is {state}"
            )
    return None


def _policy(call: Call) -> str | None:
    name = call.params.get("SslPolicy")
    if name and not POLICIES.fullmatch(name):
        return f"SSL policy '{name}' not found"
    return None


def _port_taken(call: Call) -> str | None:
    balancer, port = _balancer(call), call.params.get("Port")
    if balancer is None or port is None:
        return None
    for listener in balancer.listeners.values():
        if str(listener.port) == str(port):
            return f"A listener already exists on port {port} for this load balancer"
    return None


def _target_protocol(call: Call) -> str | None:
    balancer = _balancer(call)
    if balancer is None:
        return None
    wanted = NLB_TARGETS if balancer.type == "network" else ALB_TARGETS
    for action in call.listed("DefaultActions"):
        group = call.here.moto("elbv2").target_groups.get(action.get("TargetGroupArn"))
        if group is not None and group.protocol not in wanted:
            return (
                f"The protocol {group.protocol} of target group {group.name} is not compatible"
                f" with a load balancer of type {balancer.type}"
            )
    return None


def _protected(call: Call) -> str | None:
    balancer = _balancer(call)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        return (
            f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is"
            " enabled"
        )
    return None


def _log_bucket(call: Call) -> str | None:
    given = {each["Key"]: each.get("Value", "") for each in call.listed("Attributes")}
    if given.get("access_logs.s3.enabled") != "true":
        return None
    balancer = _balancer(call)
    bucket = given.get("access_logs.s3.bucket") or (
        balancer.attrs.get("access_logs.s3.bucket") if balancer else ""
    )
    if bucket not in call.cloud.moto("s3").buckets:
        return f"The specified bucket does not exist: {bucket}"
    if _delivers(policy_of(call, bucket)):
        return None
    return f"Access Denied for bucket: {bucket}. Please check S3bucket permission"


def _delivers(document: str | None) -> bool:
    """Whether the service that delivers logs, or its account in older regions, may write."""
    try:
        found = readable(document)
    except PolicyError:
        return False
    return any(
        statement["Effect"] == "Allow"
        and (
            set(LOG_DELIVERY) & set(principals(statement, "Service"))
            or any("127311923021" in p or "797873946194" in p for p in principals(statement, "AWS"))
        )
        for statement in found
    )


RULES = (
    Rule(
        name="an application load balancer lies in two zones",
        service="elbv2",
        operations=("CreateLoadBalancer",),
        code="ValidationError",
        url=f"{DOCS}/application/application-load-balancers.html",
        broken=_two_zones,
    ),
    Rule(
        name="a load balancer's name keeps to the rules",
        service="elbv2",
        operations=("CreateLoadBalancer",),
        code="ValidationError",
        url=f"{API}/API_CreateLoadBalancer.html",
        broken=_name,
    ),
    Rule(
        name="a load balancer's name is not taken",
        service="elbv2",
        operations=("CreateLoadBalancer",),
        code="DuplicateLoadBalancerName",
        url=f"{API}/API_CreateLoadBalancer.html",
        broken=_name_taken,
    ),
    Rule(
        name="a public load balancer's VPC has an internet gateway",
        service="elbv2",
        operations=("CreateLoadBalancer",),
        code="InvalidSubnet",
        url=f"{API}/API_CreateLoadBalancer.html",
        broken=_no_way_in,
    ),
    Rule(
        name="a secure listener has a certificate",
        service="elbv2",
        operations=("CreateListener",),
        code="ValidationError",
        url=f"{DOCS}/application/create-https-listener.html",
        broken=_no_certificate,
    ),
    Rule(
        name="a listener's certificate is issued",
        service="elbv2",
        operations=("CreateListener", "ModifyListener", "AddListenerCertificates"),
        code="UnsupportedCertificate",
        url=f"{DOCS}/application/https-listener-certificates.html",
        broken=_not_issued,
    ),
    Rule(
        name="a listener's TLS policy exists",
        service="elbv2",
        operations=("CreateListener", "ModifyListener"),
        code="SSLPolicyNotFound",
        url=f"{DOCS}/application/describe-ssl-policies.html",
        broken=_policy,
    ),
    Rule(
        name="a port has one listener",
        service="elbv2",
        operations=("CreateListener",),
        code="DuplicateListener",
        url=f"{API}/API_CreateListener.html",
        broken=_port_taken,
    ),
    Rule(
        name="a target group speaks the load balancer's protocol",
        service="elbv2",
        operations=("CreateListener", "ModifyListener"),
        code="InvalidConfigurationRequest",
        url=f"{DOCS}/network/load-balancer-target-groups.html",
        broken=_target_protocol,
    ),
    Rule(
        name="a load balancer under deletion protection stays",
        service="elbv2",
        operations=("DeleteLoadBalancer",),
        code="OperationNotPermitted",
        url=f"{DOCS}/application/edit-load-balancer-attributes.html",
        broken=_protected,
    ),
    Rule(
        name="access logs may be written into their bucket",
        service="elbv2",
        operations=("ModifyLoadBalancerAttributes",),
        code="InvalidConfigurationRequest",
        url=f"{DOCS}/application/enable-access-logging.html",
        broken=_log_bucket,
    ),
)

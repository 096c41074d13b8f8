"""Examples of refusals in load balancing, ACM, WAF and Route 53."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import ACCOUNT_ID, VISIBLE, Account, allow, policy
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()


def balancer(subnets: list[str], **more: Any) -> dict[str, Any]:
    return {"Name": "edge", "Subnets": subnets, "Scheme": "internal", **more}


@EXAMPLES.of("an application load balancer lies in two zones")
def _(a: Account, refused: Refused) -> None:
    first, second = a.subnets(a.vpc(), "ab")
    refused(a.elbv2.create_load_balancer, **balancer([first]))
    a.elbv2.create_load_balancer(**balancer([first, second]))


@EXAMPLES.of("a load balancer's name keeps to the rules")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc(), "ab")
    for name in ("x" * 33, "internal-edge", "edge_1", "edge-"):
        refused(a.elbv2.create_load_balancer, **balancer(subnets, Name=name))
    a.elbv2.create_load_balancer(**balancer(subnets, Name="x" * 32))


@EXAMPLES.of("a load balancer's name is not taken")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc())
    a.elbv2.create_load_balancer(**balancer(subnets))
    refused(a.elbv2.create_load_balancer, **balancer(subnets[:2]))


@EXAMPLES.of("a public load balancer's VPC has an internet gateway")
def _(a: Account, refused: Refused) -> None:
    private, public = a.subnets(a.vpc()), a.subnets(a.vpc(gateway=True))
    outward = {"Scheme": "internet-facing"}
    refused(a.elbv2.create_load_balancer, **balancer(private, **outward))
    a.elbv2.create_load_balancer(**balancer(public, **outward))


def listener(a: Account, **more: Any) -> dict[str, Any]:
    """A listener on a new load balancer, which forwards to a group of the same protocol."""
    subnets = a.subnets(a.vpc(gateway=True))
    vpc = a.ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    group = a.target_group(vpc)
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    arn = a.balancer(subnets=subnets)
    return {"LoadBalancerArn": arn, "Port": 443, "DefaultActions": forward, **more}


@EXAMPLES.of("a secure listener has a certificate")
def _(a: Account, refused: Refused) -> None:
    given = listener(a, Protocol="HTTPS")
    refused(a.elbv2.create_listener, **given)
    issued = a.certificate(zone_id=a.zone())
    a.elbv2.create_listener(**given, Certificates=[{"CertificateArn": issued}])


@EXAMPLES.of("a listener's certificate is issued")
def _(a: Account, refused: Refused) -> None:
    certificate = a.certificate()
    held = [{"CertificateArn": certificate}]
    given = listener(a, Protocol="HTTPS", Certificates=held)
    refused(a.elbv2.create_listener, **given)
    a.validate(certificate, a.zone())
    a.elbv2.create_listener(**given)


@EXAMPLES.of("a listener's TLS policy exists")
def _(a: Account, refused: Refused) -> None:
    held = [{"CertificateArn": a.certificate(zone_id=a.zone())}]
    given = listener(a, Protocol="HTTPS", Certificates=held)
    refused(a.elbv2.create_listener, **given, SslPolicy="ELBSecurityPolicy-TLS14-1-2-2021-06")
    a.elbv2.create_listener(**given, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")


@EXAMPLES.of("a port has one listener")
def _(a: Account, refused: Refused) -> None:
    given = listener(a, Protocol="HTTP")
    a.elbv2.create_listener(**given)
    refused(a.elbv2.create_listener, **given)
    a.elbv2.create_listener(**{**given, "Port": 80})


@EXAMPLES.of("a target group speaks the load balancer's protocol")
def _(a: Account, refused: Refused) -> None:
    subnets = a.subnets(a.vpc())
    vpc = a.ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    arn = a.balancer("models", "network", subnets=subnets, Scheme="internal")

    def to(group: str) -> dict[str, Any]:
        action = [{"Type": "forward", "TargetGroupArn": group}]
        return {"LoadBalancerArn": arn, "Protocol": "TCP", "Port": 443, "DefaultActions": action}

    refused(a.elbv2.create_listener, **to(a.target_group(vpc, "HTTP", "http")))
    a.elbv2.create_listener(**to(a.target_group(vpc, "TCP", "tcp")))


@EXAMPLES.of("a load balancer under deletion protection stays")
def _(a: Account, refused: Refused) -> None:
    arn = a.balancer()

    def protect(value: str) -> None:
        protection = [{"Key": "deletion_protection.enabled", "Value": value}]
        a.elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=protection)

    protect("true")
    refused(a.elbv2.delete_load_balancer, LoadBalancerArn=arn)
    protect("false")
    a.elbv2.delete_load_balancer(LoadBalancerArn=arn)


@EXAMPLES.of("access logs may be written into their bucket")
def _(a: Account, refused: Refused) -> None:
    bucket = a.bucket("balancer-logs")
    given = {
        "LoadBalancerArn": a.balancer(),
        "Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": bucket},
        ],
    }
    refused(a.elbv2.modify_load_balancer_attributes, **given)
    service = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    document = policy(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*", Principal=service))
    a.s3.put_bucket_policy(Bucket=bucket, Policy=document)
    a.elbv2.modify_load_balancer_attributes(**given)


@EXAMPLES.of("a certificate in use stays")
def _(a: Account, refused: Refused) -> None:
    certificate = a.certificate(zone_id=a.zone())
    given = listener(a, Protocol="HTTPS", Certificates=[{"CertificateArn": certificate}])
    made = a.elbv2.create_listener(**given)["Listeners"][0]["ListenerArn"]
    refused(a.acm.delete_certificate, CertificateArn=certificate)
    a.elbv2.delete_listener(ListenerArn=made)
    a.acm.delete_certificate(CertificateArn=certificate)


def managed(name: str, **action: Any) -> dict[str, Any]:
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}}
    action = action or {"OverrideAction": {"None": {}}}
    return {
        "Name": "rule",
        "Priority": 1,
        "Statement": group,
        "VisibilityConfig": VISIBLE,
        **action,
    }


COMMON = "AWSManagedRulesCommonRuleSet"


@EXAMPLES.of("a managed rule group exists")
def _(a: Account, refused: Refused) -> None:
    refused(a.web_acl, rules=[managed("AWSManagedRulesNonsenseRuleSet")])
    a.web_acl(rules=[managed(COMMON)])


@EXAMPLES.of("a rule group's action is overridden, a rule's own is set")
def _(a: Account, refused: Refused) -> None:
    refused(a.web_acl, rules=[managed(COMMON, Action={"Block": {}})])
    a.web_acl(rules=[managed(COMMON)])


@EXAMPLES.of("rules of a web ACL have priorities of their own")
def _(a: Account, refused: Refused) -> None:
    first, second = managed(COMMON), managed("AWSManagedRulesSQLiRuleSet") | {"Name": "second"}
    refused(a.web_acl, rules=[first, second])
    a.web_acl(rules=[first, second | {"Priority": 2}])


@EXAMPLES.of("a web ACL's name is not taken")
def _(a: Account, refused: Refused) -> None:
    a.web_acl("edge")
    refused(a.web_acl, "edge")


@EXAMPLES.of("a web ACL for CloudFront is made in us-east-1")
def _(a: Account, refused: Refused) -> None:
    refused(a.there("us-west-2").wafv2.list_web_acls, Scope="CLOUDFRONT")
    a.wafv2.list_web_acls(Scope="CLOUDFRONT")


@EXAMPLES.of("a web ACL protects an application load balancer that exists")
def _(a: Account, refused: Refused) -> None:
    acl, arn = a.web_acl()["ARN"], a.balancer()
    refused(a.wafv2.associate_web_acl, WebACLArn=acl, ResourceArn=f"{arn}0")
    a.wafv2.associate_web_acl(WebACLArn=acl, ResourceArn=arn)


def logging(a: Account, group: str) -> dict[str, Any]:
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:{group}"
    acl = a.wafv2.list_web_acls(Scope="REGIONAL")["WebACLs"]
    target = acl[0]["ARN"] if acl else a.web_acl()["ARN"]
    return {"LoggingConfiguration": {"ResourceArn": target, "LogDestinationConfigs": [arn]}}


@EXAMPLES.of("a web ACL's log has the required name")
def _(a: Account, refused: Refused) -> None:
    for name in ("edge", "aws-waf-logs-edge"):
        a.logs.create_log_group(logGroupName=name)
    refused(a.wafv2.put_logging_configuration, **logging(a, "edge"))
    a.wafv2.put_logging_configuration(**logging(a, "aws-waf-logs-edge"))


@EXAMPLES.of("a web ACL's log group exists")
def _(a: Account, refused: Refused) -> None:
    refused(a.wafv2.put_logging_configuration, **logging(a, "aws-waf-logs-edge"))
    a.logs.create_log_group(logGroupName="aws-waf-logs-edge")
    a.wafv2.put_logging_configuration(**logging(a, "aws-waf-logs-edge"))


@EXAMPLES.of("a web ACL that protects something stays")
def _(a: Account, refused: Refused) -> None:
    acl, arn = a.web_acl(), a.balancer()
    a.wafv2.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=arn)
    named = {"Name": "acl", "Scope": "REGIONAL", "Id": acl["Id"], "LockToken": acl["LockToken"]}
    refused(a.wafv2.delete_web_acl, **named)
    a.wafv2.disassociate_web_acl(ResourceArn=arn)
    a.wafv2.delete_web_acl(**named)


ONE = {"TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}
NAME = {"TTL": 60, "ResourceRecords": [{"Value": "x.example.org"}]}


@EXAMPLES.of("no CNAME at the apex of a zone")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    refused(a.change, zone, "CREATE", "example.com", "CNAME", **NAME)
    a.change(zone, "CREATE", "www.example.com", "CNAME", **NAME)


@EXAMPLES.of("a CNAME stands alone at its name")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    a.change(zone, "CREATE", "www.example.com", "A", **ONE)
    refused(a.change, zone, "CREATE", "www.example.com", "CNAME", **NAME)
    a.change(zone, "CREATE", "api.example.com", "CNAME", **NAME)


@EXAMPLES.of("a record is created once")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    other = {"TTL": 60, "ResourceRecords": [{"Value": "10.0.0.2"}]}
    a.change(zone, "CREATE", "www.example.com", "A", **ONE)
    refused(a.change, zone, "CREATE", "www.example.com", "A", **other)
    a.change(zone, "UPSERT", "www.example.com", "A", **other)


@EXAMPLES.of("an address record holds addresses")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    wrong = {"TTL": 60, "ResourceRecords": [{"Value": "10.0.0.300"}]}
    refused(a.change, zone, "CREATE", "www.example.com", "A", **wrong)
    a.change(zone, "CREATE", "www.example.com", "A", **ONE)


@EXAMPLES.of("an alias to a load balancer finds it")
def _(a: Account, refused: Refused) -> None:
    zone, arn = a.zone(), a.balancer()
    found = a.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]

    def alias(name: str) -> dict[str, Any]:
        target = {"DNSName": name, "EvaluateTargetHealth": False}
        return {"AliasTarget": {**target, "HostedZoneId": found["CanonicalHostedZoneId"]}}

    wrong = alias(f"other-{found['DNSName']}")
    refused(a.change, zone, "CREATE", "www.example.com", "A", **wrong)
    a.change(zone, "CREATE", "www.example.com", "A", **alias(found["DNSName"]))


@EXAMPLES.of("a record is an alias or has a TTL and values")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    refused(a.change, zone, "CREATE", "www.example.com", "A", TTL=60)
    a.change(zone, "CREATE", "www.example.com", "A", **ONE)


def primary(check: str) -> dict[str, Any]:
    return {**ONE, "SetIdentifier": "east", "Failover": "PRIMARY", "HealthCheckId": check}


def check(a: Account) -> str:
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "example.com"}
    made = a.route53.create_health_check(CallerReference="x", HealthCheckConfig=config)
    return made["HealthCheck"]["Id"]


@EXAMPLES.of("a record's health check exists")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    refused(a.change, zone, "CREATE", "www.example.com", "A", **primary("nonsense"))
    a.change(zone, "CREATE", "www.example.com", "A", **primary(check(a)))


@EXAMPLES.of("a name has one primary, with a health check, and one secondary")
def _(a: Account, refused: Refused) -> None:
    zone = a.zone()
    unchecked = {**ONE, "SetIdentifier": "east", "Failover": "PRIMARY"}
    refused(a.change, zone, "CREATE", "www.example.com", "A", **unchecked)
    a.change(zone, "CREATE", "www.example.com", "A", **primary(check(a)))
    twin = {**primary(check(a)), "SetIdentifier": "west"}
    refused(a.change, zone, "CREATE", "www.example.com", "A", **twin)
    second = {**ONE, "SetIdentifier": "west", "Failover": "SECONDARY"}
    a.change(zone, "CREATE", "www.example.com", "A", **second)


@EXAMPLES.of("a zone has a domain name")
def _(a: Account, refused: Refused) -> None:
    refused(a.route53.create_hosted_zone, Name="exam ple.com", CallerReference="a")
    a.route53.create_hosted_zone(Name="example.com", CallerReference="a")


@EXAMPLES.of("a zone's caller reference is used once")
def _(a: Account, refused: Refused) -> None:
    a.route53.create_hosted_zone(Name="example.com", CallerReference="a")
    refused(a.route53.create_hosted_zone, Name="example.org", CallerReference="a")


@EXAMPLES.of("a private zone's VPC exists")
def _(a: Account, refused: Refused) -> None:
    zone = {"Name": "internal.example", "HostedZoneConfig": {"PrivateZone": True}}
    vpc = {"VPCRegion": "us-east-1", "VPCId": a.vpc()}
    wrong = {**vpc, "VPCRegion": "us-west-2"}
    refused(a.route53.create_hosted_zone, **zone, VPC=wrong, CallerReference="a")
    a.route53.create_hosted_zone(**zone, VPC=vpc, CallerReference="b")

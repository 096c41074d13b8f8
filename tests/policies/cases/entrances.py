"""What proves the rules about load balancers, firewalls and certificates."""

from __future__ import annotations

from typing import Any

from tests.policies.cases.group_rules import FACING
from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

HTTPS = recorded("aws:lb/listener:Listener", "consoles-https")
HTTP = recorded("aws:lb/listener:Listener", "consoles-http")
CONSOLES = recorded("aws:lb/loadBalancer:LoadBalancer", "consoles-balancer")
MODELS = recorded("aws:lb/loadBalancer:LoadBalancer", "models-balancer")
PUBLIC = CONSOLES.but({"internal": False, "arn": "arn:balancer"})
ACL = recorded("aws:wafv2/webAcl:WebAcl").but({"arn": "arn:acl"})
CERTIFICATE = recorded("aws:acm/certificate:Certificate")
ONE_SERVICE = CERTIFICATE.but(
    {"domainName": "models.a.com", "subjectAlternativeNames": ["*.models.a.com"]}
)
EXPECTED = {"failover_names": ("models.a.com", "*.models.a.com")}
REDIRECT = {"type": "redirect", "redirect": {"protocol": "HTTPS"}}


def _association(of: Any) -> Described:
    return Described(
        type="aws:wafv2/webAclAssociation:WebAclAssociation",
        name="association",
        properties={"resourceArn": of, "webAclArn": "arn:acl"},
    )


def _logging(of: Any = "arn:acl") -> Described:
    return Described(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        name="logging",
        properties={"resourceArn": of},
    )


def _rules(*names: Any) -> list[Any]:
    return [{"statement": {"managedRuleGroupStatement": {"name": name}}} for name in names]


CASES = {
    "listener-modern-tls": Cases(
        failing=(
            *(
                fails(HTTPS.but({"sslPolicy": policy}), at="sslPolicy", wanted="TLS 1.2")
                for policy in (
                    None,
                    "ELBSecurityPolicy-2016-08",
                    "ELBSecurityPolicy-TLS-1-1-2017-01",
                    "ELBSecurityPolicy-TLS13-1-0-2021-06",
                    "ELBSecurityPolicy-FS-1-1-2019-08",
                )
            ),
            fails(
                HTTPS.but({"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-2016-08"}),
                at="sslPolicy",
            ),
            fails(
                HTTP.but({"defaultActions": [{"type": "forward"}]}),
                at="defaultActions",
                wanted="a redirect to HTTPS",
            ),
            fails(
                HTTP.but(
                    {"defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTP"}}]}
                ),
                at="defaultActions",
            ),
            fails(
                HTTP.but({"defaultActions": [REDIRECT, {"type": "forward"}]}), at="defaultActions"
            ),
            fails(HTTP.but({"protocol": "TCP", "port": 80}), at="protocol", wanted="TLS"),
            fails(HTTP.but({"protocol": "UDP", "port": 53}), at="protocol"),
        ),
        passing=(
            passes(HTTPS),
            passes(HTTP),
            passes(HTTP.but({"protocol": "TCP", "port": 443})),
            *(
                passes(HTTPS.but({"sslPolicy": policy}))
                for policy in (
                    "ELBSecurityPolicy-TLS13-1-3-2021-06",
                    "ELBSecurityPolicy-TLS-1-2-2017-01",
                    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
                )
            ),
        ),
        unknown=passes(HTTPS.but({"sslPolicy": UNKNOWN})),
        secret=fails(HTTPS.but({"sslPolicy": secret("old")}), at="sslPolicy"),
    ),
    "balancer-drops-bad-headers": Cases(
        failing=(
            fails(CONSOLES.but({"dropInvalidHeaderFields": False}), at="dropInvalidHeaderFields"),
            fails(
                CONSOLES.but({"dropInvalidHeaderFields": None, "loadBalancerType": None}),
                at="dropInvalidHeaderFields",
                wanted="true",
            ),
        ),
        passing=(passes(CONSOLES), passes(MODELS)),
        unknown=passes(CONSOLES.but({"dropInvalidHeaderFields": UNKNOWN})),
        secret=fails(
            CONSOLES.but({"dropInvalidHeaderFields": secret(value=False)}),
            at="dropInvalidHeaderFields",
        ),
    ),
    "balancer-logged-and-protected": Cases(
        failing=(
            fails(
                CONSOLES.but({"accessLogs.enabled": False}),
                at="accessLogs.enabled",
                wanted="true",
                repairable=False,
            ),
            fails(MODELS.but({"accessLogs": None}), at="accessLogs.enabled", repairable=False),
            fails(CONSOLES.but({"enableDeletionProtection": False}), at="enableDeletionProtection"),
            fails(MODELS.but({"enableDeletionProtection": None}), at="enableDeletionProtection"),
        ),
        passing=(passes(CONSOLES), passes(MODELS)),
        unknown=passes(CONSOLES.but({"enableDeletionProtection": UNKNOWN})),
        secret=fails(
            CONSOLES.but({"enableDeletionProtection": secret(value=False)}),
            at="enableDeletionProtection",
        ),
    ),
    "public-balancer-behind-firewall": Cases(
        failing=(
            fails(
                PUBLIC,
                at="internal",
                wanted="a web ACL",
                settings=FACING,
            ),
            fails(PUBLIC.but({"internal": None}), at="internal"),
            fails(PUBLIC, _association("arn:other"), at="internal"),
        ),
        passing=(
            passes(CONSOLES),
            passes(PUBLIC, _association("arn:balancer")),
            passes(PUBLIC, _association(UNKNOWN).flowing("resourceArn", PUBLIC)),
            # AWS takes no web ACL before a network load balancer.
            passes(MODELS.but({"internal": False})),
        ),
        unknown=passes(PUBLIC.but({"internal": UNKNOWN})),
        secret=fails(PUBLIC.but({"internal": secret(value=False)}), at="internal"),
    ),
    "firewall-managed-and-logged": Cases(
        failing=(
            fails(ACL.but({"rules": []}), _logging(), at="rules", wanted="CommonRuleSet"),
            fails(
                ACL.but({"rules": _rules("AWSManagedRulesSQLiRuleSet", None)}),
                _logging(),
                at="rules",
            ),
            fails(ACL, at="name", wanted="a logging configuration"),
            fails(ACL, _logging("arn:other"), at="name"),
        ),
        passing=(
            passes(ACL, _logging()),
            passes(
                ACL.but({"rules": [{}, *_rules("AWSManagedRulesCommonRuleSet")]}),
                _logging(UNKNOWN).flowing("resourceArn", ACL),
            ),
        ),
        unknown=passes(ACL.but({"rules": _rules(UNKNOWN)}), _logging()),
    ),
    "certificate-names-in-full": Cases(
        failing=(
            fails(CERTIFICATE.but({"domainName": "*.a.com"}), at="domainName", wanted="in full"),
            fails(
                CERTIFICATE.but({"subjectAlternativeNames": ["a.com", "*.a.com"]}),
                at="subjectAlternativeNames",
            ),
            # Expected of the stack, but with the name of another service beside it.
            fails(
                ONE_SERVICE.but({"subjectAlternativeNames": ["*.models.a.com", "a.com"]}),
                at="subjectAlternativeNames",
                settings=EXPECTED,
            ),
            fails(
                ONE_SERVICE.but({"subjectAlternativeNames": ["*.other.a.com"]}),
                at="subjectAlternativeNames",
                settings=EXPECTED,
            ),
            fails(ONE_SERVICE, at="subjectAlternativeNames", settings={"failover_names": ()}),
        ),
        passing=(
            passes(CERTIFICATE),
            passes(ONE_SERVICE, settings=EXPECTED),
            passes(CERTIFICATE.but({"subjectAlternativeNames": None})),
        ),
        unknown=passes(CERTIFICATE.but({"domainName": UNKNOWN})),
        secret=fails(CERTIFICATE.but({"domainName": secret("*.a.com")}), at="domainName"),
    ),
}

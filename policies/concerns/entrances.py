"""Load balancers, firewalls and certificates: what stands between clients and the platform."""

from __future__ import annotations

from collections.abc import Iterator

from policies.balancers import BALANCERS, LISTENERS, faces_internet, is_application
from policies.finding import Broken, must_be
from policies.repair import Draft
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest"
WAF = "https://docs.aws.amazon.com/waf/latest/developerguide"
ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
CERTIFICATE = "aws:acm/certificate:Certificate"
MODERN = ("ELBSecurityPolicy-TLS13-1-2", "ELBSecurityPolicy-TLS13-1-3", "ELBSecurityPolicy-TLS-1-2",
          "ELBSecurityPolicy-FS-1-2")  # fmt: skip
"""Starts of the policies that take TLS 1.2 and newer only."""
COMMON_RULES = "AWSManagedRulesCommonRuleSet"
HEADERS = "dropInvalidHeaderFields"
PROTECTION = "enableDeletionProtection"


def _weak_listener(one: Subject) -> Iterator[Broken]:
    protocol = one.properties.text("protocol")
    if protocol in ("HTTPS", "TLS"):
        if not one.properties.text("sslPolicy").startswith(MODERN):
            yield Broken("sslPolicy", one.properties.shown("sslPolicy"), "TLS 1.2 or newer")
    elif protocol == "HTTP":
        if not all(_redirects(each.text("type"), each.text("redirect.protocol"))
                   for each in one.properties.each("defaultActions")):  # fmt: skip
            shown = one.properties.shown("defaultActions")
            yield Broken("defaultActions", shown, "a redirect to HTTPS")
    elif one.properties.number("port") != 443:
        # On 443 what is behind ends TLS itself.
        yield Broken("protocol", one.properties.shown("protocol"), "TLS")


def _redirects(type_: str, protocol: str) -> bool:
    return type_ == "redirect" and protocol == "HTTPS"


def _takes_bad_headers(one: Subject) -> Iterator[Broken]:
    if is_application(one):
        yield from must_be(one.properties, HEADERS, True)


def _drops_bad_headers(one: Subject, draft: Draft) -> None:
    if is_application(one):
        draft.set(HEADERS, True)


def _unlogged_balancer(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "accessLogs.enabled", True)
    yield from must_be(one.properties, PROTECTION, True)


def _protected_balancer(_one: Subject, draft: Draft) -> None:
    """The bucket for its logs is not known here."""
    draft.set(PROTECTION, True)


def _bare_entrance(one: Subject, stack: Stack) -> Iterator[Broken]:
    if not faces_internet(one) or not is_application(one):
        return
    if not any(True for _ in stack.referring(one, "resourceArn", ASSOCIATION)):
        yield Broken("internal", one.properties.shown("internal"), "a web ACL before it")


def _weak_firewall(one: Subject, stack: Stack) -> Iterator[Broken]:
    managed = [
        rule.text("statement.managedRuleGroupStatement.name")
        for rule in one.properties.each("rules")
    ]
    if COMMON_RULES not in managed:
        shown = ", ".join(name for name in managed if name) or "no managed rules"
        yield Broken("rules", shown, COMMON_RULES)
    if not any(True for _ in stack.referring(one, "resourceArn", LOGGING)):
        yield Broken("name", "no logs", "a logging configuration")


def _wildcard(one: Subject) -> Iterator[Broken]:
    keys = ("domainName", "subjectAlternativeNames")
    names = {key: set(one.properties.texts(key)) for key in keys}
    every = set[str]().union(*names.values())
    for key in keys:
        if any(name.startswith("*.") and not _one_service(one, name, every) for name in names[key]):
            yield Broken(key, one.properties.shown(key), "names in full")


def _one_service(one: Subject, wildcard: str, names: set[str]) -> bool:
    """Whether the stack is expected to have the wildcard, and the certificate speaks for nothing
    but the service that it is below."""
    below = wildcard.removeprefix("*.")
    return wildcard in one.settings.failover_names and names <= {wildcard, below}


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=90,
        name="listener-modern-tls",
        because="Older TLS is broken, and plain HTTP is read on the way.",
        fix="Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-2021-06; redirect HTTP to HTTPS.",
        severity="high",
        reference=f"{ELB}/application/describe-ssl-policies.html",
        types=LISTENERS,
        broken=_weak_listener,
    ),
    ResourceRule(
        number=91,
        name="balancer-drops-bad-headers",
        because="Headers that servers read differently smuggle requests.",
        fix="Set dropInvalidHeaderFields.",
        severity="medium",
        reference=f"{ELB}/application/edit-load-balancer-attributes.html",
        types=BALANCERS,
        broken=_takes_bad_headers,
        repair=_drops_bad_headers,
    ),
    ResourceRule(
        number=92,
        name="balancer-logged-and-protected",
        because="Without logs nobody knows who called; without protection one call cuts all off.",
        fix="Set accessLogs and enableDeletionProtection.",
        severity="medium",
        reference=f"{ELB}/application/load-balancer-access-logs.html",
        types=BALANCERS,
        broken=_unlogged_balancer,
        repair=_protected_balancer,
    ),
    StackRule(
        number=93,
        name="public-balancer-behind-firewall",
        because="Everything that the internet can reach is probed all day.",
        fix="Associate a web ACL with the load balancer, or make it internal.",
        severity="high",
        reference=f"{WAF}/web-acl-associating-aws-resource.html",
        types=BALANCERS,
        broken=_bare_entrance,
    ),
    StackRule(
        number=94,
        name="firewall-managed-and-logged",
        because="Own rules know yesterday's attacks, and without logs nobody sees today's.",
        fix=f"Add {COMMON_RULES} and a WebAclLoggingConfiguration.",
        severity="medium",
        reference=f"{WAF}/aws-managed-rule-groups-baseline.html",
        types=(ACL,),
        broken=_weak_firewall,
    ),
    ResourceRule(
        number=105,
        name="certificate-names-in-full",
        level="advisory",
        because="A wildcard's key speaks for every name below it.",
        fix="Name what is served in subjectAlternativeNames; give a service whose hosts come and "
        "go a certificate of its own, and name its wildcard in failover_names.",
        severity="low",
        reference="https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html",
        types=(CERTIFICATE,),
        broken=_wildcard,
    ),
)

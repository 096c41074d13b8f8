"""Web ACLs, what they guard, their logs, and the IP sets that their rules name."""

from __future__ import annotations

from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import confirmed, reported, request
from rehearsal.providers.wire import Props, as_list

_CHOICES = ("defaultAction", "rules", "visibilityConfig")
"""Blocks in which one of several alternatives is chosen."""
_SETTINGS = (
    *("defaultAction", "description", "rules", "visibilityConfig", "captchaConfig"),
    *("challengeConfig", "tokenDomains", "associationConfig"),
)


class WebAcl(Resource):
    """The ID is AWS's; an import gives `id/name/scope`."""

    token: ClassVar[str] = "aws:wafv2/webAcl:WebAcl"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {*_SETTINGS, "customResponseBodies", "name", "scope", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"defaultAction", "scope", "visibilityConfig"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "scope"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        asked = _asked("CreateWebACL", props, ("name", "scope", *_SETTINGS))
        marks = tagging.given(aws, "wafv2", "CreateWebACL", props)
        return aws.client("wafv2").create_web_acl(**asked, **marks)["Summary"]["Id"]

    @gone_is_none("WAFNonexistentItemException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        acl = aws.client("wafv2").get_web_acl(**_key(id_, props))["WebACL"]
        shown = {**acl, "tags": tagging.own(aws, "wafv2", acl["ARN"])}
        plain = {key: value for key, value in props.items() if key not in _APART}
        found = reported(plain, shown, ("name", "description", "tags"))
        now = {"DefaultAction": acl["DefaultAction"], "VisibilityConfig": acl["VisibilityConfig"]}
        asked = _asked("CreateWebACL", props, _CHOICES)
        for key, member in (*_MEMBERS.items(), ("rules", "Rules")):
            told = now.get(member, acl.get(member, []))
            if key in props or key != "rules":
                found[key] = confirmed(props.get(key), asked.get(member), told)
        return {**found, "arn": acl["ARN"], "capacity": acl.get("Capacity", 0)}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        settings = (*_SETTINGS, "customResponseBodies")
        waf = aws.client("wafv2")
        if any(old.get(key) != new.get(key) for key in settings):
            now = waf.get_web_acl(**_key(id_, new))
            asked = _asked("UpdateWebACL", new, _SETTINGS)
            waf.update_web_acl(**_key(id_, new), **asked, LockToken=now["LockToken"])
        if old.get("tags") != new.get("tags"):
            arn = waf.get_web_acl(**_key(id_, new))["WebACL"]["ARN"]
            tagging.retag(aws, "wafv2", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        waf = aws.client("wafv2")
        token = waf.get_web_acl(**_key(id_, props))["LockToken"]
        waf.delete_web_acl(**_key(id_, props), LockToken=token)


class WebAclAssociation(Resource):
    """The ID is `acl,resource`."""

    token: ClassVar[str] = "aws:wafv2/webAclAssociation:WebAclAssociation"
    inputs: ClassVar[frozenset[str]] = frozenset({"resourceArn", "webAclArn"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("wafv2").associate_web_acl(
            WebACLArn=props["webAclArn"], ResourceArn=props["resourceArn"]
        )
        return f"{props['webAclArn']},{props['resourceArn']}"

    @gone_is_none("WAFNonexistentItemException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        acl, _, resource = id_.partition(",")
        found = aws.client("wafv2").get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
        if not found or found["ARN"] != acl:
            return None
        return {"resourceArn": resource, "webAclArn": acl}

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("wafv2").disassociate_web_acl(ResourceArn=props["resourceArn"])


class WebAclLoggingConfiguration(Resource):
    """The ID is the web ACL's ARN."""

    token: ClassVar[str] = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"logDestinationConfigs", "loggingFilter", "redactedFields", "resourceArn"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"logDestinationConfigs", "resourceArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"resourceArn"})

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("wafv2").put_logging_configuration(LoggingConfiguration=_logging(props))
        return props["resourceArn"]

    @gone_is_none("WAFNonexistentItemException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        answer = aws.client("wafv2").get_logging_configuration(ResourceArn=id_)
        now, asked = answer["LoggingConfiguration"], _logging(props)
        found = {"resourceArn": id_, "logDestinationConfigs": now["LogDestinationConfigs"]}
        for key, member in (("redactedFields", "RedactedFields"), ("loggingFilter", _FILTER)):
            if key in props:
                found[key] = confirmed(props[key], asked[member], now.get(member))
        return {**reported(props, found, ("resourceArn", "logDestinationConfigs")), **found}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("wafv2").delete_logging_configuration(ResourceArn=id_)


class IpSet(Resource):
    """The ID is AWS's; an import gives `id/name/scope`."""

    token: ClassVar[str] = "aws:wafv2/ipSet:IpSet"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"addresses", "description", "ipAddressVersion", "name", "scope", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"ipAddressVersion", "scope"})
    replaces: ClassVar[frozenset[str]] = frozenset({"ipAddressVersion", "name", "scope"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        wanted: Props = {"addresses": [], **props}
        asked = request("wafv2", "CreateIPSet", wanted, only=self.inputs - {"tags"})
        marks = tagging.given(aws, "wafv2", "CreateIPSet", props)
        return aws.client("wafv2").create_ip_set(**asked, **marks)["Summary"]["Id"]

    @gone_is_none("WAFNonexistentItemException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("wafv2").get_ip_set(**_key(id_, props))["IPSet"]
        shown = {**found, "tags": tagging.own(aws, "wafv2", found["ARN"])}
        always = ("name", "addresses", "ipAddressVersion", "tags")
        return {**reported(props, shown, always), "arn": found["ARN"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        waf = aws.client("wafv2")
        now = waf.get_ip_set(**_key(id_, new))
        if any(old.get(key) != new.get(key) for key in ("addresses", "description")):
            wanted: Props = {"addresses": [], **new}
            asked = request("wafv2", "UpdateIPSet", wanted, only=("addresses", "description"))
            waf.update_ip_set(**_key(id_, new), **asked, LockToken=now["LockToken"])
        tagging.retag(aws, "wafv2", now["IPSet"]["ARN"], old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        waf = aws.client("wafv2")
        token = waf.get_ip_set(**_key(id_, props))["LockToken"]
        waf.delete_ip_set(**_key(id_, props), LockToken=token)


_MEMBERS = {"defaultAction": "DefaultAction", "visibilityConfig": "VisibilityConfig"}
_APART = frozenset({*_CHOICES, "customResponseBodies"})
_FILTER = "LoggingFilter"


def _key(id_: str, props: Props) -> dict[str, str]:
    own, _, imported = id_.partition("/")
    name, _, scope = imported.partition("/")
    return {"Id": own, "Name": name or props["name"], "Scope": scope or props["scope"]}


def _asked(operation: str, props: Props, only: tuple[str, ...]) -> dict[str, Any]:
    asked = request("wafv2", operation, props, only=only)
    bodies = {
        body["key"]: {"Content": body["content"], "ContentType": body["contentType"]}
        for body in as_list(props.get("customResponseBodies"))
    }
    return {**asked, **({"CustomResponseBodies": bodies} if bodies else {})}


def _logging(props: Props) -> dict[str, Any]:
    given = {key: props[key] for key in WebAclLoggingConfiguration.inputs if key in props}
    asked = request("wafv2", "PutLoggingConfiguration", {"loggingConfiguration": given})
    return asked["LoggingConfiguration"]


RESOURCES: tuple[Resource, ...] = (
    WebAcl(),
    WebAclAssociation(),
    WebAclLoggingConfiguration(),
    IpSet(),
)

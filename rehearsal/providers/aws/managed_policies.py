"""Managed IAM policies and OpenID Connect providers: what roles are given, and whom they
trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import documents, identity_tags, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props

MAX_VERSIONS = 5
"""Versions that AWS keeps of a policy. Source: IAM user guide, quotas."""


class Policy(Resource):
    """A new document is a new version, made the default one. How often it is attached is
    not shown: it would be drift as soon as a role takes the policy."""

    token: ClassVar[str] = "aws:iam/policy:Policy"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "path", "description", "policy", "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"policy"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "path", "description"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"path": "/"}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "iam",
            "CreatePolicy",
            props,
            only=self.inputs - {"tags"},
            rename={"name": "PolicyName", "policy": "PolicyDocument"},
        )
        made = aws.client("iam").create_policy(**asked, Tags=tags.pairs(aws, props))
        return made["Policy"]["Arn"]

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        iam = aws.client("iam")
        policy = iam.get_policy(PolicyArn=id_)["Policy"]
        version = iam.get_policy_version(PolicyArn=id_, VersionId=policy["DefaultVersionId"])
        described = {
            "Name": policy["PolicyName"],
            "Path": policy["Path"],
            "Description": policy.get("Description") or None,
            "Policy": documents.text(version["PolicyVersion"]["Document"]),
            "Tags": tags.own(aws, policy.get("Tags")),
        }
        return {
            **reported(props, described, ("name", "path", "description", "policy", "tags")),
            "arn": id_,
            "policyId": policy["PolicyId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        iam = aws.client("iam")
        if old["policy"] != new["policy"]:
            self._make_room(iam, id_)
            iam.create_policy_version(
                PolicyArn=id_, PolicyDocument=new["policy"], SetAsDefault=True
            )
        identity_tags.retag(aws, "policy", {"PolicyArn": id_}, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        iam = aws.client("iam")
        for version in _older_versions(iam, id_):
            iam.delete_policy_version(PolicyArn=id_, VersionId=version)
        iam.delete_policy(PolicyArn=id_)

    def _make_room(self, iam: Any, id_: str) -> None:
        older = _older_versions(iam, id_)
        if len(older) + 1 >= MAX_VERSIONS:
            iam.delete_policy_version(PolicyArn=id_, VersionId=older[0])


class OpenIdConnectProvider(Resource):
    """An issuer whose tokens IAM trusts; its ID is its ARN."""

    token: ClassVar[str] = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"url", "clientIdLists", "thumbprintLists", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"url", "clientIdLists"})
    replaces: ClassVar[frozenset[str]] = frozenset({"url"})
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "iam",
            "CreateOpenIDConnectProvider",
            props,
            only=self.inputs - {"tags"},
            rename=_OIDC_RENAME,
        )
        made = aws.client("iam").create_open_id_connect_provider(
            **asked, Tags=tags.pairs(aws, props)
        )
        return made["OpenIDConnectProviderArn"]

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=id_)
        scheme = "https://" if str(props.get("url", "https:")).startswith("https:") else ""
        described = {
            **found,
            "Url": f"{scheme}{found['Url'].removeprefix('https://')}",
            "Tags": tags.own(aws, found.get("Tags")),
        }
        shown = ("url", "clientIdLists", "thumbprintLists", "tags")
        return {**reported(props, described, shown, rename=_OIDC_RENAME), "arn": id_}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        iam, arn = aws.client("iam"), {"OpenIDConnectProviderArn": id_}
        if old.get("thumbprintLists") != new.get("thumbprintLists"):
            iam.update_open_id_connect_provider_thumbprint(
                **arn, ThumbprintList=[*(new.get("thumbprintLists") or ())]
            )
        before, after = set(old["clientIdLists"]), set(new["clientIdLists"])
        for client in sorted(after - before):
            iam.add_client_id_to_open_id_connect_provider(**arn, ClientID=client)
        for client in sorted(before - after):
            iam.remove_client_id_from_open_id_connect_provider(**arn, ClientID=client)
        identity_tags.retag(aws, "open_id_connect_provider", arn, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=id_)


_OIDC_RENAME = {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}


def _older_versions(iam: Any, arn: str) -> list[str]:
    """IDs of the versions that are not the default one, oldest first."""
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    older = [one for one in versions if not one["IsDefaultVersion"]]
    return [one["VersionId"] for one in sorted(older, key=lambda one: one["CreateDate"])]


RESOURCES: Sequence[Resource] = (Policy(), OpenIdConnectProvider())

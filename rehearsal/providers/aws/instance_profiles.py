"""Instance profiles, which carry a role to instances, and roles that services make for
themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import identity_tags, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class InstanceProfile(Resource):
    """Carries one role to the instances that take the profile."""

    token: ClassVar[str] = "aws:iam/instanceProfile:InstanceProfile"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "path", "role", "tags"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "path"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"path": "/"}

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("iam").create_instance_profile(
            InstanceProfileName=props["name"], Path=props["path"], Tags=tags.pairs(aws, props)
        )
        return props["name"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("role"):
            aws.client("iam").add_role_to_instance_profile(
                InstanceProfileName=id_, RoleName=props["role"]
            )

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("iam").get_instance_profile(InstanceProfileName=id_)
        profile = found["InstanceProfile"]
        roles = [role["RoleName"] for role in profile["Roles"]]
        described = {
            **profile,
            "Role": roles[0] if roles else None,
            "Tags": tags.own(aws, profile.get("Tags")),
        }
        shown = ("path", "role", "arn", "createDate", "tags")
        return {
            **reported(props, described, shown),
            "name": id_,
            "uniqueId": profile["InstanceProfileId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("role") != new.get("role"):
            self._let_go(aws, id_)
            self.configure(aws, id_, new)
        identity_tags.retag(aws, "instance_profile", {"InstanceProfileName": id_}, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self._let_go(aws, id_)
        aws.client("iam").delete_instance_profile(InstanceProfileName=id_)

    def _let_go(self, aws: Aws, id_: str) -> None:
        now = self.read(aws, id_, {})
        if now and now.get("role"):
            aws.client("iam").remove_role_from_instance_profile(
                InstanceProfileName=id_, RoleName=now["role"]
            )


class ServiceLinkedRole(Resource):
    """A role that a service makes for itself: AWS decides name, path and trust."""

    token: ClassVar[str] = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"awsServiceName", "customSuffix", "description", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"awsServiceName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"awsServiceName", "customSuffix"})
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        chosen = self.inputs - {"tags"}
        asked = request("iam", "CreateServiceLinkedRole", props, only=chosen, rename=_LINKED_RENAME)
        return aws.client("iam").create_service_linked_role(**asked)["Role"]["Arn"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        identity_tags.retag(aws, "role", {"RoleName": _name(id_)}, {}, props)

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        role = aws.client("iam").get_role(RoleName=_name(id_))["Role"]
        described = {
            "AwsServiceName": id_.split("/")[2],
            "Description": role.get("Description"),
            "Tags": tags.own(aws, role.get("Tags")),
            "CreateDate": role["CreateDate"],
            "Path": role["Path"],
        }
        shown = ("awsServiceName", "description", "createDate", "path", "tags")
        return {
            **reported(props, described, shown),
            "arn": id_,
            "name": role["RoleName"],
            "uniqueId": role["RoleId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("description") != new.get("description"):
            aws.client("iam").update_role(
                RoleName=_name(id_), Description=new.get("description", "")
            )
        identity_tags.retag(aws, "role", {"RoleName": _name(id_)}, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("iam").delete_service_linked_role(RoleName=_name(id_))


_LINKED_RENAME = {"awsServiceName": "AWSServiceName"}


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


RESOURCES: Sequence[Resource] = (InstanceProfile(), ServiceLinkedRole())

"""IAM roles and the policies on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import documents, identity_tags, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props

_RENAME = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}


class Role(Resource):
    """Inline and managed policies are only looked at when given here: else they belong to
    `RolePolicy` and `RolePolicyAttachment`."""

    token: ClassVar[str] = "aws:iam/role:Role"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "path",
            "assumeRolePolicy",
            "description",
            "maxSessionDuration",
            "permissionsBoundary",
            "forceDetachPolicies",
            "inlinePolicies",
            "managedPolicyArns",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"assumeRolePolicy"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "path"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {
        "path": "/",
        "maxSessionDuration": 3600,
        "forceDetachPolicies": False,
    }

    def create(self, aws: Aws, props: Props) -> str:
        chosen = self.inputs - {
            "forceDetachPolicies",
            "inlinePolicies",
            "managedPolicyArns",
            "tags",
        }
        asked = request("iam", "CreateRole", props, only=chosen, rename=_RENAME)
        aws.client("iam").create_role(**asked, Tags=tags.pairs(aws, props))
        return props["name"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle_policies(aws, id_, {}, props)

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        role = aws.client("iam").get_role(RoleName=id_)["Role"]
        described = {
            **role,
            "Description": role.get("Description"),
            "AssumeRolePolicyDocument": documents.text(role["AssumeRolePolicyDocument"]),
            "PermissionsBoundary": role.get("PermissionsBoundary", {}).get(
                "PermissionsBoundaryArn"
            ),
            "Tags": tags.own(aws, role.get("Tags")),
            **_policies(aws, id_, props),
        }
        return {
            **reported(props, described, _ROLE_SHOWN, rename=_RENAME),
            "name": id_,
            "uniqueId": role["RoleId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        iam = aws.client("iam")
        changed = {key for key in self.inputs if old.get(key) != new.get(key)}
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=new["assumeRolePolicy"])
        if changed & {"description", "maxSessionDuration"}:
            iam.update_role(
                RoleName=id_,
                Description=new.get("description", ""),
                MaxSessionDuration=int(new["maxSessionDuration"]),
            )
        if "permissionsBoundary" in changed:
            _bound(aws, id_, new.get("permissionsBoundary"))
        _settle_policies(aws, id_, old, new)
        identity_tags.retag(aws, "role", {"RoleName": id_}, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        iam = aws.client("iam")
        for profile in iam.list_instance_profiles_for_role(RoleName=id_)["InstanceProfiles"]:
            name = profile["InstanceProfileName"]
            iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=id_)
        if props.get("forceDetachPolicies"):
            everything = {
                "managedPolicyArns": _attached(aws, id_),
                "inlinePolicies": _inline(aws, id_),
            }
            _settle_policies(aws, id_, everything, {})
        else:
            _settle_policies(aws, id_, props, {})
        iam.delete_role(RoleName=id_)


class RolePolicy(Resource):
    """An inline policy; its ID is ROLE:NAME."""

    token: ClassVar[str] = "aws:iam/rolePolicy:RolePolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "role", "policy"})
    required: ClassVar[frozenset[str]] = frozenset({"role", "policy"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "role"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        self._put(aws, props)
        return f"{props['role']}:{props['name']}"

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        role, _, name = id_.partition(":")
        found = aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)
        described = {"Policy": documents.text(found["PolicyDocument"]), "Role": role, "Name": name}
        return reported(props, described, ("policy", "role", "name"))

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        role, _, name = id_.partition(":")
        aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)

    def _put(self, aws: Aws, props: Props) -> None:
        aws.client("iam").put_role_policy(
            RoleName=props["role"], PolicyName=props["name"], PolicyDocument=props["policy"]
        )


class RolePolicyAttachment(Resource):
    """A managed policy on a role; its ID is ROLE/POLICY_ARN."""

    token: ClassVar[str] = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    inputs: ClassVar[frozenset[str]] = frozenset({"role", "policyArn"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("iam").attach_role_policy(RoleName=props["role"], PolicyArn=props["policyArn"])
        return f"{props['role']}/{props['policyArn']}"

    @gone_is_none("NoSuchEntity")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        role, _, policy = id_.partition("/")
        return {"role": role, "policyArn": policy} if policy in _attached(aws, role) else None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        role, _, policy = id_.partition("/")
        aws.client("iam").detach_role_policy(RoleName=role, PolicyArn=policy)


_ROLE_SHOWN = (
    "path",
    "assumeRolePolicy",
    "description",
    "maxSessionDuration",
    "permissionsBoundary",
    "arn",
    "createDate",
    "tags",
)


def _bound(aws: Aws, role: str, boundary: str | None) -> None:
    iam = aws.client("iam")
    if boundary:
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    else:
        iam.delete_role_permissions_boundary(RoleName=role)


def _attached(aws: Aws, role: str) -> list[str]:
    pages = aws.client("iam").get_paginator("list_attached_role_policies")
    return [
        policy["PolicyArn"]
        for page in pages.paginate(RoleName=role)
        for policy in page["AttachedPolicies"]
    ]


def _inline(aws: Aws, role: str) -> list[Props]:
    iam = aws.client("iam")
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    found = [iam.get_role_policy(RoleName=role, PolicyName=name) for name in names]
    return [
        {"name": one["PolicyName"], "policy": documents.text(one["PolicyDocument"])}
        for one in found
    ]


def _policies(aws: Aws, role: str, props: Props) -> Props:
    """The role's own lists, where `props` gives them."""
    found: Props = {}
    if "managedPolicyArns" in props:
        found["ManagedPolicyArns"] = _attached(aws, role)
    if "inlinePolicies" in props:
        found["InlinePolicies"] = _inline(aws, role)
    return found


def _settle_policies(aws: Aws, role: str, old: Props, new: Props) -> None:
    """Bring the policies that are given with the role from `old` to `new`."""
    iam = aws.client("iam")
    before, after = (set(props.get("managedPolicyArns") or ()) for props in (old, new))
    for arn in sorted(before - after):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for arn in sorted(after - before):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    was, will = (
        {one["name"]: one["policy"] for one in props.get("inlinePolicies") or ()}
        for props in (old, new)
    )
    for name in sorted(was.keys() - will.keys()):
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for name, policy in will.items():
        if was.get(name) != policy:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)


RESOURCES: Sequence[Resource] = (
    Role(),
    RolePolicy(),
    RolePolicyAttachment(),
)

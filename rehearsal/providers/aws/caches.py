"""ElastiCache: what a replication group belongs to. IDs are names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list


class SubnetGroup(Resource):
    """Subnets of cache nodes."""

    token: ClassVar[str] = "aws:elasticache/subnetGroup:SubnetGroup"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "description", "subnetIds", "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"subnetIds"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"description": "Managed by Pulumi"}

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "elasticache", "CreateCacheSubnetGroup", props)
        aws.client("elasticache").create_cache_subnet_group(**_subnets(props), **marks)
        return props["name"]

    @gone_is_none("CacheSubnetGroupNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        client = aws.client("elasticache")
        found = client.describe_cache_subnet_groups(CacheSubnetGroupName=id_)
        group = found["CacheSubnetGroups"][0]
        shown = {
            "name": id_,
            "description": group["CacheSubnetGroupDescription"],
            "subnetIds": [one["SubnetIdentifier"] for one in group["Subnets"]],
            "tags": tagging.own(aws, "elasticache", group["ARN"]),
        }
        return {
            **reported(props, shown, self.inputs),
            "arn": group["ARN"],
            "vpcId": group["VpcId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        aws.client("elasticache").modify_cache_subnet_group(**_subnets(new))
        tagging.retag(aws, "elasticache", _arn(aws, "subnetgroup", id_), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elasticache").delete_cache_subnet_group(CacheSubnetGroupName=id_)


class ParameterGroup(Resource):
    """Parameters of cache nodes; one that is no longer given gets its default again."""

    token: ClassVar[str] = "aws:elasticache/parameterGroup:ParameterGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "description", "family", "parameters", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"family"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "description", "family"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"description": "Managed by Pulumi"}

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "elasticache", "CreateCacheParameterGroup", props)
        aws.client("elasticache").create_cache_parameter_group(
            CacheParameterGroupName=props["name"],
            CacheParameterGroupFamily=props["family"],
            Description=props["description"],
            **marks,
        )
        return props["name"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        self._set(aws, id_, as_list(props.get("parameters")))

    @gone_is_none("CacheParameterGroupNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        client = aws.client("elasticache")
        found = client.describe_cache_parameter_groups(CacheParameterGroupName=id_)
        group = found["CacheParameterGroups"][0]
        own = client.describe_cache_parameters(CacheParameterGroupName=id_, Source="user")
        parameters = [
            {"name": one["ParameterName"], "value": one["ParameterValue"]}
            for one in own["Parameters"]
        ]
        shown = {
            "name": id_,
            "description": group["Description"],
            "family": group["CacheParameterGroupFamily"],
            "parameters": aligned(props.get("parameters"), parameters, "name"),
            "tags": tagging.own(aws, "elasticache", group["ARN"]),
        }
        return {**reported(props, shown, self.inputs), "arn": group["ARN"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        before, after = as_list(old.get("parameters")), as_list(new.get("parameters"))
        kept = {one["name"] for one in after}
        gone = [_parameter(one) for one in before if one["name"] not in kept]
        if gone:
            aws.client("elasticache").reset_cache_parameter_group(
                CacheParameterGroupName=id_, ParameterNameValues=gone
            )
        self._set(aws, id_, [one for one in after if one not in before])
        tagging.retag(aws, "elasticache", _arn(aws, "parametergroup", id_), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elasticache").delete_cache_parameter_group(CacheParameterGroupName=id_)

    def _set(self, aws: Aws, id_: str, parameters: Sequence[Any]) -> None:
        if parameters:
            aws.client("elasticache").modify_cache_parameter_group(
                CacheParameterGroupName=id_,
                ParameterNameValues=[_parameter(one) for one in parameters],
            )


class User(Resource):
    """Who may sign in, and what they may do. Passwords are sent and never shown."""

    token: ClassVar[str] = "aws:elasticache/user:User"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"userId", "userName", "engine", "accessString", "authenticationMode", "tags"}
        | {"passwordsWo", "passwordsWoVersion"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"userId", "userName", "engine", "accessString"})
    replaces: ClassVar[frozenset[str]] = frozenset({"userId", "userName", "engine"})
    write_only: ClassVar[frozenset[str]] = frozenset({"passwordsWo"})

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "elasticache", "CreateUser", props)
        keys = ("userId", "userName", "engine", "accessString", "authenticationMode")
        asked = request("elasticache", "CreateUser", props, only=keys)
        aws.client("elasticache").create_user(**asked, **_passwords(props), **marks)
        return props["userId"]

    @gone_is_none("UserNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        user = aws.client("elasticache").describe_users(UserId=id_)["Users"][0]
        shown = {**user, "Tags": tagging.own(aws, "elasticache", user["ARN"])}
        also = ("userId", "userName", "engine", "accessString", "tags")
        return {**reported(props, shown, also), "arn": user["ARN"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        keys = ("userId", "accessString", "authenticationMode")
        renewed = old.get("passwordsWoVersion") != new.get("passwordsWoVersion")
        if renewed or any(old.get(key) != new.get(key) for key in keys):
            asked = request("elasticache", "ModifyUser", new, only=keys)
            sent = _passwords(new) if renewed else {}
            aws.client("elasticache").modify_user(**asked, **sent)
        tagging.retag(aws, "elasticache", _arn(aws, "user", id_), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elasticache").delete_user(UserId=id_)


class UserGroup(Resource):
    """Users of a replication group."""

    token: ClassVar[str] = "aws:elasticache/userGroup:UserGroup"
    inputs: ClassVar[frozenset[str]] = frozenset({"userGroupId", "engine", "userIds", "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"userGroupId", "engine"})
    replaces: ClassVar[frozenset[str]] = frozenset({"userGroupId", "engine"})

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "elasticache", "CreateUserGroup", props)
        keys = ("userGroupId", "engine", "userIds")
        asked = request("elasticache", "CreateUserGroup", props, only=keys)
        aws.client("elasticache").create_user_group(**asked, **marks)
        return props["userGroupId"]

    @gone_is_none("UserGroupNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("elasticache").describe_user_groups(UserGroupId=id_)
        group = found["UserGroups"][0]
        shown = {**group, "Tags": tagging.own(aws, "elasticache", group["ARN"])}
        return {**reported(props, shown, self.inputs), "arn": group["ARN"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        before, after = set(as_list(old.get("userIds"))), set(as_list(new.get("userIds")))
        changes = {"UserIdsToAdd": sorted(after - before),
                   "UserIdsToRemove": sorted(before - after)}  # fmt: skip
        wanted = {key: value for key, value in changes.items() if value}
        if wanted:
            aws.client("elasticache").modify_user_group(UserGroupId=id_, **wanted)
        tagging.retag(aws, "elasticache", _arn(aws, "usergroup", id_), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("elasticache").delete_user_group(UserGroupId=id_)


def _subnets(props: Props) -> dict[str, Any]:
    return {
        "CacheSubnetGroupName": props["name"],
        "CacheSubnetGroupDescription": props["description"],
        "SubnetIds": props["subnetIds"],
    }


def _passwords(props: Props) -> dict[str, Any]:
    return {"Passwords": [props["passwordsWo"]]} if props.get("passwordsWo") else {}


def _parameter(one: Props) -> dict[str, str]:
    return {"ParameterName": str(one["name"]), "ParameterValue": str(one["value"])}


def _arn(aws: Aws, kind: str, name: str) -> str:
    return aws.arn("elasticache", f"{kind}:{name}")


RESOURCES: Sequence[Resource] = (SubnetGroup(), ParameterGroup(), User(), UserGroup())

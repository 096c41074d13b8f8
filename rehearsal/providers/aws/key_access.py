"""How KMS keys are reached: by aliases and through grants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Created, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Alias(Resource):
    """Another name for a key; its ID is that name."""

    token: ClassVar[str] = "aws:kms/alias:Alias"
    inputs: ClassVar[frozenset[str]] = frozenset({"name", "targetKeyId"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("kms").create_alias(AliasName=props["name"], TargetKeyId=props["targetKeyId"])
        return props["name"]

    @gone_is_none("NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        target = aws.client("kms").describe_key(KeyId=id_)["KeyMetadata"]
        key = {"TargetKeyId": _spelled(props.get("targetKeyId"), target["KeyId"]), "Name": id_}
        return {
            **reported(props, key, ("name", "targetKeyId")),
            "arn": aws.arn("kms", id_),
            "targetKeyArn": target["Arn"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        aws.client("kms").update_alias(AliasName=id_, TargetKeyId=new["targetKeyId"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("kms").delete_alias(AliasName=id_)


class Grant(Resource):
    """Lets a principal use a key; its ID is KEY:GRANT. AWS changes nothing of it."""

    token: ClassVar[str] = "aws:kms/grant:Grant"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "keyId",
            "granteePrincipal",
            "operations",
            "constraints",
            "retiringPrincipal",
            "retireOnDelete",
            "grantCreationTokens",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"keyId", "granteePrincipal", "operations"})
    replaces: ClassVar[frozenset[str]] = inputs
    told_once: ClassVar[frozenset[str]] = frozenset({"grantToken"})

    def create(self, aws: Aws, props: Props) -> Created:
        chosen = self.inputs - {"constraints", "retireOnDelete"}
        asked = request("kms", "CreateGrant", props, only=chosen, rename=_GRANT_RENAME)
        for constraint in props.get("constraints") or ():
            asked.setdefault("Constraints", {}).update(_constraint(constraint))
        made = aws.client("kms").create_grant(**asked)
        id_ = f"{props['keyId'].rpartition('/')[2]}:{made['GrantId']}"
        return Created(id_, {"grantToken": made["GrantToken"]})

    @gone_is_none("NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        key, _, grant_id = id_.partition(":")
        found = aws.client("kms").list_grants(KeyId=key, GrantId=grant_id)["Grants"]
        if not found:
            return None
        shown = {**found[0], "KeyId": _spelled(props.get("keyId"), key)}
        shown.pop("Constraints", None)  # in another form; nothing can change them
        also = ("name", "keyId", "granteePrincipal", "operations", "grantId")
        return reported(props, shown, also)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        key, _, grant_id = id_.partition(":")
        kms = aws.client("kms")
        end = kms.retire_grant if props.get("retireOnDelete") else kms.revoke_grant
        end(KeyId=key, GrantId=grant_id)


_GRANT_RENAME = {"grantCreationTokens": "GrantTokens"}


def _spelled(given: str | None, key_id: str) -> str:
    """A key ID as the program spells it, alone or as the end of an ARN."""
    return given if given and given.rpartition("/")[2] == key_id else key_id


def _constraint(constraint: Props) -> dict[str, Any]:
    return {key[:1].upper() + key[1:]: value for key, value in constraint.items() if value}


RESOURCES: Sequence[Resource] = (Alias(), Grant())

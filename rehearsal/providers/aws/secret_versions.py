"""Values of secrets. A value is never changed: another one is another version."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import settled
from rehearsal.providers.wire import Props, as_list, as_object

_CURRENT = "AWSCURRENT"


class SecretVersion(Resource):
    """The ID is `secret|version`. A value given as write-only is never read back."""

    token: ClassVar[str] = "aws:secretsmanager/secretVersion:SecretVersion"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"secretBinary", "secretId", "secretString", "secretStringWo", "secretStringWoVersion"}
        | {"versionStages"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"secretId"})
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"secretBinary", "secretId", "secretString", "secretStringWoVersion"}
    )
    write_only: ClassVar[frozenset[str]] = frozenset({"secretStringWo"})

    def create(self, aws: Aws, props: Props) -> str:
        stages = {"VersionStages": props["versionStages"]} if props.get("versionStages") else {}
        made = aws.client("secretsmanager").put_secret_value(
            SecretId=props["secretId"], **_value(props), **stages
        )
        return f"{props['secretId']}|{made['VersionId']}"

    @gone_is_none("ResourceNotFoundException", "InvalidRequestException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        secret, _, version = id_.rpartition("|")
        found = aws.client("secretsmanager").get_secret_value(SecretId=secret, VersionId=version)
        stages = as_list(found.get("VersionStages"))
        shown: Props = {
            "secretId": secret,
            "secretArn": found["ARN"],
            "versionId": version,
            "versionStages": settled(props.get("versionStages"), stages),
            "hasSecretStringWo": "secretStringWo" in props,
        }
        if "SecretBinary" in found:
            shown["secretBinary"] = base64.b64encode(found["SecretBinary"]).decode()
        elif not shown["hasSecretStringWo"]:
            shown["secretString"] = settled(props.get("secretString"), found["SecretString"])
        return shown

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        secret, _, version = id_.rpartition("|")
        before, after = (
            set(as_list(old.get("versionStages"))),
            set(as_list(new.get("versionStages"))),
        )
        for stage in sorted(after - before):
            _move(aws, secret, stage, MoveToVersionId=version)
        for stage in sorted(before - after - {_CURRENT}):
            _move(aws, secret, stage, RemoveFromVersionId=version)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Take its labels away. The current value cannot be: it ends with the secret."""
        secret, _, version = id_.rpartition("|")
        stages = as_list(props.get("versionStages"))
        if _CURRENT not in stages:
            for stage in stages:
                _move(aws, secret, stage, RemoveFromVersionId=version)


def _value(props: Props) -> dict[str, Any]:
    if props.get("secretBinary"):
        return {"SecretBinary": base64.b64decode(props["secretBinary"])}
    return {"SecretString": props.get("secretStringWo") or props.get("secretString", "")}


def _move(aws: Aws, secret: str, stage: str, **where: str) -> None:
    """Put the label `stage` on a version, or take it off."""
    vault = aws.client("secretsmanager")
    if "MoveToVersionId" in where:
        held = as_object(vault.describe_secret(SecretId=secret).get("VersionIdsToStages"))
        for holder, stages in held.items():
            if stage in stages:
                where = {**where, "RemoveFromVersionId": holder}
    vault.update_secret_version_stage(SecretId=secret, VersionStage=stage, **where)


RESOURCES: tuple[Resource, ...] = (SecretVersion(),)

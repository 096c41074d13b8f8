"""Secrets Manager: secrets with their replicas and policy, and the rotation of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list, as_object


class Secret(Resource):
    """The ID is the ARN. A secret in its recovery window counts as gone."""

    token: ClassVar[str] = "aws:secretsmanager/secret:Secret"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "description",
            "forceOverwriteReplicaSecret",
            "kmsKeyId",
            "name",
            "policy",
            "recoveryWindowInDays",
            "replicas",
            "tags",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {
        "forceOverwriteReplicaSecret": False,
        "recoveryWindowInDays": 30,
    }

    def create(self, aws: Aws, props: Props) -> str:
        settings = ("name", "description", "kmsKeyId", "replicas", "forceOverwriteReplicaSecret")
        # An empty set of blocks is the same as none; the API takes no empty list.
        filled = {key: value for key, value in props.items() if value != []}
        asked = request("secretsmanager", "CreateSecret", filled, only=settings, rename=_REPLICAS)
        marks = tagging.given(aws, "secretsmanager", "CreateSecret", props)
        return aws.client("secretsmanager").create_secret(**asked, **marks)["ARN"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("policy"):
            aws.client("secretsmanager").put_resource_policy(
                SecretId=id_, ResourcePolicy=props["policy"]
            )

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        vault = aws.client("secretsmanager")
        secret = vault.describe_secret(SecretId=id_)
        if "DeletedDate" in secret:
            return None
        shown = {
            **secret,
            "replicas": aligned(
                props.get("replicas"), as_list(secret.get("ReplicationStatus")), "region"
            ),
            "tags": tags.own(aws, secret.get("Tags")),
        }
        if "policy" in props:
            shown["policy"] = vault.get_resource_policy(SecretId=id_).get("ResourcePolicy")
        return {**reported(props, shown, ("name", "replicas")), "arn": secret["ARN"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        vault = aws.client("secretsmanager")
        if any(old.get(key) != new.get(key) for key in ("description", "kmsKeyId")):
            cleared = {"description": "", **new}
            asked = request(
                "secretsmanager", "UpdateSecret", cleared, only=("description", "kmsKeyId")
            )
            vault.update_secret(SecretId=id_, **asked)
        _replicate(vault, id_, as_list(old.get("replicas")), new)
        if old.get("policy") and not new.get("policy"):
            vault.delete_resource_policy(SecretId=id_)
        elif old.get("policy") != new.get("policy"):
            self.configure(aws, id_, new)
        tagging.retag(aws, "secretsmanager", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        vault = aws.client("secretsmanager")
        if "DeletedDate" in vault.describe_secret(SecretId=id_):
            return
        regions = [replica["region"] for replica in as_list(props.get("replicas"))]
        if regions:
            vault.remove_regions_from_replication(SecretId=id_, RemoveReplicaRegions=regions)
        window = props.get("recoveryWindowInDays", 30)
        how = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
        vault.delete_secret(SecretId=id_, **how)


class SecretPolicy(Resource):
    """The ID is the secret's ARN."""

    token: ClassVar[str] = "aws:secretsmanager/secretPolicy:SecretPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"blockPublicPolicy", "policy", "secretArn"})
    required: ClassVar[frozenset[str]] = frozenset({"policy", "secretArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"secretArn"})

    def create(self, aws: Aws, props: Props) -> str:
        block = {"BlockPublicPolicy": props["blockPublicPolicy"]} if _blocks(props) else {}
        made = aws.client("secretsmanager").put_resource_policy(
            SecretId=props["secretArn"], ResourcePolicy=props["policy"], **block
        )
        return made["ARN"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("secretsmanager").get_resource_policy(SecretId=id_)
        if not found.get("ResourcePolicy"):
            return None
        shown = {"policy": found["ResourcePolicy"], "secretArn": found["ARN"]}
        return reported(props, shown, ("policy", "secretArn"))

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("secretsmanager").delete_resource_policy(SecretId=id_)


class SecretRotation(Resource):
    """The ID is the secret's ARN."""

    token: ClassVar[str] = "aws:secretsmanager/secretRotation:SecretRotation"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"rotateImmediately", "rotationLambdaArn", "rotationRules", "secretId"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"rotationRules", "secretId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"secretId"})
    defaults: ClassVar[Mapping[str, Any]] = {"rotateImmediately": True}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("secretsmanager", "RotateSecret", props, only=self.inputs)
        return aws.client("secretsmanager").rotate_secret(**asked)["ARN"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        secret = aws.client("secretsmanager").describe_secret(SecretId=id_)
        if not secret.get("RotationEnabled"):
            return None
        shown = {
            "rotationLambdaArn": secret.get("RotationLambdaARN"),
            "rotationRules": as_object(secret.get("RotationRules")),
            "secretId": props.get("secretId", id_),
        }
        found = reported(props, shown, ("rotationLambdaArn", "rotationRules", "secretId"))
        return {**found, "rotationEnabled": True}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("secretsmanager").cancel_rotate_secret(SecretId=id_)


_REPLICAS = {"replicas": "AddReplicaRegions"}


def _blocks(props: Props) -> bool:
    return props.get("blockPublicPolicy") is not None


def _replicate(vault: Any, arn: str, old: Sequence[Props], new: Props) -> None:
    """Remove replicas that are no longer given, or that take another key; add the others."""
    wanted: Sequence[Props] = as_list(new.get("replicas"))
    gone = [replica["region"] for replica in old if replica not in wanted]
    fresh = [replica for replica in wanted if replica not in old]
    if gone:
        vault.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=gone)
    if fresh:
        asked = request(
            "secretsmanager",
            "ReplicateSecretToRegions",
            {**new, "replicas": fresh},
            only=("replicas", "forceOverwriteReplicaSecret"),
            rename=_REPLICAS,
        )
        vault.replicate_secret_to_regions(SecretId=arn, **asked)


RESOURCES: tuple[Resource, ...] = (Secret(), SecretPolicy(), SecretRotation())

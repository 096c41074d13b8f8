"""How a region encrypts new EBS volumes: one setting each for account and region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.wire import Props


class EncryptionByDefault(Resource):
    """A delete turns it off: keep it with `retain_on_delete` where others rely on it."""

    token: ClassVar[str] = "aws:ebs/encryptionByDefault:EncryptionByDefault"
    inputs: ClassVar[frozenset[str]] = frozenset({"enabled"})
    defaults: ClassVar[Mapping[str, Any]] = {"enabled": True}

    def create(self, aws: Aws, props: Props) -> str:
        self._set(aws, wanted=bool(props["enabled"]))
        return f"ebs-encryption-{aws.region}"

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        now = aws.client("ec2").get_ebs_encryption_by_default()
        return {"enabled": now["EbsEncryptionByDefault"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._set(aws, wanted=bool(new["enabled"]))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        self._set(aws, wanted=False)

    def _set(self, aws: Aws, *, wanted: bool) -> None:
        ec2 = aws.client("ec2")
        if wanted:
            ec2.enable_ebs_encryption_by_default()
        else:
            ec2.disable_ebs_encryption_by_default()


class DefaultKmsKey(Resource):
    """A delete goes back to the key that AWS manages."""

    token: ClassVar[str] = "aws:ebs/defaultKmsKey:DefaultKmsKey"
    inputs: ClassVar[frozenset[str]] = frozenset({"keyArn"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("ec2").modify_ebs_default_kms_key_id(KmsKeyId=props["keyArn"])
        return made["KmsKeyId"]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        return {"keyArn": aws.client("ec2").get_ebs_default_kms_key_id()["KmsKeyId"]}

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").reset_ebs_default_kms_key_id()


RESOURCES: Sequence[Resource] = (EncryptionByDefault(), DefaultKmsKey())

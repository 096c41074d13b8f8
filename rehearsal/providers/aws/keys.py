"""KMS keys and their replicas in other regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import code_of, gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request, same
from rehearsal.providers.wire import Props

_DELETED = ("PendingDeletion", "PendingReplicaDeletion")
"""States of a key that only waits for its end."""


class Key(Resource):
    """A delete only schedules the end of the key, after its window of days."""

    token: ClassVar[str] = "aws:kms/key:Key"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "description",
            "keyUsage",
            "customerMasterKeySpec",
            "multiRegion",
            "policy",
            "bypassPolicyLockoutSafetyCheck",
            "enableKeyRotation",
            "rotationPeriodInDays",
            "isEnabled",
            "deletionWindowInDays",
            "tags",
        }
    )
    replaces: ClassVar[frozenset[str]] = frozenset(
        {"keyUsage", "customerMasterKeySpec", "multiRegion"}
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "enableKeyRotation": False,
        "isEnabled": True,
        "bypassPolicyLockoutSafetyCheck": False,
    }

    def create(self, aws: Aws, props: Props) -> str:
        chosen = self.replaces | {"description", "policy", "bypassPolicyLockoutSafetyCheck"}
        asked = request("kms", "CreateKey", props, only=chosen, rename=_KEY_RENAME)
        made = aws.client("kms").create_key(
            **asked, **tagging.given(aws, "kms", "CreateKey", props)
        )
        return made["KeyMetadata"]["KeyId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _set_rotation(aws, id_, {}, props)
        _set_enabled(aws, id_, was=True, wanted=bool(props["isEnabled"]))

    @gone_is_none("NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        key = _described(aws, id_)
        if key is None:
            return None
        rotation = aws.client("kms").get_key_rotation_status(KeyId=id_)
        described = {
            **key,
            "IsEnabled": key["Enabled"],
            "EnableKeyRotation": rotation["KeyRotationEnabled"],
            "MultiRegion": bool(key.get("MultiRegion")),
            **_period(rotation),
        }
        return {
            **reported(props, described, _KEY_SHOWN, rename=_KEY_RENAME),
            "arn": key["Arn"],
            "keyId": key["KeyId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _settle(aws, id_, old, new)
        _set_rotation(aws, id_, old, new)
        _set_enabled(aws, id_, was=bool(old.get("isEnabled")), wanted=bool(new["isEnabled"]))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        _schedule_deletion(aws, id_, props)


class ReplicaKey(Resource):
    """A multi-region key in another region: made by the primary's region, then on its own."""

    token: ClassVar[str] = "aws:kms/replicaKey:ReplicaKey"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "primaryKeyArn",
            "description",
            "policy",
            "bypassPolicyLockoutSafetyCheck",
            "enabled",
            "deletionWindowInDays",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"primaryKeyArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"primaryKeyArn"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = {
        "enabled": True,
        "bypassPolicyLockoutSafetyCheck": False,
    }

    def create(self, aws: Aws, props: Props) -> str:
        primary = props["primaryKeyArn"]
        chosen = ("description", "policy", "bypassPolicyLockoutSafetyCheck")
        asked = request("kms", "ReplicateKey", props, only=chosen)
        made = aws.client("kms", primary.split(":")[3]).replicate_key(
            KeyId=primary.rpartition("/")[2],
            ReplicaRegion=aws.region,
            **asked,
            **tagging.given(aws, "kms", "ReplicateKey", props),
        )
        return made["ReplicaKeyMetadata"]["KeyId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        # AWS takes these when it replicates; settled once more, since a replica that
        # followed the primary's policy would be a quiet hole.
        now = self.read(aws, id_, props) or {}
        if not same(_own_words(now), _own_words(props)):
            _settle(aws, id_, now, props)
        _set_enabled(aws, id_, was=True, wanted=bool(props["enabled"]))

    @gone_is_none("NotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        key = _described(aws, id_)
        if key is None:
            return None
        primary = key.get("MultiRegionConfiguration", {}).get("PrimaryKey", {}).get("Arn")
        described = {**key, "PrimaryKeyArn": primary}
        return {
            **reported(props, described, _REPLICA_SHOWN),
            "arn": key["Arn"],
            "keyId": key["KeyId"],
            "keySpec": key["KeySpec"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _settle(aws, id_, old, new)
        _set_enabled(aws, id_, was=bool(old.get("enabled")), wanted=bool(new["enabled"]))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        _schedule_deletion(aws, id_, props)


_KEY_RENAME = {
    "customerMasterKeySpec": "KeySpec",
    "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
}
_KEY_SHOWN = (
    "description",
    "keyUsage",
    "customerMasterKeySpec",
    "multiRegion",
    "policy",
    "enableKeyRotation",
    "isEnabled",
    "tags",
)
_REPLICA_SHOWN = ("primaryKeyArn", "description", "policy", "enabled", "keyUsage", "tags")
_OWN_WORDS = ("description", "policy", "tags")


def _described(aws: Aws, id_: str) -> dict[str, Any] | None:
    """A key with its policy and tags; None once its deletion is scheduled."""
    kms = aws.client("kms")
    key = kms.describe_key(KeyId=id_)["KeyMetadata"]
    if key["KeyState"] in _DELETED:
        return None
    policy = kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]
    return {**key, "Policy": policy, "Tags": tagging.own(aws, "kms", id_)}


def _own_words(props: Props) -> Props:
    return {key: props[key] for key in _OWN_WORDS if key in props}


def _period(rotation: Mapping[str, Any]) -> dict[str, Any]:
    days = rotation.get("RotationPeriodInDays")
    return {"RotationPeriodInDays": days} if days else {}


def _settle(aws: Aws, id_: str, old: Props, new: Props) -> None:
    kms = aws.client("kms")
    if new.get("description") != old.get("description"):
        kms.update_key_description(KeyId=id_, Description=new.get("description", ""))
    if "policy" in new and new["policy"] != old.get("policy"):
        lockout = bool(new.get("bypassPolicyLockoutSafetyCheck"))
        kms.put_key_policy(
            KeyId=id_,
            PolicyName="default",
            Policy=new["policy"],
            BypassPolicyLockoutSafetyCheck=lockout,
        )
    if tags.wanted(aws, old) != tags.wanted(aws, new):
        tagging.retag(aws, "kms", id_, old, new)


def _set_rotation(aws: Aws, id_: str, old: Props, new: Props) -> None:
    words = ("enableKeyRotation", "rotationPeriodInDays")
    if all(bool(old.get(key)) == bool(new.get(key)) for key in words) and (
        old.get("rotationPeriodInDays") == new.get("rotationPeriodInDays")
    ):
        return
    kms = aws.client("kms")
    if not new.get("enableKeyRotation"):
        kms.disable_key_rotation(KeyId=id_)
        return
    days = new.get("rotationPeriodInDays")
    kms.enable_key_rotation(KeyId=id_, **({"RotationPeriodInDays": int(days)} if days else {}))


def _set_enabled(aws: Aws, id_: str, *, was: bool, wanted: bool) -> None:
    if was != wanted:
        kms = aws.client("kms")
        (kms.enable_key if wanted else kms.disable_key)(KeyId=id_)


def _schedule_deletion(aws: Aws, id_: str, props: Props) -> None:
    days = props.get("deletionWindowInDays")
    window = {"PendingWindowInDays": int(days)} if days else {}
    try:
        aws.client("kms").schedule_key_deletion(KeyId=id_, **window)
    except ClientError as error:
        # The state that a scheduled deletion puts a key in: it is done already.
        if code_of(error) != "KMSInvalidStateException":
            raise


RESOURCES: Sequence[Resource] = (Key(), ReplicaKey())

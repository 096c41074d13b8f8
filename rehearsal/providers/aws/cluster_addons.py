"""EKS add-ons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class Addon(Resource):
    """The ID is `cluster:addon`. `preserve` and the conflict rules only steer the calls."""

    token: ClassVar[str] = "aws:eks/addon:Addon"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "addonName",
            "addonVersion",
            "clusterName",
            "configurationValues",
            "podIdentityAssociations",
            "preserve",
            "resolveConflictsOnCreate",
            "resolveConflictsOnUpdate",
            "serviceAccountRoleArn",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"addonName", "clusterName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"addonName", "clusterName"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("eks", "CreateAddon", props, only=("addonName", "clusterName", *_SETTINGS))
        if "resolveConflictsOnCreate" in props:
            asked["resolveConflicts"] = props["resolveConflictsOnCreate"]
        marks = tagging.given(aws, "eks", "CreateAddon", props)
        aws.client("eks").create_addon(**asked, **marks)
        return f"{props['clusterName']}:{props['addonName']}"

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_)

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        addon = aws.client("eks").describe_addon(**_key(id_))["addon"]
        identities = [
            _identity(aws, addon, arn) for arn in addon.get("podIdentityAssociations", ())
        ]
        shown = {
            **addon,
            "podIdentityAssociations": identities,
            "tags": tags.own_map(aws, addon.get("tags")),
        }
        return {
            **reported(props, shown, ("addonName", "clusterName", "addonVersion", "tags")),
            "arn": addon["addonArn"],
            "createdAt": str(addon["createdAt"]),
            "modifiedAt": str(addon["modifiedAt"]),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        changed = [key for key in _SETTINGS if old.get(key) != new.get(key)]
        if changed:
            wanted = {key: new.get(key, _NOTHING.get(key)) for key in changed}
            asked = request("eks", "UpdateAddon", wanted)
            if new.get("resolveConflictsOnUpdate"):
                asked["resolveConflicts"] = new["resolveConflictsOnUpdate"]
            aws.client("eks").update_addon(**_key(id_), **asked)
            _settle(aws, id_)
        if old.get("tags") != new.get("tags"):
            addon = aws.client("eks").describe_addon(**_key(id_))["addon"]
            tagging.retag(aws, "eks", addon["addonArn"], old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        eks = aws.client("eks")
        eks.delete_addon(**_key(id_), preserve=bool(props.get("preserve")))
        eks.get_waiter("addon_deleted").wait(**_key(id_), WaiterConfig=_POLL)


_SETTINGS = (
    *("addonVersion", "configurationValues", "podIdentityAssociations"),
    "serviceAccountRoleArn",
)
_NOTHING: Mapping[str, Any] = {"configurationValues": "{}", "podIdentityAssociations": []}
"""What clears a setting that is no longer given."""
_POLL = {"Delay": 1, "MaxAttempts": 60}


def _key(id_: str) -> dict[str, str]:
    cluster, _, name = id_.partition(":")
    return {"clusterName": cluster, "addonName": name}


def _settle(aws: Aws, id_: str) -> None:
    aws.client("eks").get_waiter("addon_active").wait(**_key(id_), WaiterConfig=_POLL)


def _identity(aws: Aws, addon: Mapping[str, Any], arn: str) -> dict[str, str]:
    """An add-on names its associations by ARN; the program gives account and role."""
    found = aws.client("eks").describe_pod_identity_association(
        clusterName=addon["clusterName"], associationId=arn.rpartition("/")[2]
    )["association"]
    return {"serviceAccount": found["serviceAccount"], "roleArn": found["roleArn"]}


RESOURCES: tuple[Resource, ...] = (Addon(),)

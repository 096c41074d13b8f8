"""An exported state and the operations that are pending in it, as plain data.

Source: pulumi/pulumi, `sdk/go/common/apitype/core.go`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ops.resource_ids import READ_BY_INPUTS
from ops.world.pending import Pending

Deployment = Mapping[str, Any]
PROVIDERS = "pulumi:providers:"


def pending_of(deployment: Deployment) -> list[Pending]:
    """The pending operations of a state."""
    operations: list[dict[str, Any]] = deployment.get("pending_operations") or []
    return [
        Pending(
            urn=each["resource"]["urn"],
            type=each["resource"]["type"],
            operation=each["type"],
            inputs=each["resource"].get("inputs") or {},
        )
        for each in operations
    ]


def unread_of(deployment: Deployment) -> list[str]:
    """URNs of resources that were taken in and not read yet: they have an ID, and no outputs but
    those with which they were taken in."""
    return [
        each["urn"]
        for each in _resources(deployment)
        if each.get("id")
        and not each["type"].startswith(PROVIDERS)
        and (each.get("outputs") or {}) == _told(each)
    ]


def settled(deployment: Deployment, ids: Mapping[Pending, str | None]) -> dict[str, Any]:
    """The state without pending operations, with the resources of those that have an ID."""
    state = {**deployment}
    for pending, id_ in ids.items():
        if id_ is not None:
            state = _taken(state, pending, id_)
    return {**state, "pending_operations": []}


def _taken(deployment: Deployment, pending: Pending, id_: str) -> dict[str, Any]:
    """The resource comes last, after all that it depends on. One that it was to replace waits for
    its deletion from now on, as the engine has it after a replacement."""
    operations: list[dict[str, Any]] = deployment.get("pending_operations") or []
    (made,) = [each["resource"] for each in operations if _is(each, pending)][:1]
    known = _resources(deployment)
    if any(each["urn"] == pending.urn and each.get("id") == id_ for each in known):
        return {**deployment}
    before = [{**each, "delete": True} if each["urn"] == pending.urn else each for each in known]
    resource = {**made, "id": id_, "outputs": _told(made)}
    return {**deployment, "resources": [*before, resource]}


def _told(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a resource before it was read: nothing, unless its provider asks for it."""
    if resource["type"] not in READ_BY_INPUTS:
        return {}
    inputs: dict[str, Any] = resource.get("inputs") or {}
    return {key: value for key, value in inputs.items() if not key.startswith("__")}


def _is(operation: Mapping[str, Any], pending: Pending) -> bool:
    return operation["resource"]["urn"] == pending.urn and operation["type"] == pending.operation


def _resources(deployment: Deployment) -> Sequence[dict[str, Any]]:
    return deployment.get("resources") or []

"""Conditions of a listener rule: a block per field for Pulumi, a named field for AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rehearsal.providers.aws.shapes import observed, request
from rehearsal.providers.wire import Props, as_list, is_list, is_object

_FIELDS: Mapping[str, tuple[str, str]] = {
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpHeader": ("http-header", "HttpHeaderConfig"),
    "httpRequestMethod": ("http-request-method", "HttpRequestMethodConfig"),
    "pathPattern": ("path-pattern", "PathPatternConfig"),
    "queryStrings": ("query-string", "QueryStringConfig"),
    "sourceIp": ("source-ip", "SourceIpConfig"),
}
"""Block → AWS's field and the member that carries its values."""


def written(conditions: Iterable[Props]) -> list[dict[str, Any]]:
    """The conditions as `CreateRule` takes them."""
    return [
        _written(block, value)
        for condition in conditions
        for block, value in condition.items()
        if value
    ]


def described(given: Sequence[Props], now: Iterable[Mapping[str, Any]]) -> list[Props]:
    """AWS's conditions as blocks, in the order of the given ones."""
    found = [_described(condition) for condition in now]
    order = [next(iter(condition)) for condition in given]
    found.sort(key=lambda one: _place(order, next(iter(one))))
    if len(found) != len(given):
        return found
    return [
        {block: _settled(before.get(block), value) for block, value in one.items()}
        for before, one in zip(given, found, strict=True)
    ]


def _written(block: str, value: Any) -> dict[str, Any]:
    field, member = _FIELDS[block]
    inner = {"Values": value} if block == "queryStrings" else value
    asked = request("elbv2", "CreateRule", {"conditions": [{member: inner}]})
    return {"Field": field, **asked["Conditions"][0]}


def _described(condition: Mapping[str, Any]) -> Props:
    for block, (field, member) in _FIELDS.items():
        if condition["Field"] == field:
            config = condition.get(member) or {"Values": as_list(condition.get("Values"))}
            return {block: config["Values"] if block == "queryStrings" else dict(config)}
    return {condition["Field"]: dict(condition)}


def _settled(before: Any, now: Any) -> Any:
    """A block with the parts that were given; values without keys stay as AWS tells them."""
    if is_object(before) and is_object(now):
        return observed(before, now)
    if is_list(before) and is_list(now) and len(before) == len(now):
        return [_settled(one, other) for one, other in zip(before, now, strict=True)]
    return now


def _place(order: Sequence[str], block: str) -> int:
    return order.index(block) if block in order else len(order)

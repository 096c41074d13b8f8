"""Reading IAM and resource policies: statements, principals, actions. Not an evaluator:
conditions are not judged."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator
from typing import Any

from rehearsal.cloud.plain import listing, mapping

Statement = dict[str, Any]


class PolicyError(ValueError):
    """A document that is not a policy; the message says what is wrong with it."""


def statements(document: str) -> list[Statement]:
    """The statements of a policy. Raises PolicyError for text that is not one."""
    try:
        policy = json.loads(document)
    except ValueError:
        raise PolicyError("the document is not JSON") from None
    if not isinstance(policy, dict) or "Statement" not in policy:
        raise PolicyError("the document has no Statement")
    found = many(mapping(policy)["Statement"])
    for statement in found:
        if mapping(statement).get("Effect") not in ("Allow", "Deny"):
            raise PolicyError("every statement needs an Effect of Allow or Deny")
    return found


def readable(document: str | bytes | None) -> list[Statement]:
    """The statements of a policy that was accepted before; none if there is no policy."""
    if not document:
        return []
    return statements(document.decode() if isinstance(document, bytes) else document)


def many(value: Any) -> list[Any]:
    """A policy's members may be one thing or a list of them."""
    return listing(value) if isinstance(value, list) else [] if value is None else [value]


def principals(statement: Statement, kind: str) -> list[str]:
    """The principals of a kind (`AWS`, `Service`, `Federated`); `*` stands for anybody."""
    principal = statement.get("Principal")
    if principal == "*":
        return ["*"]
    return [str(each) for each in many(mapping(principal).get(kind))]


def allows_service(
    document: str | bytes | None, service: str, action: str, resource: str | None = None
) -> bool:
    """Whether a statement allows a service an action (`s3:PutObject`) on a resource."""
    return any(
        statement.get("Effect") == "Allow"
        and {service, "*"} & set(principals(statement, "Service"))
        and covers(statement.get("Action"), action)
        and (resource is None or covers(statement.get("Resource"), resource))
        for statement in readable(document)
    )


def covers(patterns: Any, wanted: str) -> bool:
    """Whether one of the patterns, with `*` and `?`, matches `wanted` or a part below it."""
    return any(
        fnmatch.fnmatchcase(wanted.lower(), str(pattern).lower())
        or fnmatch.fnmatchcase(str(pattern).lower(), wanted.lower())
        for pattern in many(patterns)
    )


def is_public(document: str | bytes | None) -> bool:
    """Whether a statement allows anybody something, under no condition."""
    return any(
        statement.get("Effect") == "Allow"
        and "*" in principals(statement, "AWS")
        and not statement.get("Condition")
        for statement in readable(document)
    )


def named_principals(document: str) -> Iterator[str]:
    """Every AWS principal that a policy names, `*` left out."""
    for statement in readable(document):
        yield from (each for each in principals(statement, "AWS") if each != "*")

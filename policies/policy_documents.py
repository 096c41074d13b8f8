"""Policy documents of IAM, KMS, buckets, topics and queues: what a statement grants, and to whom.

Source: IAM user guide, JSON policy elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from policies.properties import Properties

NARROWING = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
        "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceowner",
        "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "kms:calleraccount",
        "aws:resourceorgid", "s3:dataaccesspointaccount",
    }
)  # fmt: skip
"""Condition keys that say whose the caller is; with one of them a star means not everybody."""
POSITIVE = ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "StringEqualsIgnoreCase")
"""Operators that narrow. `ForAnyValue:` and `IfExists` may stand around them."""


def statements(document: Properties) -> Iterator[Properties]:
    """Statements of a document; a single one may stand without a list."""
    yield from document.each("Statement")


def allowing(document: Properties) -> Iterator[Properties]:
    """Statements that allow."""
    return (one for one in statements(document) if one.text("Effect") == "Allow")


def denying(document: Properties) -> Iterator[Properties]:
    """Statements that deny."""
    return (one for one in statements(document) if one.text("Effect") == "Deny")


def principals(statement: Properties) -> list[str]:
    """Principals of any kind; `*` for everybody."""
    if not statement.has("Principal"):
        return []
    if statement.knows("Principal") and not isinstance(statement.raw["Principal"], dict):
        return statement.texts("Principal")
    kinds = statement.under("Principal")
    return [one for kind in kinds.names() for one in kinds.texts(kind)]


def is_everybody(statement: Properties) -> bool:
    """Whether anybody at all is meant. What is excepted by NotPrincipal is everybody else."""
    return "*" in principals(statement) or statement.has("NotPrincipal")


def is_narrowed(statement: Properties) -> bool:
    """Whether a condition says whose the caller must be."""
    conditions = statement.under("Condition")
    for operator in conditions.names():
        name = operator.rpartition(":")[2].removesuffix("IfExists")
        if name in POSITIVE:
            tested = conditions.under(operator)
            if any(_narrows(tested, key) for key in tested.names()):
                return True
    return False


def _narrows(tested: Properties, key: str) -> bool:
    return key.lower() in NARROWING and "*" not in tested.texts(key)


def is_public(statement: Properties) -> bool:
    """Whether an allowing statement is open to the world."""
    return is_everybody(statement) and not is_narrowed(statement)


def actions(statement: Properties) -> list[str]:
    """Actions as they are written, in lower case."""
    return [one.lower() for one in statement.texts("Action")]


def grants(statement: Properties, action: str) -> bool:
    """Whether the action is among those of an allowing statement. With NotAction all others are."""
    wanted = action.lower()
    if statement.has("NotAction"):
        return not _among(wanted, (one.lower() for one in statement.texts("NotAction")))
    return _among(wanted, actions(statement))


def _among(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)


def on_everything(statement: Properties) -> bool:
    """Whether its resources are all there are."""
    return "*" in statement.texts("Resource") or statement.has("NotResource")

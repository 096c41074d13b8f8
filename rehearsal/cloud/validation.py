"""What botocore's models say and its client does not check: enumerations, patterns,
lengths, ranges and required members, answered as the service itself would."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import regex

from rehearsal.cloud.borrowed import OperationModel, Shape
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.stale_constraints import is_stale

ERROR_CODES = {
    "autoscaling": "ValidationError",
    "budgets": "InvalidParameterException",
    "cloudwatch": "ValidationError",
    "ec2": "InvalidParameterValue",
    "ecr": "InvalidParameterException",
    "eks": "InvalidParameterException",
    "elbv2": "ValidationError",
    "guardduty": "BadRequestException",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "rds": "InvalidParameterValue",
    "route53": "InvalidInput",
    "s3": "InvalidArgument",
    "s3control": "InvalidRequest",
    "securityhub": "InvalidInputException",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
    "sts": "ValidationError",
    "wafv2": "WAFInvalidParameterException",
}
"""The code that each service gives to a parameter it does not accept; the others say
`ValidationException`. Source: the "common errors" page of each service's API reference."""

_JAVA_ASTRAL = r"\uD800\uDC00-\uDBFF\uDFFF"
_ASTRAL = r"\U00010000-\U0010FFFF"
"""The characters beyond 16 bits: Java writes them as pairs, which Python does not read."""

Finding = tuple[str, str]
"""A path in the request, and what is wrong there."""


def check(service: str, operation: OperationModel, params: dict[str, Any]) -> None:
    """Raises ApiError naming every parameter that the service's model does not allow."""
    shape = operation.input_shape
    if shape is None:
        return
    found = list(_structure(service, shape, params, ""))
    if found:
        raise ApiError(ERROR_CODES.get(service, "ValidationException"), _message(found), 400)


def _message(found: list[Finding]) -> str:
    plural = "" if len(found) == 1 else "s"
    details = "; ".join(f"{problem.format(path=path)}" for path, problem in found)
    return f"{len(found)} validation error{plural} detected: {details}"


def _walk(service: str, shape: Shape, value: Any, path: str) -> Iterator[Finding]:
    if value is None:
        return
    checker = _CHECKERS.get(shape.type_name)
    if checker:
        yield from checker(service, shape, value, path)


def _structure(service: str, shape: Shape, value: dict[str, Any], path: str) -> Iterator[Finding]:
    for name in shape.required_members:
        if value.get(name) is None and not is_stale(service, shape.name, name, "required"):
            yield (
                f"{path}{name}",
                "Value null at '{path}' failed to satisfy constraint: Member must not be null",
            )
    for name, member in shape.members.items():
        if name in value:
            yield from _walk(service, member, value[name], f"{path}{name}")


def _nested(service: str, shape: Shape, value: Any, path: str) -> Iterator[Finding]:
    yield from _structure(service, shape, value, f"{path}.")


def _list(service: str, shape: Shape, value: list[Any], path: str) -> Iterator[Finding]:
    yield from _size(service, shape, len(value), value, path)
    for number, item in enumerate(value, 1):
        yield from _walk(service, shape.member, item, f"{path}.{number}.member")


def _map(service: str, shape: Shape, value: dict[str, Any], path: str) -> Iterator[Finding]:
    yield from _size(service, shape, len(value), value, path)
    for key, item in value.items():
        yield from _walk(service, shape.key, key, f"{path}.key")
        yield from _walk(service, shape.value, item, f"{path}.{key}.member")


def _string(service: str, shape: Shape, value: str, path: str) -> Iterator[Finding]:
    text = str(value)
    enum = shape.enum
    if enum and text not in enum and not is_stale(service, shape.name, text, "enum"):
        yield path, _failed(shape, text, f"Member must satisfy enum value set: {sorted(enum)}")
    yield from _size(service, shape, len(text), text, path)
    pattern = shape.metadata.get("pattern")
    if (
        pattern
        and not _matches(pattern, text)
        and not is_stale(service, shape.name, text, "pattern")
    ):
        constraint = f"Member must satisfy regular expression pattern: {pattern}"
        yield path, _failed(shape, text, constraint)


def _number(service: str, shape: Shape, value: float, path: str) -> Iterator[Finding]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield path, _failed(shape, value, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high and not is_stale(service, shape.name, str(value), "max"):
        yield path, _failed(shape, value, f"Member must have value less than or equal to {high}")


def _size(service: str, shape: Shape, size: int, value: Any, path: str) -> Iterator[Finding]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low and not is_stale(service, shape.name, str(size), "min"):
        yield path, _failed(shape, value, f"Member must have length greater than or equal to {low}")
    if high is not None and size > high and not is_stale(service, shape.name, str(size), "max"):
        yield path, _failed(shape, value, f"Member must have length less than or equal to {high}")


def _failed(shape: Shape, value: Any, constraint: str) -> str:
    shown = "" if shape.metadata.get("sensitive") else f" '{str(value)[:120]}'"
    text = f"Value{shown} at '\0' failed to satisfy constraint: {constraint}"
    return text.replace("{", "{{").replace("}", "}}").replace("\0", "{path}")


@functools.cache
def compiled(text: str) -> regex.Pattern[str] | None:
    """A pattern of the models, which are Java's; None for one that Python cannot read."""
    try:
        return regex.compile(text.replace(_JAVA_ASTRAL, _ASTRAL), regex.DOTALL)
    except regex.error:
        return None


def _matches(pattern: str, text: str) -> bool:
    """AWS services match the whole value, whether or not the pattern is anchored."""
    read = compiled(pattern)
    return read is None or read.fullmatch(text) is not None


_CHECKERS: dict[str, Callable[[str, Any, Any, str], Iterator[Finding]]] = {
    "structure": _nested,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
}

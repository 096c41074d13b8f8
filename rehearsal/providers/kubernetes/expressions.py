"""CEL as the API server evaluates it in admission policies, by CEL's own runtime."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs]
from cel_expr_python.ext.ext_encoders import ExtEncoders
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

NAMES = ("object", "oldObject", "variables", "request", "namespaceObject")
"""What an expression may refer to. Parameters of policies are not known here."""


class ExpressionError(Exception):
    """An expression that cannot be compiled, or fails on an object; says why."""


def check(expression: str) -> None:
    """Raises ExpressionError unless the expression compiles."""
    _compiled(expression)


def evaluate(expression: str, known: Mapping[str, Any]) -> Any:
    """The expression's value, with `known` for some of NAMES. Raises ExpressionError."""
    data = dict.fromkeys(NAMES) | dict(known)
    value = _compiled(expression).eval(data=data)
    if value.type() == cel.Type.ERROR:
        raise ExpressionError(str(value.value()))
    return value.plain_value()


@cache
def _compiled(expression: str) -> cel.Expression:
    try:
        return _environment().compile(expression)
    except Exception as error:
        raise ExpressionError(str(error)) from error


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(
        variables=dict.fromkeys(NAMES, cel.Type.DYN),
        extensions=[ExtOptional(), ExtStrings(), ExtEncoders()],
    )

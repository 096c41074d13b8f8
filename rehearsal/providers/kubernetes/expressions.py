"""CEL as the API server evaluates it in admission policies, by CEL's own runtime."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import gt, lt
from typing import Any

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs]
from cel_expr_python.ext.ext_encoders import ExtEncoders
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from rehearsal.providers.kubernetes.quantities import amount

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
        extensions=[ExtOptional(), ExtStrings(), ExtEncoders(), _quantities()],
    )


def _quantities() -> cel.CelExtension:
    """Kubernetes' own library for quantities, of which a number stands for each.
    Source: Kubernetes, Common Expression Language, quantity library."""
    number, two = cel.Type.DOUBLE, [cel.Type.DOUBLE, cel.Type.DOUBLE]
    made = cel.Overload("quantity_of_text", number, [cel.Type.STRING], impl=_number)
    return cel.CelExtension(
        "quantities",
        [
            cel.FunctionDecl("quantity", [made]),
            *(
                cel.FunctionDecl(
                    name, [cel.Overload(f"{name}_of_two", cel.Type.BOOL, two, True, compare)]
                )
                for name, compare in (("isGreaterThan", gt), ("isLessThan", lt))
            ),
        ],
    )


def _number(text: str) -> float:
    return float(amount(text))

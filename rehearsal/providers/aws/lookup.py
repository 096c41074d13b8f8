"""Reading what may be gone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from botocore.exceptions import ClientError

P = ParamSpec("P")
S = TypeVar("S")
R = TypeVar("R")


_GONE = ("notfound", "nonexistent", "doesnotexist", "group.unknown")


def code_of(error: ClientError) -> str:
    """AWS's error code, for example `NoSuchBucket`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def means_gone(error: ClientError) -> bool:
    """Whether the error says that the thing does not exist (any more)."""
    code = code_of(error)
    return code.startswith("NoSuch") or any(word in code.lower() for word in _GONE)


def filters(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """EC2's `Filters`: every value must match."""
    return [{"Name": name, "Values": [value]} for name, value in values.items()]


def gone_is_none(
    *codes: str,
) -> Callable[[Callable[Concatenate[S, P], R | None]], Callable[Concatenate[S, P], R | None]]:
    """Turns the error codes that mean "it does not exist" to None; without codes, every
    error that `means_gone`."""

    def wrap(read: Callable[Concatenate[S, P], R | None]) -> Callable[Concatenate[S, P], R | None]:
        @functools.wraps(read)
        def reading(self: S, *args: P.args, **kwargs: P.kwargs) -> R | None:
            try:
                return read(self, *args, **kwargs)
            except ClientError as error:
                if code_of(error) in codes or (not codes and means_gone(error)):
                    return None
                raise

        return reading

    return wrap

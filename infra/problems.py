"""From a stack file's text to its model, or to one message that lists everything wrong with it.

Wrong values and broken rules are reported together: rules are judged on what could be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from infra.expectations import expected_at, known_keys
from infra.fields import Section, UnreadError
from infra.partial import readable_part

Loc: TypeAlias = tuple[int | str, ...]
Model = TypeVar("Model", bound=Section)

_MAX_SHOWN = 60
_SECRET_KEY = re.compile(r"passw|secret$|token|credential|private_?key|api_?key|access_?key", re.I)
_SECRET_VALUE = re.compile(r"AKIA|ASIA|-----BEGIN|^[A-Za-z0-9/+]{40,}={0,2}$")


class SettingsError(ValueError):
    """A stack file that must not be deployed; its text is meant for the file's author."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One wrong key: where it is and what is wrong, as a clause that follows the path."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def unexpected(path: str, expected: str, value: object) -> Problem:
    """A value that contradicts another key or a fact: `expected …, not <value>`."""
    return Problem(path=path, text=f"expected {expected}, not {shown(path, value)}")


def shown(path: str, value: object) -> str:
    """`value` as a message may show it: short, and never what looks like a secret."""
    key = path.rpartition(".")[2]
    text = json.dumps(value, ensure_ascii=False, default=str)
    if _SECRET_KEY.search(key) or _looks_secret(value):
        return "a value that is not shown because it may be a secret"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple) and "{" in text:
        return "a list of objects"
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}… (cut)"


def _looks_secret(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(_looks_secret(item) for item in cast("Sequence[object]", value))
    return isinstance(value, str) and _SECRET_VALUE.search(value) is not None


def read_document(
    file: str,
    document: str,
    model: type[Model],
    rules: Callable[[Model], Iterable[Problem]],
) -> Model:
    """The model in `document`, JSON text. Raises SettingsError naming every wrong key of `file`."""
    raw = _object(file, document)
    try:
        settings = model.model_validate_json(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        readable = readable_part(model, raw, [each["loc"] for each in details])
        problems = [_problem(model, each) for each in details]
        raise refusal(file, [*problems, *rules(readable)]) from None
    problems = list(rules(settings))
    if problems:
        raise refusal(file, problems)
    return settings


def refusal(file: str, problems: Sequence[Problem]) -> SettingsError:
    """The one error for all `problems` of `file`, in the order of their paths."""
    count = "1 wrong key" if len(problems) == 1 else f"{len(problems)} wrong keys"
    lines = sorted({str(problem) for problem in problems})
    return SettingsError(
        "\n".join(
            (
                f"{file}: {count}; nothing was deployed.",
                *(f"  {line}" for line in lines),
                _WHAT_TO_DO,
            )
        )
    )


def path_of(loc: Iterable[int | str]) -> str:
    """`network.zones[0]` of `("network", "zones", 0)`."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[\w.-]+", part) else json.dumps(part)[:_MAX_SHOWN]
            path += f".{name}" if path else name
    return path


def _object(file: str, document: str) -> dict[str, object]:
    try:
        raw: object = json.loads(document, object_pairs_hook=_without_duplicates)
    except _DuplicateKeyError as error:
        problem = Problem(path=str(error), text="is given twice, expected once; remove one")
        raise refusal(file, [problem]) from None
    except (ValueError, RecursionError):
        raise refusal(file, [_NOT_AN_OBJECT]) from None
    if not isinstance(raw, dict):
        raise refusal(file, [_NOT_AN_OBJECT])
    return cast("dict[str, object]", raw)


_WHAT_TO_DO = (
    "Correct each key and run the command again. "
    "Editors explain the keys with schemas/settings.schema.json."
)
_NOT_AN_OBJECT = Problem(
    path="mlops-platform:settings",
    text="expected one object with the keys of schemas/settings.schema.json, as JSON text",
)


class _DuplicateKeyError(ValueError):
    pass


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise _DuplicateKeyError(path_of([key]))
        result[key] = value
    return result


def _problem(model: type[Section], error: ErrorDetails) -> Problem:
    loc, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        return Problem(path=path_of(loc), text=_unknown_key(model, loc))
    if kind == "missing":
        expected = expected_at(model, loc)
        return Problem(path=path_of(loc), text=f"expected {expected}, but it is missing; add it")
    if loc[-1] == "[key]":  # A wrong key of a mapping: "[key]" follows the key itself.
        expected = expected_at(model, (*loc[:-2], "[key]"))
        return unexpected(path_of(loc[:-1]), expected, error["input"])
    return unexpected(path_of(loc), expected_at(model, loc), error["input"])


def _unknown_key(model: type[Section], loc: Loc) -> str:
    keys = known_keys(model, loc[:-1])
    return f"unknown key, expected one of {', '.join(keys)}; correct or remove it"


def judged(problems: Iterator[Problem]) -> Iterator[Problem]:
    """`problems` up to the first one that needs a value which could not be read."""
    try:
        yield from problems
    except UnreadError:
        return

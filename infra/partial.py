"""The part of a refused stack file that could be read, so that rules are judged all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast, get_args, get_origin

from infra.fields import Section

Model = TypeVar("Model", bound=Section)
_Loc = tuple[int | str, ...]


class _Absent:
    """Marks what could not be read."""


_ABSENT = _Absent()


def readable_part(model: type[Model], raw: Mapping[str, object], refused: Iterable[_Loc]) -> Model:
    """`model` with the fields of `raw` outside the `refused` places, and no others.

    Strict JSON values are what the model holds, save that lists become tuples and objects
    become sections. Reading an absent field raises UnreadError.
    """
    bad = {loc[:-1] if loc[-1] == "[key]" else loc for loc in refused}
    return _section(model, raw, (), bad)


def _section(model: type[Model], raw: Mapping[str, object], at: _Loc, bad: set[_Loc]) -> Model:
    given = {
        name: _value(field.annotation, raw[name], (*at, name), bad)
        for name, field in model.model_fields.items()
        if name in raw
    }
    readable = {name: value for name, value in given.items() if value is not _ABSENT}
    section = model.model_construct(None, **readable)
    for name in given.keys() - readable.keys():
        vars(section).pop(name, None)  # A default would stand for what was refused.
    return section


def _value(annotation: object, raw: object, at: _Loc, bad: set[_Loc]) -> object:
    if at in bad:
        return _ABSENT
    model = _section_in(annotation)
    if model is None:
        spoilt = any(loc[: len(at)] == at for loc in bad)
        return _ABSENT if spoilt else _frozen(raw)
    if isinstance(raw, list):
        items = [
            _value(model, item, (*at, place), bad)
            for place, item in enumerate(cast("list[object]", raw))
        ]
        return tuple(item for item in items if item is not _ABSENT)
    if not isinstance(raw, dict):
        return raw
    fields = cast("dict[str, object]", raw)
    if _is_mapping(annotation):
        named = {key: _value(model, item, (*at, key), bad) for key, item in fields.items()}
        return {key: item for key, item in named.items() if item is not _ABSENT}
    return _section(model, fields, at, bad)


def _frozen(raw: object) -> object:
    return tuple(cast("list[object]", raw)) if isinstance(raw, list) else raw


def _section_in(annotation: object) -> type[Section] | None:
    """The section that a field's annotation holds, directly or as item, or None."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    found = (_section_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)


def _is_mapping(annotation: object) -> bool:
    return get_origin(annotation) is dict

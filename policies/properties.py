"""Properties as the engine sends them, read without surprises.

A value may be missing, not known before `up`, a secret, or of the wrong type. Reading says which:
a missing one is falsy, an unknown one raises Unknown, a wrong one raises Malformed. Nothing is
copied and no secret is unwrapped into anything that is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar, cast

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key of the engine's special values; the value beside it says which one."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark, not a secret
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        UNKNOWN,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the engine sends for a value that a preview cannot know. Source: Pulumi SDK, plugin/rpc."""
SHOWN = 120
"""Characters of a value that a message shows."""

Kind = TypeVar("Kind")


class Unknown(Exception):
    """A value that is not known before `up`; `path` says which."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Malformed(Exception):
    """A value of a type that the property cannot have."""

    def __init__(self, path: str, found: str, wanted: str) -> None:
        super().__init__(f"{path}: {found}, expected {wanted}")
        self.path, self.found, self.wanted = path, found, wanted


@dataclass(frozen=True)
class Properties:
    """An object among a resource's properties. Keys may be dotted: `vpcConfig.subnetIds`; a key
    that stands there with its dots, as a label's does, is taken as it is."""

    raw: Mapping[str, Any]
    path: str = ""
    hidden: bool = False
    """Whether it lies in a secret: nothing of it is shown."""

    def has(self, key: str) -> bool:
        """Whether it is set, be it to something unknown or secret."""
        return self._found(key).value is not None

    def knows(self, key: str) -> bool:
        """Whether it is set to a value that can be read."""
        found = unwrapped(self._found(key).value)
        return found is not None and not is_unknown(found)

    def flag(self, key: str) -> bool | None:
        """A boolean; None where it is missing. Providers take `true` and `"true"` alike."""
        found = self._value(key)
        if found in ("true", "false"):
            return found == "true"
        return self._typed(key, found, bool, "true or false")

    def text(self, key: str) -> str:
        """A text; empty where it is missing."""
        return self._typed(key, self._value(key), str, "a text") or ""

    def number(self, key: str) -> float | None:
        """A number, or a text that is one; None where it is missing."""
        found = self._value(key)
        if isinstance(found, str):
            try:
                return float(found)
            except ValueError:
                raise self._malformed(key, "a number") from None
        if isinstance(found, bool):
            raise self._malformed(key, "a number")
        return self._typed(key, found, (int, float), "a number")

    def scalar(self, key: str) -> str:
        """A text, number or boolean as text; empty where it is missing."""
        found = self._value(key)
        text = as_text(found)
        if text is None:
            raise self._malformed(key, "a text, a number or a boolean")
        return text

    def under(self, key: str) -> Properties:
        """An object; empty where it is missing. A list of one, as providers have it for
        blocks, is its only element."""
        found = _only(self._found(key))
        value = self._plain(found.value, self.at(key))
        known = None if value == [] else value
        return self._inside(key, _Found(known, found.hidden), "an object")

    def each(self, key: str) -> list[Properties]:
        """Objects of a list, or the only one; empty where it is missing."""
        found = self._value(key)
        if isinstance(found, dict):
            return [self.under(key)]
        return [self._element(key, index, one) for index, one in enumerate(self._list(key, found))]

    def texts(self, key: str) -> list[str]:
        """Texts of a list, or the only one; empty where it is missing."""
        found = self._value(key)
        if isinstance(found, str):
            return [found]
        several = [
            as_text(self._plain(one, f"{self.at(key)}[{index}]"))
            for index, one in enumerate(self._list(key, found))
        ]
        texts = [one for one in several if one is not None]
        if len(texts) != len(several):
            raise self._malformed(key, "a list of texts")
        return texts

    def count(self, key: str) -> int:
        """Length of a list, whose elements may be unknown; 0 where it is missing."""
        return len(self._list(key, self._value(key)))

    def document(self, key: str) -> Properties:
        """A JSON object that is kept as text, such as a policy; empty where it is missing."""
        found = self._value(key)
        if isinstance(found, str):
            try:
                found = json.loads(found) if found else None
            except ValueError:
                raise self._malformed(key, "a JSON document") from None
        return self._inside(key, _Found(found, self.is_secret(key)), "a JSON object")

    def names(self) -> list[str]:
        """Names of what is set."""
        return [key for key, value in self.raw.items() if value is not None]

    def is_secret(self, key: str) -> bool:
        """Whether the engine keeps the value as a secret."""
        return self._found(key).hidden

    def shown(self, key: str) -> str:
        """The value as a message may show it: no secret, no more than fits."""
        found = self._found(key)
        return "[secret]" if found.hidden else shown(found.value)

    def at(self, key: str) -> str:
        """Path of `key` from the resource down."""
        return f"{self.path}.{key}" if self.path else key

    def _found(self, key: str) -> _Found:
        here = _Found(self.raw, self.hidden)
        for part in [key] if key in self.raw else key.split("."):
            above = _only(here)
            if not isinstance(above.value, Mapping):
                return _Found(above.value if is_unknown(above.value) else None, above.hidden)
            below = cast("Mapping[str, Any]", above.value).get(part)
            here = _Found(below, above.hidden or is_secret(below))
        return here

    def _value(self, key: str) -> Any:
        return self._plain(self._found(key).value, self.at(key))

    def _plain(self, found: Any, path: str) -> Any:
        value = unwrapped(found)
        if is_unknown(value):
            raise Unknown(path)
        return value

    def _typed(
        self, key: str, found: Any, kind: type[Kind] | tuple[type[Kind], ...], wanted: str
    ) -> Kind | None:
        if found is None or isinstance(found, kind):
            return found
        raise self._malformed(key, wanted)

    def _malformed(self, key: str, wanted: str) -> Malformed:
        return Malformed(self.at(key), self.shown(key), wanted)

    def _list(self, key: str, found: Any) -> list[Any]:
        if found is None or isinstance(found, list):
            return cast("list[Any]", found or [])
        raise self._malformed(key, "a list")

    def _inside(self, key: str, found: _Found, wanted: str) -> Properties:
        if found.value is None or isinstance(found.value, dict):
            known = cast("dict[str, Any]", found.value or {})
            return Properties(known, self.at(key), found.hidden)
        raise self._malformed(key, wanted)

    def _element(self, key: str, index: int, found: Any) -> Properties:
        path = f"{self.at(key)}[{index}]"
        hidden = self._found(key).hidden or is_secret(found)
        value = self._plain(found, path)
        if not isinstance(value, dict):
            raise Malformed(path, "[secret]" if hidden else shown(value), "an object")
        return Properties(cast("dict[str, Any]", value), path, hidden)


@dataclass(frozen=True)
class _Found:
    value: Any
    hidden: bool


def _only(found: _Found) -> _Found:
    """What a secret holds, and a list of one: providers have blocks as lists."""
    value = unwrapped(found.value)
    if not isinstance(value, list) or len(cast("list[Any]", value)) != 1:
        return _Found(value, found.hidden)
    (only,) = cast("list[Any]", value)
    return _Found(unwrapped(only), found.hidden or is_secret(only))


def as_text(found: Any) -> str | None:
    """A text, number or boolean as text; None for an object or a list."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, float):
        return str(int(found)) if found.is_integer() else str(found)
    return str(found) if isinstance(found, str | int) else None


def is_secret(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether the engine wrapped `value` as a secret."""
    return isinstance(value, Mapping) and cast("Mapping[str, Any]", value).get(SIGNATURE) == SECRET


def is_unknown(value: Any) -> bool:
    """Whether a preview cannot know `value`."""
    return isinstance(value, str) and value in UNKNOWNS


def unwrapped(value: Any) -> Any:
    """What a secret holds, for comparing only; of an encrypted one, that it is unknown."""
    while is_secret(value):
        if "value" in value:
            value = value["value"]
        elif isinstance(value.get("plaintext"), str):
            value = json.loads(value["plaintext"])
        else:
            return UNKNOWN
    return value


def shown(value: Any) -> str:
    """A value for a message. A secret, also one inside of it, is never shown."""
    if value is None:
        return "nothing"
    if is_unknown(value):
        return "[unknown before up]"
    if is_secret(value):
        return "[secret]"
    text = json.dumps(_masked(value), default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _masked(value: Any) -> Any:
    if is_secret(value):
        return "[secret]"
    if isinstance(value, Mapping):
        known = cast("Mapping[str, Any]", value)
        return {key: _masked(below) for key, below in known.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_masked(below) for below in cast("Sequence[Any]", value)]
    return value

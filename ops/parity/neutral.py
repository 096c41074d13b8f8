"""A stack's inputs without what must differ between two regions.

What came from another resource becomes a reference to it by name, as the engine recorded it;
the stack's own region, prefix, environment and addresses become words for them; JSON in a text
becomes its value, so that a policy is compared statement by statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any, cast

from ops.parity.state import Resource, State, Value

SIGNATURE = "4dabf18193072939515e22adb298388d"
SEALED = "1b47061264138c4ac30d75fd1eb44270"
SHORTEST = 6
"""A shorter output is no identity: `true` or `3` stands everywhere."""
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\d.])")
_IDENTITY = re.compile(r"^[0-9a-f]{12}:")


@dataclass(frozen=True)
class Words:
    """What stands for a stack's own facts."""

    state: State
    other: State

    def neutral(self, text: str) -> str:
        """`text` with words in place of facts."""
        own, there = self.state.told, self.other.told
        for fact, word in (
            (own.prefix, "<prefix>"),
            (there.prefix, "<other prefix>"),
            (own.region, "<region>"),
            (there.region, "<other region>"),
        ):
            text = text.replace(fact, word)
        text = re.sub(rf"\b{re.escape(own.environment)}\b", "<environment>", text)
        return _ADDRESS.sub(self._address, _IDENTITY.sub("<id>:", text))

    def _address(self, found: re.Match[str]) -> str:
        text = found.group()
        try:
            block = IPv4Network(text, strict=False)
        except (AddressValueError, NetmaskValueError, ValueError):
            return text
        for name, network in (
            ("network", self.state.network),
            ("other network", self.other.network),
        ):
            if block.subnet_of(network):
                start = IPv4Address(text.partition("/")[0])
                offset = int(start) - int(network.network_address)
                return f"<{name}+{offset}>{text[len(str(start)) :]}"
        return text


def neutral_inputs(resource: Resource, words: Words) -> dict[str, Value]:
    """The resource's inputs in words that both stacks share."""
    made: dict[str, Value] = {}
    for key, value in resource.inputs.items():
        if not key.startswith("__"):
            needed = resource.property_dependencies.get(key) or []
            made[key] = _neutral(value, _references(needed, words.state), words)
    return made


def _neutral(value: Value, references: Mapping[str, str], words: Words) -> Value:
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        if parts.get(SIGNATURE) == SEALED:
            return "<secret>"
        return {
            words.neutral(key): _neutral(part, references, words) for key, part in parts.items()
        }
    if isinstance(value, list):
        return [_neutral(part, references, words) for part in cast("list[Any]", value)]
    if not isinstance(value, str):
        return value
    inner = _json(value)
    if inner is not None:
        return _neutral(inner, references, words)
    return words.neutral(_referring(value, references))


def _json(text: str) -> Value:
    """The value of a text that is a JSON object or list, else None."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _referring(text: str, references: Mapping[str, str]) -> str:
    for value, name in references.items():
        if value in text:
            text = text.replace(value, name)
    return text


def _references(urns: list[str], state: State) -> dict[str, str]:
    """Outputs of what a property depends on → the name of each; the longest first, since a name
    may be a part of an ARN."""
    found: dict[str, str] = {}
    for urn in sorted(urns):
        one = state.by_urn.get(urn)
        if one is not None:
            for path, value in _identities(one):
                found.setdefault(value, f"<{one.name}.{path}>")
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _identities(one: Resource) -> Iterator[tuple[str, str]]:
    yield from _texts({"id": one.id, **one.outputs}, "")


def _texts(value: Value, path: str) -> Iterator[tuple[str, str]]:
    """Texts that only this resource has: not those of its inputs, which its kind may share."""
    if isinstance(value, dict):
        for key, part in cast("dict[str, Any]", value).items():
            yield from _texts(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, part in enumerate(cast("list[Any]", value)):
            yield from _texts(part, f"{path}[{place}]")
    elif isinstance(value, str) and len(value) >= SHORTEST and any(c.isdigit() for c in value):
        yield path, value

"""The `random` plugin: three types, of which nothing exists outside the state."""

from __future__ import annotations

import base64
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.providers.plugin import (
    Changes,
    Checked,
    Failure,
    Found,
    Plugin,
    PluginError,
    Subject,
)
from rehearsal.providers.random import texts
from rehearsal.providers.wire import Props, has_unknown, is_unknown

PROVIDER_SETTINGS = frozenset({"version"})


class _Kind(ABC):
    """One type: what it takes, and the values made of it. Every input replaces."""

    inputs: frozenset[str]
    required: frozenset[str]
    defaults: Mapping[str, Any] = {}

    @abstractmethod
    def wrong(self, props: Props) -> Sequence[Failure]: ...

    @abstractmethod
    def make(self, props: Props) -> Found: ...

    @abstractmethod
    def known(self, id_: str) -> Props:
        """The outputs of an imported value."""


class _Text(_Kind):
    """A string; a password is one whose ID does not give it away. Its bcrypt hash, of no use
    to the platform, is not made."""

    inputs = texts.INPUTS
    required = frozenset({"length"})
    defaults = texts.DEFAULTS

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden

    def wrong(self, props: Props) -> Sequence[Failure]:
        return texts.wrong(props)

    def make(self, props: Props) -> Found:
        result = texts.text(props)
        return Found("none" if self._hidden else result, {"result": result})

    def known(self, id_: str) -> Props:
        return {"result": id_}


class _Id(_Kind):
    """So many random bytes, in several notations, each with the prefix before it."""

    inputs = frozenset({"byteLength", "keepers", "prefix"})
    required = frozenset({"byteLength"})

    def wrong(self, props: Props) -> Sequence[Failure]:
        length = props["byteLength"]
        if is_unknown(length) or length >= 1:
            return ()
        return [Failure("byteLength", f"{length} given, at least 1 expected")]

    def make(self, props: Props) -> Found:
        value = secrets.token_bytes(props["byteLength"])
        url = base64.urlsafe_b64encode(value).decode().rstrip("=")
        return Found(url, self._notations(value, props.get("prefix") or ""))

    def known(self, id_: str) -> Props:
        prefix, _, url = id_.rpartition(",")
        value = base64.urlsafe_b64decode(url + "=" * (-len(url) % 4))
        return self._notations(value, prefix)

    def _notations(self, value: bytes, prefix: str) -> Props:
        url = base64.urlsafe_b64encode(value).decode().rstrip("=")
        return {
            "b64Std": prefix + base64.b64encode(value).decode(),
            "b64Url": prefix + url,
            "dec": f"{prefix}{int.from_bytes(value)}",
            "hex": prefix + value.hex(),
        }


_KINDS: Mapping[str, _Kind] = {
    "random:index/randomId:RandomId": _Id(),
    "random:index/randomPassword:RandomPassword": _Text(hidden=True),
    "random:index/randomString:RandomString": _Text(hidden=False),
}


class RandomProvider(Plugin):
    """The simulated `random` package. A type that it does not know is an error."""

    def check_config(self, args: Props) -> Sequence[Failure]:
        """It has no settings; the engine's own `__` keys aside."""
        unknown = [key for key in args if key not in PROVIDER_SETTINGS and key[:2] != "__"]
        return [Failure(key, "the simulated provider knows no settings") for key in unknown]

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        kind = _kind(subject)
        inputs = {**kind.defaults, **news}
        failures = [
            Failure(key, f"the simulated {subject.type} does not honour this property")
            for key in inputs.keys() - kind.inputs - {"__defaults"}
        ]
        failures += [
            Failure(key, f"{subject.type} needs this property")
            for key in kind.required - inputs.keys()
        ]
        return Checked(inputs, failures or kind.wrong(inputs))

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        """Any change makes another value."""
        changed = [
            key
            for key in sorted({*olds, *news} - {"__defaults"})
            if has_unknown(news.get(key)) or olds.get(key) != news.get(key)
        ]
        return Changes(changed, changed)

    def create(self, subject: Subject, props: Props) -> Found:
        made = _kind(subject).make(props)
        return Found(made.id, {**props, **made.outputs}, props)

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        """What the state says: there is nowhere else to look."""
        outputs = subject.outputs or _kind(subject).known(id_)
        return Found(id_, outputs, inputs)

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        raise PluginError(f"{subject.type} {subject.name}: a random value is never changed")

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        """Nothing exists outside the state."""


def _kind(subject: Subject) -> _Kind:
    found = _KINDS.get(subject.type)
    if found is None:
        raise PluginError(
            f"{subject.type}: the simulated provider does not know this resource type; "
            f"it knows {', '.join(sorted(_KINDS))}"
        )
    return found

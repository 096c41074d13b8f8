"""The life of one resource, told as data: what it is made of, what is changed, how the change
shows through boto3, and what somebody does behind the provider's back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.plugin import Found, HalfMade, PluginError, Subject
from rehearsal.providers.wire import Props, is_list, is_object
from tests.rehearsal.providers.aws.account import Account

Look = Callable[[Account, str], Any]
Meddle = Callable[[Account, str], object]


@dataclass(frozen=True, kw_only=True)
class Life:
    """Values such as `{role}` stand for a prerequisite of `Account`, `{before.x.id}` for
    an output of the resource `x` in `before`."""

    token: str
    props: Mapping[str, Any]
    change: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Properties of the second deployment that differ; empty for a type that only replaces."""
    look: Look | None = None
    """What boto3 shows after the change, given the account and the ID."""
    shows: Any = None
    """What `look` must return then."""
    meddle: Meddle | None = None
    """A change, or the deletion, through boto3."""
    before: Mapping[str, tuple[str, Mapping[str, Any]]] = field(
        default_factory=dict[str, tuple[str, Mapping[str, Any]]]
    )
    """Resources made first: name → token and properties."""
    stays: bool = False
    """AWS lets nobody delete it: after the deletion it is still there."""
    awaits: str = ""
    """Operation that the simulated cloud lacks: until it is there, the life must fail."""
    undo: Sequence[str] = ()
    """Properties to unset before the deletion (a protection against it)."""


@dataclass
class Made:
    """A resource as the engine would record it."""

    subject: Subject
    inputs: Props
    found: Found
    undo: Sequence[str] = ()


@dataclass
class Living:
    """Resources in the account, made and changed as deployments would, by name."""

    provider: AwsProvider
    account: Account
    made: dict[str, Made] = field(default_factory=dict[str, Made])

    def make(self, token: str, props: Mapping[str, Any], name: str = "it") -> Made:
        """Make one; `props` may hold `{…}` words as in a `Life`."""
        inputs = self._checked(token, name, self._filled(props), {})
        try:
            found = self.provider.create(Subject(token, name), inputs)
        except HalfMade as half:
            self.made[name] = Made(Subject(token, name), inputs, half.found)
            raise
        self.made[name] = Made(Subject(token, name, outputs=found.outputs), inputs, found)
        return self.made[name]

    def begin(self, life: Life) -> Made:
        """Make the resource and what it needs."""
        for name, (token, props) in life.before.items():
            self.make(token, props, name)
        made = self.make(life.token, life.props)
        made.undo = life.undo
        return made

    def refreshed(self, name: str = "it") -> Found | None:
        """What the provider reads now."""
        made = self.made[name]
        return self.provider.read(made.subject, made.found.id, made.inputs)

    def deploy(self, change: Mapping[str, Any], name: str = "it") -> None:
        """Change properties as a second deployment would; None takes a property away."""
        made = self.made[name]
        wanted = {**made.inputs, **self._filled(change)}
        given = {key: value for key, value in wanted.items() if value is not None}
        news = self._checked(made.subject.type, name, given, made.inputs)
        changes = self.provider.diff(made.subject, made.inputs, news)
        assert set(changes.changed) <= set(change)
        assert not changes.replaces
        found = self.provider.update(made.subject, made.found.id, made.inputs, news)
        subject = Subject(made.subject.type, name, outputs=found.outputs)
        self.made[name] = Made(subject, news, found)

    def delete(self, name: str = "it") -> None:
        """Delete one, as the engine would: with its recorded outputs."""
        made = self.made[name]
        self.provider.delete(made.subject, made.found.id, made.found.outputs)

    def clear(self) -> None:
        """Delete whatever is left, the last first; what refuses stays."""
        for name, made in reversed(self.made.items()):
            with contextlib.suppress(PluginError):
                if made.undo:
                    self.deploy(dict.fromkeys(made.undo), name)
                self.delete(name)

    def _checked(self, token: str, name: str, props: Props, olds: Props) -> Props:
        checked = self.provider.check(Subject(token, name, seed=b"12345"), props, olds)
        assert not checked.failures
        return checked.inputs

    def _filled(self, template: Any) -> Any:
        if is_object(template):
            return {key: self._filled(part) for key, part in template.items()}
        if is_list(template):
            return [self._filled(part) for part in template]
        if isinstance(template, str) and template.startswith("{before."):
            _, name, *path = template[1:-1].split(".")
            found = self.made[name].found
            return found.id if path == ["id"] else _at(found.outputs, path)
        return self.account.filled(template)


def _at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        value = value[int(part)] if part.isdigit() else value[part]
    return value

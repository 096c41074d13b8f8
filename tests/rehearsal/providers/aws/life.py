"""The life of one resource, told as data: what it is made of, what is changed, how the change
shows through boto3, and what somebody does behind the provider's back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.plugin import Found, Subject
from rehearsal.providers.wire import Props
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
    undo: Sequence[str] = ()
    """Properties to unset before the deletion (a protection against it)."""


@dataclass
class Living:
    """One `Life` being lived through the provider."""

    life: Life
    provider: AwsProvider
    account: Account
    made: dict[str, Found] = field(default_factory=dict[str, Found])
    inputs: Props = field(default_factory=dict[str, object])

    def begin(self) -> Found:
        """Make the prerequisites and the resource."""
        for name, (token, props) in self.life.before.items():
            self.made[name] = self._create(token, name, self._filled(props))
        self.inputs = self._checked(self.life.token, "it", self._filled(self.life.props))
        self.made["it"] = self.provider.create(self.subject, self.inputs)
        return self.made["it"]

    @property
    def subject(self) -> Subject:
        made = self.made.get("it")
        return Subject(self.life.token, "it", outputs=made.outputs if made else {})

    @property
    def id(self) -> str:
        return self.made["it"].id

    def refreshed(self) -> Found | None:
        """What the provider reads now."""
        return self.provider.read(self.subject, self.id, self.inputs)

    def deploy(self, change: Mapping[str, Any]) -> None:
        """Change properties as a second deployment would; None takes a property away."""
        wanted = {**self.inputs, **self._filled(change)}
        news = self._checked(
            self.life.token, "it", {k: v for k, v in wanted.items() if v is not None}
        )
        changes = self.provider.diff(self.subject, self.inputs, news)
        assert sorted(changes.changed) == sorted(change)
        assert not changes.replaces
        self.made["it"] = self.provider.update(self.subject, self.id, self.inputs, news)
        self.inputs = news

    def end(self) -> None:
        """Delete the resource."""
        self.provider.delete(self.subject, self.id, self.made["it"].outputs | self.inputs)

    def _create(self, token: str, name: str, props: Props) -> Found:
        return self.provider.create(Subject(token, name), self._checked(token, name, props))

    def _checked(self, token: str, name: str, props: Props) -> Props:
        checked = self.provider.check(Subject(token, name, seed=b"12345"), props, self.inputs)
        assert not checked.failures
        return checked.inputs

    def _filled(self, template: Any) -> Any:
        if isinstance(template, Mapping):
            return {key: self._filled(part) for key, part in template.items()}
        if isinstance(template, (list, tuple)):
            return [self._filled(part) for part in template]
        if isinstance(template, str) and template.startswith("{before."):
            _, name, output = template[1:-1].split(".")
            return self.made[name].id if output == "id" else self.made[name].outputs[output]
        return self.account.filled(template)

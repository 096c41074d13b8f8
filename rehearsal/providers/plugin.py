"""A provider in plain Python: what a plugin answers, without protobuf. `servicer` puts it
on the wire."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from rehearsal.providers.wire import Props


@dataclass(frozen=True)
class Failure:
    """One wrong property: the engine prints its name and the reason."""

    prop: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """Properties with defaults filled in, or what is wrong with them."""

    inputs: Props
    failures: Sequence[Failure] = ()


@dataclass(frozen=True)
class Changes:
    """Which properties differ, and which of them AWS cannot change in place."""

    changed: Sequence[str] = ()
    replaces: Sequence[str] = ()
    delete_before_replace: bool = False


@dataclass(frozen=True)
class Subject:
    """The resource that a call is about."""

    type: str
    name: str
    urn: str = ""
    seed: bytes = b""
    """Random bytes that stay the same when the same check is made again."""
    outputs: Props = field(default_factory=dict[str, object])
    """At a read or an update: the state that the engine has recorded."""


@dataclass(frozen=True)
class Found:
    """A resource as it is: its ID, its state and the inputs that would make it so."""

    id: str
    outputs: Props
    inputs: Props = field(default_factory=dict[str, object])


class PluginError(Exception):
    """A call that is refused: the message is shown to the user as it stands."""


class HalfMade(PluginError):
    """The resource exists, but could not be settled; the engine must keep it."""

    def __init__(self, found: Found, reason: str) -> None:
        super().__init__(reason)
        self.found = found


class Plugin(ABC):
    """A provider. Properties are plain values; an unknown is `wire.UNKNOWN`."""

    def check_config(self, args: Props) -> Sequence[Failure]:
        """What is wrong with the provider's own settings."""
        return ()

    def configure(self, args: Props) -> None:
        """Take the provider's settings. Raises PluginError when they do not fit."""

    @abstractmethod
    def check(self, subject: Subject, news: Props, olds: Props) -> Checked: ...

    @abstractmethod
    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes: ...

    @abstractmethod
    def create(self, subject: Subject, props: Props) -> Found: ...

    @abstractmethod
    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None: ...

    @abstractmethod
    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found: ...

    @abstractmethod
    def delete(self, subject: Subject, id_: str, props: Props) -> None: ...

    def invoke(self, token: str, args: Props) -> Props:
        """Result of the function `token`."""
        raise PluginError(f"the simulated provider has no function {token}")

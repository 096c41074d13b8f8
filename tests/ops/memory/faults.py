"""Things that go wrong at a verb: before it is carried out, or after, with no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ops.errors import Refused, Retryable, UnknownOutcome

Kind = Literal["error", "refusal", "timeout", "kill"]
Moment = Literal["before", "after"]


class Killed(BaseException):
    """The process is gone: nothing that runs after it may catch this."""


class Wrote(AssertionError):
    """A verb was called where only looking is allowed."""


@dataclass
class Faults:
    """The one fault that is in force, and which verbs were called."""

    kind: Kind | None = None
    moment: Moment = "before"
    verb: int = 0
    """Which call of a verb it hits, counted from one."""
    calls: list[str] = field(default_factory=list[str])
    sealed: bool = False
    """Whether any verb is a failure of the test."""

    def around(self, name: str, call: Callable[..., object], *args: Any, **more: Any) -> object:
        """The verb, with what goes wrong at it."""
        if self.sealed:
            raise Wrote(name)
        self.calls.append(name)
        hit = self.kind is not None and len(self.calls) == self.verb
        if hit and self.moment == "before":
            self._strike(name)
        answer = call(*args, **more)
        if hit and self.moment == "after":
            self._strike(name)
        return answer

    def _strike(self, name: str) -> None:
        kind = self.kind
        self.kind = None
        if kind == "kill":
            raise Killed(name)
        if kind == "timeout":
            raise UnknownOutcome(f"{name}: no answer")
        if kind == "refusal":
            raise Refused(f"{name}: refused")
        raise Retryable(f"{name}: throttled")


class Part:
    """A part of the world whose verbs can fail. `reads` names those of its methods that are no
    verbs; with `faults` None there are no others."""

    def __init__(self, part: object, name: str, reads: type, faults: Faults | None) -> None:
        self._part, self._name, self._faults = part, name, faults
        self._reads = {each for each in dir(reads) if not each.startswith("_")}

    def __getattr__(self, method: str) -> Any:
        found = cast("Callable[..., object]", getattr(self._part, method))
        if method in self._reads:
            return found
        if self._faults is None:
            raise Wrote(f"{self._name}.{method} asked of what can only be read")
        faults, name = self._faults, f"{self._name}.{method}"

        def verb(*args: Any, **more: Any) -> object:
            return faults.around(name, found, *args, **more)

        return verb

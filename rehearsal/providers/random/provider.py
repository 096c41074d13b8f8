"""The `random` plugin. A value is drawn at creation and lives in the stack's state alone."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping

from rehearsal.providers.plugin import (
    Changes,
    Checked,
    Failure,
    Found,
    Plugin,
    PluginError,
    Subject,
)
from rehearsal.providers.wire import Props, has_unknown

PASSWORD = "random:index/randomPassword:RandomPassword"
SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
CLASSES: Mapping[str, str] = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": SPECIAL,
}
"""Kinds of characters, each switched by a property of its name and at least `min<Name>` of it."""
INPUTS = frozenset(
    {"length", "overrideSpecial", "keepers", *CLASSES, *(f"min{key.title()}" for key in CLASSES)}
)


class RandomProvider(Plugin):
    """Knows passwords. Any changed property asks for a new one."""

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        if subject.type != PASSWORD:
            raise PluginError(
                f"{subject.type}: the simulated random provider knows only {PASSWORD}"
            )
        told = "the simulated RandomPassword does not honour this property"
        failures = [Failure(key, told) for key in news if key not in INPUTS]
        if "length" not in news:
            failures.append(Failure("length", "a password needs one, in characters"))
        elif not has_unknown(news) and _needed(news) > news["length"]:
            failures.append(
                Failure(
                    "length", f"expected at least the {_needed(news)} that the minimums add up to"
                )
            )
        return Checked(news, failures)

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        changed = [key for key in sorted({*olds, *news}) if olds.get(key) != news.get(key)]
        return Changes(changed, replaces=changed)

    def create(self, subject: Subject, props: Props) -> Found:
        return Found("none", {**props, "result": password(props)}, props)

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        """The state is the only place where the value is."""
        return Found(id_, dict(subject.outputs), inputs)

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        raise PluginError(f"{subject.type}: a password is never changed in place")

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        """Nothing was made outside the state."""


def password(props: Props) -> str:
    """A password with the asked length and kinds of characters, drawn by `secrets`."""
    alphabets = _alphabets(props)
    drawn = [
        secrets.choice(letters)
        for key, letters in alphabets.items()
        for _ in range(int(props.get(f"min{key.title()}") or 0))
    ]
    every = "".join(alphabets.values())
    drawn += [secrets.choice(every) for _ in range(int(props["length"]) - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _alphabets(props: Props) -> Mapping[str, str]:
    chosen = {key: letters for key, letters in CLASSES.items() if props.get(key, True)}
    if "special" in chosen and props.get("overrideSpecial"):
        chosen["special"] = str(props["overrideSpecial"])
    if not chosen:
        raise PluginError("lower, upper, numeric, special: at least one expected to be true")
    return chosen


def _needed(props: Props) -> int:
    return sum(int(props.get(f"min{key.title()}") or 0) for key in CLASSES)

"""Random texts: so many characters, at least some of each kind. Passwords and strings differ
only in who may see them."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom

from rehearsal.providers.plugin import Failure
from rehearsal.providers.wire import Props, is_unknown

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""What the official provider calls special, unless `overrideSpecial` names others."""
DEFAULTS: Props = {
    **dict.fromkeys(("lower", "numeric", "special", "upper"), True),
    **dict.fromkeys(("minLower", "minNumeric", "minSpecial", "minUpper"), 0),
}
INPUTS = frozenset({*DEFAULTS, "keepers", "length", "overrideSpecial"})


@dataclass(frozen=True)
class Alphabet:
    """One kind of characters: whether it is used, and how many at least."""

    name: str
    letters: str
    used: bool
    least: int


def wrong(props: Props) -> Sequence[Failure]:
    """Why no text can be made of `props`."""
    if any(is_unknown(value) for value in props.values()):
        return ()
    failures = [
        Failure(_least(kind.name), f"{kind.least} wanted, but {kind.name} is off: switch it on")
        for kind in _alphabets(props)
        if kind.least and not kind.used
    ]
    least = sum(kind.least for kind in _alphabets(props))
    if props["length"] < max(1, least):
        wanted = f"at least {max(1, least)} (1, or the sum of the minimums)"
        failures.append(Failure("length", f"{props['length']} given, {wanted} expected"))
    if not any(kind.used and kind.letters for kind in _alphabets(props)):
        kinds = "lower, numeric, special, upper"
        failures.append(
            Failure("length", f"no characters to choose from: switch on one of {kinds}")
        )
    return failures


def text(props: Props) -> str:
    """A text as `props` asks for it, from the system's source of randomness."""
    alphabets = _alphabets(props)
    made = [secrets.choice(kind.letters) for kind in alphabets for _ in range(kind.least)]
    everything = "".join(kind.letters for kind in alphabets if kind.used)
    made += [secrets.choice(everything) for _ in range(props["length"] - len(made))]
    SystemRandom().shuffle(made)
    return "".join(made)


def _alphabets(props: Props) -> Sequence[Alphabet]:
    letters = {
        "lower": string.ascii_lowercase,
        "numeric": string.digits,
        "special": props.get("overrideSpecial") or SPECIAL,
        "upper": string.ascii_uppercase,
    }
    return [
        Alphabet(name, known, bool(props[name]), int(props[_least(name)]))
        for name, known in letters.items()
    ]


def _least(name: str) -> str:
    return f"min{name.capitalize()}"

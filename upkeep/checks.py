"""Checks as records, run one after the other: a line each, and what is wrong below it."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that the repository keeps true."""

    name: str
    problems: Callable[[], Iterator[str]]
    """What is wrong now, a line or a paragraph each; nothing when all is well."""
    fix: str
    """What to do about it."""


def failed_checks(
    checks: Iterable[Check],
    say: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> list[str]:
    """Run every check, even after one failed; return the names of those that did."""
    failed: list[str] = []
    for check in checks:
        began = clock()
        problems = _found(check)
        verdict = f"{len(problems)} wrong" if problems else "ok"
        say(f"{check.name:<16} {verdict}  ({clock() - began:.1f} s)")
        if problems:
            failed.append(check.name)
            say("\n".join([*problems, f"  → {check.fix}"]))
    return failed


def _found(check: Check) -> list[str]:
    try:
        return list(check.problems())
    except Exception as error:  # noqa: BLE001 - whatever it is, the other checks shall run
        return [f"could not be checked: {type(error).__name__}: {error}"]

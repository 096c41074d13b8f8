"""What a mutant of the pack must not survive: the cases of the rules, then the unit tests."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from policies.finding import Finding
from policies.judging import judge_pair, judge_resource, judge_stack
from policies.rule import ResourceRule, Rule
from tests.policies import test_rules
from tests.policies.cases import CASES
from tests.policies.mutation.apart import apart
from tests.policies.mutation.collected import passes
from tests.policies.scene import Case

SECONDS = 10.0
"""Processor time until a mutant that does not end counts as noticed."""
WAITED = 60.0
"""Time until one that waits for ever does."""
BESIDE = "test_repaired.py"
"""What a repair writes is tested apart from the cases."""
MARK = "__mutmut_"
"""Stands in the name of a mutant, and of what it is one of, behind the function's own."""
FOLDER = Path(__file__).parents[1]
BY_COMMAND = ("check", "manifests", "state")
"""Modules that are tested by the command that they are for too, and repair nothing."""


class Endless(BaseException):
    """A mutant did not end."""


@dataclass(frozen=True)
class Proof:
    """A case of a rule, or a unit test, and what it calls of the mutated module."""

    prove: Callable[[], None]
    calls: frozenset[str]


def proofs(rules: Sequence[Rule], tests: Sequence[pytest.Item], path: Path) -> list[Proof]:
    """The cases of `rules`, then the unit `tests`, with the functions that they call of the
    module at `path`. Fails where one of them fails."""
    every = [*_proofs(rules), *(partial(passes, one) for one in tests)]
    calls = apart(lambda: [_calls(prove, str(path)) for prove in every])
    return [Proof(prove, called) for prove, called in zip(every, calls, strict=True)]


def noticed(proving: Sequence[Proof], function: str) -> bool:
    """Whether a proof fails that calls the mutated `function`."""
    asked = [one for one in proving if function in one.calls]
    return apart(lambda: _fails(asked))


def _fails(proving: Sequence[Proof]) -> bool:
    try:
        with _in_time():
            for one in proving:
                one.prove()
    except (Exception, Endless):  # noqa: BLE001 - however it fails, it is noticed
        return True
    return False


@contextmanager
def _in_time() -> Generator[None]:
    timers = {
        signal.ITIMER_VIRTUAL: (signal.SIGVTALRM, SECONDS),
        signal.ITIMER_REAL: (signal.SIGALRM, WAITED),
    }
    for timer, (number, seconds) in timers.items():
        signal.signal(number, _end)
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)


def _calls(prove: Callable[[], None], path: str) -> frozenset[str]:
    found: set[str] = set()

    def see(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename == path and MARK in code.co_name:
            found.add(code.co_name.partition(MARK)[0])

    sys.setprofile(see)
    try:
        prove()
    finally:
        sys.setprofile(None)
    return frozenset(found)


def unit_tests(module: str) -> list[Path]:
    """Files with the tests of `module`, which a repair or a command may stand beside."""
    stem = module.rpartition(".")[2]
    named = [f"test_{stem}.py", "test_command.py" if stem in BY_COMMAND else BESIDE]
    return [file for name in named if (file := FOLDER / name).exists()]


def _proofs(rules: Sequence[Rule]) -> Iterator[Callable[[], None]]:
    for rule in rules:
        cases = CASES[rule.name]
        for case in cases.failing:
            yield lambda rule=rule, case=case: _failing(rule, case)
        for case in cases.passing:
            yield lambda rule=rule, case=case: test_rules.test_what_keeps_a_rule_is_let_pass(
                rule, case
            )
        yield lambda rule=rule: test_rules.test_what_a_preview_cannot_know_is_said_and_not_refused(
            rule, CASES[rule.name].unknown
        )
        if cases.secret:
            yield (
                lambda rule=rule, case=cases.secret: (
                    test_rules.test_a_secret_is_judged_and_not_shown(rule, case)
                )
            )
        if isinstance(rule, ResourceRule) and rule.repair:
            yield lambda rule=rule: test_rules.test_a_repair_mends_whatever_fails(rule)
            yield lambda rule=rule: test_rules.test_a_repair_leaves_what_passes_as_it_is(rule)


def _failing(rule: Rule, case: Case) -> None:
    test_rules.test_what_breaks_a_rule_is_found_where_it_does(rule, case)
    # What the words are is not judged, that they are words is.
    assert all(isinstance(one.found, str) for one in _found(rule, case))
    assert all(isinstance(one.wanted, str) for one in _found(rule, case))


def _found(rule: Rule, case: Case) -> Iterator[Finding]:
    stack = case.stack()
    for one in stack.subjects:
        yield from judge_resource([rule], one)
    yield from judge_stack([rule], stack)
    yield from judge_pair([rule], stack, case.other())


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise Endless

"""What a mutant of the pack must not survive: the cases of the rules, then the unit tests."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest

from policies.finding import Finding
from policies.judging import judge_pair, judge_resource, judge_stack
from policies.rule import ResourceRule, Rule
from tests.policies import test_rules
from tests.policies.cases import CASES
from tests.policies.scene import Case

SECONDS = 10.0
"""Processor time until a mutant that does not end counts as noticed."""
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
    """A case of a rule, or the unit tests, and what it calls of the mutated module."""

    prove: Callable[[], None]
    calls: frozenset[str]


def proofs(rules: Sequence[Rule], module: str, path: Path) -> list[Proof]:
    """The cases of `rules`, then the unit tests, with the functions that they call of the module
    at `path`. Fails where one of them fails."""
    cases = [Proof(prove, _calls(prove, str(path))) for prove in _proofs(rules)]
    files = [str(file) for file in _unit_tests(module.rpartition(".")[2]) if file.exists()]
    # In this process first: its children then have all that pytest imports.
    called = _calls(lambda: _pass(_run(files)), str(path))
    return [*cases, Proof(lambda: _pass(_run_apart(files)), called)]


def noticed(proving: Sequence[Proof], mutant: str) -> bool:
    """Whether a proof fails that calls the mutated function."""
    function = mutant.partition(MARK)[0]
    signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        for one in proving:
            if function in one.calls:
                one.prove()
    except (Exception, Endless):  # noqa: BLE001 - however it fails, it is noticed
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return False


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


def _pass(status: int) -> None:
    assert status == 0, "a unit test failed"


def _run(files: Sequence[str]) -> int:
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--timeout", "60"]
    return int(pytest.main([*options, *files]))


def _run_apart(files: Sequence[str]) -> int:
    """In a process of its own, which has the same mutant switched on."""
    child = os.fork()
    if child == 0:
        _silence()
        os._exit(_run(files))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _unit_tests(stem: str) -> Iterator[Path]:
    named = [f"test_{stem}.py", *(["test_command.py"] if stem in BY_COMMAND else [BESIDE])]
    yield from (FOLDER / name for name in named)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


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

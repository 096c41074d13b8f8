"""`python -m tests.policies.mutation [module ...]`: how many mutants of the pack are noticed.

Prints what survived and the score, which must be `LEAST` per cent; of all modules without names.
`--record` keeps the scores for `make bench`, which has no time to measure them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

from tests.policies.mutation.mutants import installed
from tests.policies.mutation.record import RECORD, ROOT, Score, file_of, keep

if TYPE_CHECKING:
    import pytest

    # At run time nobody may import the pack before a module of it is mutated.
    from policies.rule import Rule

LEAST = 90.0
"""Per cent of the mutants that must be noticed."""
BESIDE = frozenset({"catalogue", "command", "explanation"})
"""Modules beside the concerns that judge nothing."""


def main() -> int:
    """Exit status: 1 where the score is too low."""
    parser = argparse.ArgumentParser(prog="mutation", description="Mutate the policy pack.")
    parser.add_argument("module", nargs="*", help="for example policies.concerns.databases")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="modules at once")
    parser.add_argument("--alone", action="store_true", help="in this process, as JSON")
    chosen = parser.parse_args()
    if chosen.alone:
        print(json.dumps(asdict(score(chosen.module[0]))))
        return 0
    scores: list[Score] = []
    for one in scored(chosen.module or modules(), chosen.jobs):
        scores.append(one)
        print(
            f"{one.module}: {one.noticed} of {one.mutants}  {', '.join(one.survived)}", flush=True
        )
        if chosen.record:
            keep(one)
    print(f"mutation score: {percent(scores):.1f} % of {sum(one.mutants for one in scores)}")
    return 0 if percent(scores) >= LEAST else 1


def scored(names: Sequence[str], jobs: int | None = None) -> Iterator[Score]:
    """Of each module, `jobs` at once, as many as there are processors without a number."""
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        yield from pool.map(_apart, names)


def modules() -> list[str]:
    """Every concern, and what they share."""
    shared = sorted(one.stem for one in (ROOT / "policies").glob("[a-z]*.py"))
    concerns = sorted(one.stem for one in (ROOT / "policies" / "concerns").glob("[a-z]*.py"))
    judging = (name for name in shared if name not in BESIDE)
    return [
        *(f"policies.{name}" for name in judging),
        *(f"policies.concerns.{c}" for c in concerns),
    ]


def percent(scores: Sequence[Score]) -> float:
    """Share of the mutants that were noticed."""
    mutants = sum(one.mutants for one in scores)
    return 100 * sum(one.noticed for one in scores) / max(mutants, 1)


def score(name: str) -> Score:
    """Of one module, which must not have been imported yet."""
    path = ROOT / file_of(name)
    source = installed(name, path)
    module = importlib.import_module(name)
    from policies.catalogue import RULES
    from tests.policies.mutation.collected import collected
    from tests.policies.mutation.proving import unit_tests

    survived: list[str] = []

    def judge(tests: Sequence[pytest.Item]) -> None:
        rules = getattr(module, "RULES", RULES)
        survived.extend(_survivors(name, source.mutant_names, rules, tests))

    collected(unit_tests(name), judge)
    return Score(name, len(source.mutant_names), survived)


def _survivors(
    name: str, mutants: Sequence[str], rules: Sequence[Rule], tests: Sequence[pytest.Item]
) -> Iterator[str]:
    """Mutants of the module that neither the rules' cases nor the unit tests notice."""
    from mutmut.mutation.trampoline import set_mutant_under_test

    from tests.policies.mutation.proving import MARK, noticed, proofs

    set_mutant_under_test("")
    proving = proofs(rules, tests, ROOT / file_of(name))
    for mutant in mutants:
        set_mutant_under_test(f"{name}.{mutant}")
        if not noticed(proving, mutant.partition(MARK)[0]):
            yield mutant


def _apart(name: str) -> Score:
    """Of one module in a process of its own, so that nobody has imported it before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.policies.mutation", "--alone", name],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return Score(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())

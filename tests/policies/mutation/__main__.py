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

from tests.policies.mutation.mutants import installed
from tests.policies.mutation.record import RECORD, ROOT, Score, file_of, keep

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
    from mutmut.mutation.trampoline import set_mutant_under_test

    from policies.catalogue import RULES
    from tests.policies.mutation.proving import noticed, proofs

    set_mutant_under_test("")
    proving = proofs(getattr(module, "RULES", RULES), name, path)
    survived: list[str] = []
    for mutant in source.mutant_names:
        set_mutant_under_test(f"{name}.{mutant}")
        if not noticed(proving, mutant):
            survived.append(mutant)
    return Score(name, len(source.mutant_names), survived)


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

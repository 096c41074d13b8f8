"""Checks that a tool of the environment carries out: formatter, linter, types and layers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from upkeep.checks import Check

BIN = Path(sys.executable).parent
"""The environment's programs: those that requirements.lock pins, never others on PATH."""


def tool_checks(root: Path) -> tuple[Check, ...]:
    """The cheap ones first."""
    return (
        _check(root, "format", "ruff", "format", "--check", "--quiet", fix="make format"),
        _check(
            root, "lint", "ruff", "check", "--quiet", "--output-format=concise", fix="see above"
        ),
        _check(root, "layers", "lint-imports", "--no-logo", fix="see docs/architecture.md"),
        _check(root, "types", "basedpyright", fix="give it a type; nothing is ignored wholesale"),
    )


def _check(root: Path, name: str, program: str, *arguments: str, fix: str) -> Check:
    return Check(name=name, problems=_runs(root, program, *arguments), fix=fix)


def _runs(root: Path, program: str, *arguments: str) -> Callable[[], Iterator[str]]:
    def problems() -> Iterator[str]:
        done = subprocess.run(
            [BIN / program, *arguments], cwd=root, capture_output=True, text=True, check=False
        )
        if done.returncode:
            yield (done.stdout + done.stderr).strip()

    return problems

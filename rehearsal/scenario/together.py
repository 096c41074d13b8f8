"""What is only seen on the states of several stacks, asked by the commands that an operator and CI
use for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rehearsal.scenario.steps import Run
from rehearsal.scenario.verdict import Check, Verdict
from rehearsal.scenario.world import World, project_root

SHOWN = 600
"""Characters of what a command says that a check shows."""


def parity(primary: str) -> Run:
    """`mlops parity` of a standby with its primary."""

    def run(world: World, stack: str) -> Verdict:
        told = _asked(world, [primary, stack], "parity")
        name = f"{stack} differs from {primary} in what is allowed alone"
        return Verdict(stack, "parity", None, [told.check(name)])

    return run


def policies(world: World, stack: str) -> Verdict:
    """`mlops policy check` of every stack's state together with the others'."""
    told = _asked(world, sorted(world.states), "policy", "check")
    check = told.check("no mandatory rule about both regions is broken")
    return Verdict(stack, "policies together", None, [check])


class _Told:
    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text

    def check(self, name: str) -> Check:
        """Passed where the command ended well; its last words."""
        return Check(name, self.code == 0, self.text.strip()[-SHOWN:])


def _asked(world: World, stacks: Sequence[str], *command: str) -> _Told:
    files = [_exported(world, stack) for stack in stacks]
    states = [word for file in files for word in ("--state", str(file))]
    done = subprocess.run(
        [sys.executable, "-m", "ops.main", *command, *states],
        cwd=project_root(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return _Told(done.returncode, done.stdout + done.stderr)


def _exported(world: World, stack: str) -> Path:
    file = world.workspace.root / f"{stack}.state.json"
    file.write_text(json.dumps(world.states[stack]))
    return file

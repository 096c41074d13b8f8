"""The monthly drill of the standby, by the command that an operator types: it measures, and leaves
the region as it was."""

from __future__ import annotations

import re

from rehearsal.scenario.drill import Told, known, operated
from rehearsal.scenario.steps import Run
from rehearsal.scenario.verdict import Check, Drilled, Verdict
from rehearsal.scenario.world import World

SHOWN = 1500
_RTO = re.compile(r"^RTO (\d+) s of (\d+) s$", re.MULTILINE)
_RPO = re.compile(r"^RPO (\d+) s of (\d+) s$", re.MULTILINE)


def drilled(primary: str) -> Run:
    """`mlops drill --apply`, while `primary` is as it should be."""

    def run(world: World, stack: str) -> Verdict:
        drill = known(world, primary, stack)
        drill.items = before = world.items()
        # From here on what takes long takes its time by the clock.
        drill.site.advance(0)
        told = operated(world, drill, ["drill", "--stack", stack, "--apply", "--name", "rehearsed"])
        found = measured(told)
        fine = Check("both targets are kept", told.code == 0, told.text.strip()[-SHOWN:])
        figures = Check("it tells RTO and RPO", found is not None, told.text.strip()[-SHOWN:])
        changed = sorted(str(item) for item in before ^ world.items())
        same = Check("the account is as it was", not changed, ", ".join(changed) or "no change")
        return Verdict(stack, "drill", None, [fine, figures, same], drilled=found)

    return run


def measured(told: Told) -> Drilled | None:
    """The figures of a drill, from its last lines; None where it has none."""
    rto, rpo = _RTO.findall(told.text), _RPO.findall(told.text)
    if not rto or not rpo:
        return None
    return Drilled(
        rto=float(rto[-1][0]),
        rto_target=float(rto[-1][1]),
        rpo=float(rpo[-1][0]),
        rpo_target=float(rpo[-1][1]),
    )

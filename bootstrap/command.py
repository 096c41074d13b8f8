"""The setup command: the plan for this machine, carried out and told to a terminal."""

from pathlib import Path

from bootstrap.errors import SetupError
from bootstrap.machine import ThisMachine
from bootstrap.places import Places
from bootstrap.plan import control_plane_plan, plan
from bootstrap.steps import reach_all

PLANS = {"setup": plan, "control-plane": control_plane_plan}

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended, by the shells' convention."""


def run(wanted: str) -> int:
    """Set up the project (`setup`) or its `control-plane`.

    Exit status: 0 when everything is ready, 1 when a step failed, 130 when interrupted."""
    places = Places.of(Path(__file__).resolve().parents[1])
    try:
        reach_all(PLANS[wanted](ThisMachine(), places), say=_say)
    except SetupError as error:
        _say(f"{wanted}: {error}")
        return 1
    except KeyboardInterrupt:
        _say(f"{wanted}: interrupted; nothing half-made counts as done, run it again to go on")
        return INTERRUPTED
    return 0


def _say(line: str) -> None:
    print(line, flush=True)

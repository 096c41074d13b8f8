"""The steps of setup and of what the control-plane tests need, in their order."""

from bootstrap.control_plane import kubernetes_step
from bootstrap.debian_programs import PROGRAMS, program_step
from bootstrap.environment import packages_step, project_step
from bootstrap.machine import Machine
from bootstrap.places import Places
from bootstrap.pulumi_cli import pulumi_step
from bootstrap.steps import Step
from bootstrap.uv_tool import uv_step


def plan(machine: Machine, places: Places) -> tuple[Step, ...]:
    """uv first, since the environment is built with it; the CLI last, since it takes longest."""
    return (
        uv_step(machine, places),
        packages_step(machine, places),
        project_step(machine, places),
        pulumi_step(machine, places),
    )


def control_plane_plan(machine: Machine, places: Places) -> tuple[Step, ...]:
    """What the `control_plane` tests need: quick ones first, the build last."""
    programs = (program_step(machine, places, program) for program in PROGRAMS)
    return (*programs, kubernetes_step(machine, places))

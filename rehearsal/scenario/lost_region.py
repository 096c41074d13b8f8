"""A region is lost: the standby takes over by the operator's own command, is declared the primary
while the other is away, and the returned region stays closed.

No step may need the lost region, nor what is controlled through it: each call that did is refused
by the simulated cloud, and told with who made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from catalog.control_planes import GLOBAL_SERVICES
from catalog.timings import seconds
from rehearsal.scenario import steps
from rehearsal.scenario.account import OURS, UNAVAILABLE, Call
from rehearsal.scenario.drill import (
    Drill,
    Told,
    journalled,
    known,
    lost,
    operated,
    step_seconds,
)
from rehearsal.scenario.steps import Run
from rehearsal.scenario.verdict import Check, Recovery, Verdict, kept_policies, succeeded, unchanged
from rehearsal.scenario.world import World

NOTICE = seconds("runbook", "notice", "loss")
SOFTWARE_SECONDS = 60.0
"""At most, of a failover's own steps."""
DECLARING = {"refresh": "refresh", "deployment": "deploy"}
"""Steps of the runbook in which the engine works, and how the catalogue calls their times."""
SHOWN = 1500
_RTO = re.compile(r"RTO (\d+) s of (\d+) s")
_SOFTWARE = re.compile(r"software ([\d.]+) s")
_RPO = re.compile(r"RPO (\d+|unknown)(?: s)? of (\d+) s")


def lose(standby: str) -> Run:
    """The primary's region answers no more, nor does what is controlled through it."""

    def run(world: World, stack: str) -> Verdict:
        drill = known(world, stack, standby)
        # What the agents of the primary write last, before they are gone.
        drill.site.agents.look()
        _see_nodes(world, drill)
        drill.lost_at = drill.control.now()
        drill.control.lose(drill.region)
        drill.site.agents.look()
        drill.control.advance(NOTICE.slow)
        checks = [_silent(world, drill), _uncontrolled(world), led_to(world, drill, drill.region)]
        return Verdict(stack, "region lost", None, checks)

    return run


def plan_failover(world: World, stack: str) -> Verdict:
    """`mlops failover` without `--apply`: it would be let begin, and writes nothing."""
    drill = lost(world)
    mark = world.last_call()
    told = operated(world, drill, _command(drill))
    writes = [call for call in _others(world, mark) if call.writes]
    quiet = Check("no call that writes", not writes, _named(writes))
    fine = Check("it would be let begin", told.code == 0, told.text.strip()[-SHOWN:])
    return Verdict(stack, "failover, planned", None, [fine, quiet, *_stayed(world, drill, mark)])


def fail_over(world: World, stack: str) -> Verdict:
    """`mlops failover --apply`, by the command that an operator types."""
    drill = lost(world)
    mark, command = world.last_call(), [*_command(drill), "--apply", *_confirmed(world)]
    noted = len(journalled(drill.journal))
    told = operated(world, drill, command)
    done = Check("the runbook ends well", told.code == 0, told.text.strip()[-SHOWN:])
    checks = [done, *_stayed(world, drill, mark)]
    if not done.passed:
        return Verdict(stack, "failover", None, checks)
    found = recovery(drill, told, noted)
    checks += [*_within(found), *_moved(world, drill), _twice(world, drill, command)]
    world.states[stack] = world.stacks[stack].export()
    return Verdict(stack, "failover", None, checks, recovery=found)


def declared(world: World, stack: str) -> Verdict:
    """A second `up` of the new primary, while the other region is away: nothing is left to do."""
    drill, mark = lost(world), world.last_call()
    outcome = world.stacks[stack].up(world.watch)
    checks = [succeeded(outcome), unchanged(outcome), kept_policies(outcome)]
    return Verdict(stack, "up again, region lost", outcome, [*checks, *_stayed(world, drill, mark)])


def come_back(world: World, stack: str) -> Verdict:
    """The lost region answers again, as it was; nothing turns to it by itself."""
    drill = lost(world)
    drill.control.restore()
    drill.control.advance(NOTICE.slow)
    checks = [led_to(world, drill, drill.refuge), closed(drill, drill.region)]
    return Verdict(stack, "region returned", None, checks)


def stay_closed(world: World, stack: str) -> Verdict:
    """A `pulumi up` of the former primary reopens nothing: neither fence nor names move."""
    drill = lost(world)
    before = fence_record(world, drill)
    verdict = steps.deploy_again("up, region returned")(world, stack)
    after = fence_record(world, drill)
    same = Check("the fence is as it was", before == after, f"epoch {after.get('epoch')}")
    stayed = [same, led_to(world, drill, drill.refuge), closed(drill, drill.region)]
    return replace(verdict, checks=[*verdict.checks, *stayed])


def _command(drill: Drill) -> list[str]:
    return ["failover", "--stack", drill.standby, "--journal", str(drill.journal)]


def _confirmed(world: World) -> list[str]:
    """The name that the operator types: the database that is promoted."""
    drill = lost(world)
    rds = world.account.client("rds", drill.refuge)
    generation = world.settings(drill.standby)["data_generation"]
    names = [each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]]
    (name,) = [each for each in names if each.endswith(f"-g{generation}")]
    return ["--confirm", name]


def _see_nodes(world: World, drill: Drill) -> None:
    for cluster in world.account.client("eks", drill.refuge).list_clusters()["clusters"]:
        drill.site.clusters.see(drill.refuge, cluster)


def fence_record(world: World, drill: Drill) -> dict[str, object]:
    """The fence's record, as the standby's region has it."""
    client = world.account.client("dynamodb", drill.refuge)
    return {key: next(iter(value.values())) for key, value in drill.fence(client).items()}


def _silent(world: World, drill: Drill) -> Check:
    try:
        world.account.client("ec2", drill.region).describe_vpcs()
    except ClientError as error:
        return Check(f"{drill.region} does not answer", True, str(error))
    return Check(f"{drill.region} does not answer", False, "it answered")


def _uncontrolled(world: World) -> Check:
    name = "nothing can be changed in IAM"
    iam = world.account.client("iam", "us-east-1")
    try:
        iam.create_role(RoleName="in-an-outage", AssumeRolePolicyDocument="{}")
    except ClientError as error:
        return Check(name, UNAVAILABLE in str(error), str(error))
    return Check(name, False, "a role was made")


def _hosts(world: World, drill: Drill) -> Sequence[str]:
    """The public names of the platform."""
    outputs = world.stacks[drill.standby].outputs()
    return sorted(outputs["edge"]["hosts"].values())


def led_to(world: World, drill: Drill, region: str) -> Check:
    """Where the public names lead."""
    found = {name: drill.site.names.target(name) or "nowhere" for name in _hosts(world, drill)}
    wrong = [f"{name} leads to {to}" for name, to in found.items() if f".{region}." not in to]
    told = ", ".join(wrong) or f"{len(found)} names"
    return Check(f"the public names lead to {region}", bool(found) and not wrong, told)


def closed(drill: Drill, region: str) -> Check:
    """Whether nobody writes in a region."""
    open_ = drill.site.front.takes_writes(region)
    told = "its agents let nobody in" if not open_ else f"writes are taken in {region}"
    return Check(f"{region} takes no writes", not open_, told)


def _others(world: World, mark: int) -> list[Call]:
    """Calls since then that are not the rehearsal's own."""
    return [call for call in world.account.calls(mark) if call.caller != OURS]


def _stayed(world: World, drill: Drill, mark: int) -> list[Check]:
    """No call needed the lost region."""
    calls = _others(world, mark)
    found = strays(calls, drill.region)
    told = _named(found) if found else f"{len(calls)} calls, none"
    return [Check(f"no call needs {drill.region}", bool(calls) and not found, told)]


def strays(calls: Sequence[Call], lost: str) -> list[Call]:
    """Calls that need the lost region: those that were refused, and those to its endpoints. Global
    services may be signed for it and are no part of it: what they serve goes on."""
    return [
        call
        for call in calls
        if call.refused or (call.region == lost and call.service not in GLOBAL_SERVICES)
    ]


def _named(calls: Sequence[Call]) -> str:
    """Calls with who made them."""
    return "; ".join(sorted({f"{call.caller}: {call}" for call in calls})) or "none"


def _moved(world: World, drill: Drill) -> list[Check]:
    fence = fence_record(world, drill)
    held = fence.get("holder") == drill.refuge
    role = world.settings(drill.standby)["role"]
    return [
        Check(f"{drill.refuge} holds the fence", held, f"epoch {fence.get('epoch')}"),
        Check("its database takes writes", drill.site.front.takes_writes(drill.refuge), ""),
        led_to(world, drill, drill.refuge),
        Check("the stack file declares the primary", role == "primary", f"role: {role}"),
    ]


def _twice(world: World, drill: Drill, command: list[str]) -> Check:
    """The same command again."""
    mark = world.last_call()
    told = operated(world, drill, command)
    writes = [call for call in _others(world, mark) if call.writes]
    fine = told.code == 0 and not writes
    return Check("a second run does nothing", fine, _named(writes) if writes else told.text[-200:])


def recovery(drill: Drill, told: Told, noted: int) -> Recovery:
    """Times of the run, from its last lines and its journal, of which so many lines were there
    before the command began."""
    lines = journalled(drill.journal)
    waits = sum(
        step_seconds(lines[noted:], line["step"]) for line in lines[noted:] if _waited(line)
    )
    begun = next(line["at"] for line in lines if line["event"] == "begun")
    engine = {step: step_seconds(lines[noted:], step) for step in DECLARING}
    rto, target = _RTO.findall(told.text)[-1]
    rpo, rpo_target = _RPO.findall(told.text)[-1]
    return Recovery(
        software=float(_SOFTWARE.findall(told.text)[-1]),
        # A wait is time of the clock that was moved, and of looking again and again.
        command=told.wall_seconds - (waits - told.waited_seconds),
        rto=float(rto) + begun - drill.lost_at + _deploying(lines, float(rto) + begun, engine),
        rto_target=float(target),
        rpo=float("inf") if rpo == "unknown" else float(rpo),
        rpo_target=float(rpo_target),
    )


def _waited(line: Mapping[str, Any]) -> bool:
    """Whether an entry ends a wait for others."""
    return line["event"] == "done" and line["kind"] == "wait"


def _deploying(lines: list[dict[str, Any]], back_at: float, engine: Mapping[str, float]) -> float:
    """What the engine's work before `back_at` takes in AWS beyond what it took here."""
    done = {line["step"]: line["at"] for line in lines if line["event"] == "done"}
    before = [step for step in DECLARING if done.get(step, back_at) < back_at]
    takes = {step: seconds("runbook", DECLARING[step], "declaration").typical for step in before}
    return sum(takes[step] - engine[step] for step in before)


def _within(found: Recovery) -> list[Check]:
    rto = f"{found.rto:.0f} s from the loss, {found.rto_target:.0f} s declared"
    rpo = f"{found.rpo:.0f} s of writes, {found.rpo_target:.0f} s declared"
    software = f"{found.software:.1f} s, {SOFTWARE_SECONDS:.0f} s at most"
    software += f"; {found.command:.0f} s with all of the command"
    return [
        Check("within recovery.rto_minutes", found.rto <= found.rto_target, rto),
        Check("within recovery.rpo_minutes", found.rpo <= found.rpo_target, rpo),
        Check("the runbook's own code is quick", found.software <= SOFTWARE_SECONDS, software),
    ]

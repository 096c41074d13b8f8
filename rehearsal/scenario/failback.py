"""The platform returns to its region, by the command that an operator types; afterwards both
regions are what the stack files declare, and nothing is left for an `up` to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.leftovers.inventory import Item
from rehearsal.scenario import operator
from rehearsal.scenario.account import OURS
from rehearsal.scenario.drill import Drill, Told, journalled, lost, operated, step_seconds
from rehearsal.scenario.lost_region import closed, fence_record, led_to
from rehearsal.scenario.steps import deploy_again
from rehearsal.scenario.verdict import Check, Return, Verdict
from rehearsal.scenario.world import World
from rehearsal.site.agents import CLOSING

BEHIND_SECONDS = 20.0
"""How far the copy at home is behind, beyond the usual, so that it has to be waited for."""
SOFTWARE_SECONDS = 60.0
"""At most, of a failback's own steps."""
SHOWN = 2500
AWAITED = "last write"
"""A step that must not hold at once: the copy at home is behind."""
_OUTAGE = re.compile(r"writes were away for (\d+) s of (\d+) s")
_SOFTWARE = re.compile(r"software ([\d.]+) s")


def refused(world: World, stack: str) -> Verdict:
    """The plan, before the agents of the returned region have said that its database is closed."""
    drill, mark = lost(world), world.last_call()
    told = operated(world, drill, _command(drill))
    said = told.text.strip()[-SHOWN:]
    waits = told.code == 1 and "refuses  old side" in told.text
    checks = [
        Check("it waits for the returned region's agents", waits, said),
        Check("objects that were stored away are counted", "to do    objects" in told.text, said),
        _quiet(world, mark),
    ]
    return Verdict(stack, "failback, too early", None, checks)


def fail_back(world: World, stack: str) -> Verdict:
    """`mlops failback --apply`, with a copy that is behind."""
    drill = lost(world)
    # A round of the agents, and the time that they take to close.
    drill.site.agents.look()
    drill.site.advance(CLOSING.slow)
    drill.control.slow_replicas(drill.region, BEHIND_SECONDS)
    command = [*_command(drill), "--apply", *_confirmed(drill)]
    told = operated(world, drill, command)
    done = Check("the runbook ends well", told.code == 0, told.text.strip()[-SHOWN:])
    if not done.passed:
        return Verdict(stack, "failback", None, [done])
    found = returned(told)
    checks = [done, *_within(found), _waited(drill), *_moved(world, drill)]
    checks.append(_twice(world, drill, command))
    drill.control.restore()
    drill.control.rest()
    return Verdict(stack, "failback", None, checks, returned=found)


def settled(world: World, stack: str) -> Verdict:
    """An `up` finds nothing to do, and the outputs are those of before the loss."""
    verdict = deploy_again("up, returned")(world, stack)
    world.states[stack] = world.stacks[stack].export()
    before, now = outputs(lost(world).states[stack]), outputs(world.states[stack])
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    told = ", ".join(f"{key}: {before.get(key)} was, {now.get(key)} is" for key in changed)
    same = Check("the outputs are those of before the loss", not changed, told or f"{len(now)}")
    return Verdict(stack, verdict.title, verdict.outcome, [*verdict.checks, same])


def cleared(world: World, stack: str) -> Verdict:
    """What a failback keeps for people to look at, and nothing else; then the operator deletes it,
    as the runbook says."""
    drill = lost(world)
    home, away = drill.sides
    epoch = fence_record(world, drill)["epoch"]
    old, last = f"{home.database}-before-e{epoch}", f"{away.database}-before-e{epoch}-final"
    wanted = {f"{home.region} database: {old}", f"{away.region} database snapshot: {last}"}
    found = {str(item) for item in world.items() ^ drill.items if not passing(item)}
    wrong = sorted(wanted ^ found)
    told = ", ".join(wrong) or ", ".join(sorted(wanted))
    kept = Check("two databases are kept, and nothing else", not wrong, told)
    if kept.passed:
        operator.discard_database(world, drill.primary, old)
        operator.discard_snapshot(world, drill.standby, last)
    return Verdict(stack, "what was kept", None, [kept])


def passing(item: Item) -> bool:
    """Interfaces of databases, RDS's own backups, and whether a bucket is empty."""
    own = item.kind.endswith("database snapshot") and item.name.startswith("rds:")
    return own or item.kind.endswith("network interface") or item.kind == "bucket"


def outputs(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The outputs in a stack's exported state."""
    resources = state["deployment"]["resources"]
    found = [one for one in resources if one["type"] == "pulumi:pulumi:Stack"]
    return found[0].get("outputs") or {}


def returned(told: Told) -> Return:
    """The figures of a failback, from its last lines."""
    outage, target = _OUTAGE.findall(told.text)[-1]
    return Return(
        software=float(_SOFTWARE.findall(told.text)[-1]),
        outage=float(outage),
        outage_target=float(target),
    )


def _command(drill: Drill) -> list[str]:
    return ["failback", "--stack", drill.standby, "--journal", str(drill.return_journal)]


def _confirmed(drill: Drill) -> list[str]:
    """The names that the operator types: the databases of both regions."""
    names = [side.database for side in drill.sides]
    return [word for name in names for word in ("--confirm", name)]


def _quiet(world: World, mark: int) -> Check:
    calls = [call for call in world.account.calls(mark) if call.caller != OURS and call.writes]
    return Check("no call that writes", not calls, "; ".join(map(str, calls)) or "none")


def _within(found: Return) -> list[Check]:
    outage = f"writes were away for {found.outage:.0f} s, {found.outage_target:.0f} s declared"
    software = f"{found.software:.1f} s, {SOFTWARE_SECONDS:.0f} s at most"
    return [
        Check("within recovery.rto_minutes", 0 < found.outage <= found.outage_target, outage),
        Check("the runbook's own code is quick", found.software <= SOFTWARE_SECONDS, software),
    ]


def _waited(drill: Drill) -> Check:
    took = step_seconds(journalled(drill.return_journal), AWAITED)
    told = f"{took:.0f} s, with a copy that is {BEHIND_SECONDS:.0f} s behind"
    return Check(f"{AWAITED}: was waited for", took > 0, told)


def _moved(world: World, drill: Drill) -> list[Check]:
    found = fence_record(world, drill)
    role = world.settings(drill.standby)["role"]
    home, away = drill.sides
    return [
        Check(f"{home.region} holds the fence", found.get("holder") == home.region, str(found)),
        Check("its database takes writes", drill.site.front.takes_writes(home.region), ""),
        closed(drill, away.region),
        led_to(world, drill, home.region),
        Check("the stack file declares the standby", role == "standby", f"role: {role}"),
        _arrived(world, drill),
    ]


def _arrived(world: World, drill: Drill) -> Check:
    """What was stored away is at home."""
    home, away = drill.sides
    keys = {side: _keys(world, side.region, side.artifacts) for side in drill.sides}
    missing = sorted(keys[away] - keys[home])
    told = ", ".join(missing) or f"{len(keys[away])} objects"
    name = "what was stored away is at home"
    return Check(name, bool(keys[away]) and not missing, told)


def _keys(world: World, region: str, bucket: str) -> set[str]:
    found = world.account.client("s3", region).list_objects_v2(Bucket=bucket)
    return {each["Key"] for each in found.get("Contents", [])}


def _twice(world: World, drill: Drill, command: list[str]) -> Check:
    """The same command again."""
    mark = world.last_call()
    told = operated(world, drill, command)
    quiet = _quiet(world, mark)
    fine = told.code == 0 and quiet.passed
    said = told.text.strip()[-200:] if quiet.passed else quiet.detail
    return Check("a second run does nothing", fine, said)

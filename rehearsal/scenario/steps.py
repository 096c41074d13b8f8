"""The steps of a rehearsal: each runs one command and judges what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rehearsal.engine.pulumi import Outcome, Stack
from rehearsal.engine.workspace import Settings
from rehearsal.leftovers.manifest import compare, declared, remaining
from rehearsal.scenario.account import GLOBAL_SERVICES, Call
from rehearsal.scenario.awaited import has_pods
from rehearsal.scenario.order import in_order
from rehearsal.scenario.verdict import (
    Check,
    Verdict,
    kept_policies,
    only,
    succeeded,
    unchanged,
)
from rehearsal.scenario.world import World

ABROAD = frozenset({"cloudwatch", "kms"})
"""What a stack may do in its peer's region: the alarm behind the traffic flip's health check
watches a metric there, so that the flip needs nothing of the region that is lost, and the
copies of secrets that Secrets Manager makes there are under keys of that region."""

PROTECTED = "data-protected"
"""The policy that holds what has data protected."""

Run = Callable[[World, str], Verdict]
Act = Callable[[World, str], None]
"""Something that the operator of a stack does beside the engine."""
Look = Callable[[World, str], Sequence[Check]]
"""Looks at the cluster and the account of a stack."""


@dataclass(frozen=True)
class Step:
    """One step for one stack."""

    stack: str
    title: str
    run: Run

    def take(self, world: World) -> Verdict:
        """Carry it out and judge it."""
        return self.run(world, self.stack)


def preview(world: World, stack: str) -> Verdict:
    """A preview announces everything and changes nothing in the account."""
    mark = world.last_call()
    outcome = world.stacks[stack].preview(world.watch)
    world.created[stack] = outcome.changed.get("create", 0)
    writes = [call for call in world.account.calls(mark) if call.writes]
    quiet = Check("no call that writes", not writes, _calls(writes))
    return Verdict(stack, "preview", outcome, [succeeded(outcome), quiet, kept_policies(outcome)])


def deploy(world: World, stack: str) -> Verdict:
    """The first `up` creates what the preview announced, in the stack's own region."""
    world.before[stack] = world.items()
    mark = world.last_call()
    outcome = world.stacks[stack].up(world.watch)
    made, announced = outcome.changed.get("create", 0), world.created.get(stack)
    checks = [
        succeeded(outcome),
        only(outcome, "create"),
        kept_policies(outcome),
        _in_region(world, stack, mark),
    ]
    if announced is not None:
        told = f"{made} created, {announced} announced"
        checks.append(Check("the preview announced it all", made == announced, told))
    verdict = _verdict(world, stack, "up", outcome, checks)
    return replace(verdict, checks=[*checks, *ordered(world, stack)])


def deploy_again(title: str = "up again") -> Run:
    """A second `up` finds nothing to do."""

    def run(world: World, stack: str) -> Verdict:
        outcome = world.stacks[stack].up(world.watch)
        checks = [succeeded(outcome), unchanged(outcome), kept_policies(outcome)]
        return Verdict(stack, title, outcome, checks)

    return run


def refresh(world: World, stack: str) -> Verdict:
    """The account is as the state says: no drift."""
    outcome = world.stacks[stack].refresh(world.watch)
    return Verdict(stack, "refresh", outcome, [succeeded(outcome), unchanged(outcome)])


def edit(
    title: str,
    change: Callable[[Settings], None],
    *kinds: str,
    judged: bool = True,
    first: Sequence[Act] = (),
    looks: Sequence[Look] = (),
) -> Run:
    """An `up` after a change of the settings, expected to act only by `kinds`, or not at all.

    `judged`: by the policy pack, unless the change is what the pack forbids. `first`: what the
    operator does before. `looks`: at what came of it.
    """

    def run(world: World, stack: str) -> Verdict:
        there = world.items()
        for act in first:
            act(world, stack)
        world.workspace.edit(stack, change)
        outcome = world.stacks[stack].up(world.watch, judged=judged)
        world.added[stack] = world.added.get(stack, frozenset()) | (world.items() - there)
        acted = only(outcome, *kinds) if kinds else unchanged(outcome)
        checks = [succeeded(outcome), acted]
        if judged:
            checks.append(kept_policies(outcome))
        verdict = _verdict(world, stack, title, outcome, checks)
        seen = [check for look in looks if outcome.succeeded for check in look(world, stack)]
        return replace(verdict, checks=[*checks, *seen])

    return run


def ordered(world: World, stack: str) -> list[Check]:
    """Whether what the latest change left waits for what it needs, and for nothing in vain."""
    state = world.states[stack]
    return [in_order(state), has_pods(state)]


def refused_lifting(change: Callable[[Settings], None]) -> Run:
    """A preview of the settings without protection: the policy pack does not let it pass."""

    def run(world: World, stack: str) -> Verdict:
        world.workspace.edit(stack, change)
        outcome = world.stacks[stack].preview(world.watch)
        told = [one for one in outcome.tally.refused if one.startswith(PROTECTED)]
        checks = [
            Check("the engine refuses", not outcome.succeeded, f"exit code {outcome.exit_code}"),
            Check(f"for {PROTECTED}", bool(told), "; ".join(told)[:400] or "not named"),
        ]
        return Verdict(stack, "lift the protection, judged", outcome, checks)

    return run


def refused_destroy(world: World, stack: str) -> Verdict:
    """While data is protected, a `destroy` is refused and takes nothing away."""
    before = world.items()
    outcome = world.stacks[stack].destroy(world.watch, preview=True)
    lost = sorted(str(item) for item in before - world.items())
    said = any("protect" in error for error in outcome.tally.errors)
    checks = [
        Check("the engine refuses", not outcome.succeeded, f"exit code {outcome.exit_code}"),
        Check("it names the protection", said, "; ".join(outcome.tally.errors)[:400]),
        Check("nothing is lost", not lost, ", ".join(lost) or "nothing"),
    ]
    return Verdict(stack, "destroy, protected", outcome, checks)


def destroy(world: World, stack: str) -> Verdict:
    """After the protection is lifted, a `destroy` takes away all but what is retained."""
    engine = world.stacks[stack]
    outcome = engine.destroy(world.watch)
    checks = [succeeded(outcome), only(outcome, "delete"), _empty_state(engine)]
    return _verdict(world, stack, "destroy", outcome, checks)


def leftovers(world: World, stack: str) -> Verdict:
    """What came into the account since the stack's first deployment and is still there is
    exactly what the manifests declare, of this stack and of those torn down before it. What
    a stack that stands added meanwhile is its own."""
    before = world.before.get(stack, frozenset())
    gone = [name for name, engine in world.stacks.items() if _is_empty(engine)]
    manifest = [line for name in gone for line in declared(name)]
    standing = [items for name, items in world.added.items() if name not in gone]
    now = world.items().difference(*standing)
    found = compare(before, now, manifest)
    name = "what is left is what the manifest declares"
    told = f"{len(manifest)} items declared; {found}"
    left = (manifest, remaining(before, now))
    return Verdict(stack, "leftovers", None, [Check(name, found.agrees, told)], left=left)


def nothing_left(world: World, stack: str) -> Verdict:
    """Of a stack without data nothing is left that has its name; what others made since stays."""
    prefix = world.settings(stack)["prefix"]
    left = sorted(str(item) for item in world.items() if prefix in str(item))
    check = Check(f"nothing named {prefix} is left", not left, ", ".join(left) or "nothing")
    return Verdict(stack, "nothing left", None, [check])


def _verdict(
    world: World, stack: str, title: str, outcome: Outcome, checks: Sequence[Check]
) -> Verdict:
    before = world.states.get(stack)
    world.states[stack] = world.stacks[stack].export()
    return Verdict(stack, title, outcome, checks, world.states[stack], before)


def _in_region(world: World, stack: str, mark: int) -> Check:
    """Calls to regional services stay in the regions that the stack declares: its own, or the
    two that a link spans."""
    homes = world.regions[stack]
    strays = [
        call
        for call in world.account.calls(mark)
        if call.region not in homes and call.service not in GLOBAL_SERVICES | ABROAD
    ]
    return Check(f"regional calls stay in {' and '.join(homes)}", not strays, _calls(strays))


def _empty_state(engine: Stack) -> Check:
    left = _resources(engine)
    return Check("the state is empty", not left, f"{len(left)} resources left in the state")


def _is_empty(engine: Stack) -> bool:
    return not _resources(engine)


def _resources(engine: Stack) -> list[object]:
    return engine.export()["deployment"].get("resources") or []


def _calls(calls: Sequence[Call]) -> str:
    return ", ".join(sorted({str(call) for call in calls})) or "none"

"""The operations of one run of the engine and what each of them waits for.

The engine registers a resource when everything it is made from is there, and its parent is
registered. Deletions come last, in layers: no layer begins before the one above it is gone.
Source: pulumi/pulumi, `resource/deploy/{deployment_executor,step_generator}.go` and
`resource/graph/dependency_graph.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rehearsal.timeline.durations import timed
from rehearsal.timeline.engine import EngineRecordError, Resource, Step
from rehearsal.timeline.layers import layers

BARRIER = "barrier"
DELETIONS = frozenset({"delete", "delete-replaced"})
_LOGICAL = frozenset({"replace", "discard", "discard-replaced", "remove-pending-replace"})
"""Steps that only note something in the state."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation on one resource, or a barrier between two layers of deletions."""

    key: str
    """Unique in its graph: the kind and the URN, and a number where both come again."""
    urn: str
    type: str
    kind: str
    """The engine's verb: create, update, create-replacement, delete-replaced, delete, same, …"""
    parent: str
    typical: float
    """Seconds, as is `slow`; none for components, providers and what did not change."""
    slow: float
    failed: bool = False

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Graph:
    """Operations in the order in which the engine began them; each waits for earlier ones.

    Raises ValueError for keys that are not unique and for an operation that would wait for
    a later one.
    """

    operations: tuple[Operation, ...]
    needs: Mapping[str, frozenset[str]]
    """By key of an operation: keys of those that must have ended before it begins."""

    def __post_init__(self) -> None:
        """Hold the graph to its order, which is what makes it free of cycles."""
        before: set[str] = set()
        for each in self.operations:
            later = self.needs.get(each.key, frozenset()) - before
            if each.key in before or later:
                raise ValueError(f"{each.key}: listed twice, or waits for {sorted(later)}")
            before.add(each.key)


def from_engine(
    after: Sequence[Resource], steps: Sequence[Step], before: Sequence[Resource] = ()
) -> Graph:
    """The graph of one run: `after` is the state that it left, `before` the one it met.

    `before` is needed when the run deletes, since a deleted resource is in no later state.
    Raises EngineRecordError when it is missing.
    """
    done = [step for step in steps if step.op not in _LOGICAL]
    if all(step.op == "refresh" for step in done):
        # A refresh reads every resource at once: nothing waits.
        return Graph(tuple(map(operation, done)), {})
    deleted = [step for step in done if step.op in DELETIONS]
    _require_known(deleted, before)
    made = [step for step in done if step.op not in DELETIONS]
    early, late = _by_moment(deleted, made)
    front = [*early, *made]
    needs = _needs_of_made(made, early, after) | _needs_of_early(early, before)
    ordered = sorted(front, key=lambda step: step.began)
    return _with_deletions(ordered, needs, late, before)


def operation(step: Step) -> Operation:
    """The timed operation of a step."""
    typical, slow = timed(step)
    return Operation(
        key=_key(step),
        urn=step.urn,
        type=step.type,
        kind=step.op,
        parent=step.parent,
        typical=typical,
        slow=slow,
        failed=step.failed,
    )


def _key(step: Step) -> str:
    again = f" ({step.turn + 1})" if step.turn else ""
    return f"{step.op} {step.urn}{again}"


def _require_known(deleted: Iterable[Step], before: Sequence[Resource]) -> None:
    known = {resource.urn for resource in before}
    for step in deleted:
        if step.urn not in known:
            raise EngineRecordError(
                f"the run deletes {step.urn}, which the state before it does not hold: "
                "export the state before the run and pass it as `before`"
            )


def _by_moment(deleted: list[Step], made: list[Step]) -> tuple[list[Step], list[Step]]:
    """Deletions that a replacement waits for (delete before replace), and those at the end."""
    replacement = {step.urn: step.began for step in made if step.op == "create-replacement"}
    early = [step for step in deleted if step.began < replacement.get(step.urn, -1)]
    return early, [step for step in deleted if step not in early]


def _needs_of_made(
    made: Sequence[Step], early: Sequence[Step], after: Sequence[Resource]
) -> dict[str, frozenset[str]]:
    by_urn = {step.urn: step for step in made}
    recorded = {resource.urn: resource.needs() for resource in after if not resource.delete}
    inside = _descendants(made)
    first = {step.urn: _key(step) for step in early}
    needs: dict[str, frozenset[str]] = {}
    for step in made:
        # A resource that failed is in no state; its parent is all that is known of it.
        wanted = recorded.get(step.urn, frozenset({step.parent}))
        waits = {_key(by_urn[urn]) for urn in wanted if _earlier(by_urn.get(urn), step)}
        waits |= {_key(one) for one in _of_components(wanted - {step.parent}, inside, step)}
        waits |= {first[step.urn]} if step.urn in first else set()
        needs[_key(step)] = frozenset(waits)
    return needs


def _earlier(one: Step | None, step: Step) -> bool:
    """The engine's own order: it keeps the graph free of cycles whatever the state says."""
    return one is not None and one.began < step.began


def _of_components(
    wanted: Iterable[str], inside: Mapping[str, Sequence[Step]], step: Step
) -> Iterable[Step]:
    """Waiting for a component means waiting for all in it that was made before."""
    for urn in wanted:
        for one in inside.get(urn, ()):
            if one.ended is not None and one.ended < step.began:
                yield one


def _descendants(made: Sequence[Step]) -> dict[str, list[Step]]:
    """By URN of a component: the custom resources below it, at any depth."""
    parents = {step.urn: step.parent for step in made}
    components = {step.urn for step in made if not step.custom}
    inside: dict[str, list[Step]] = {}
    for step in made:
        above = step.parent
        while step.custom and above:
            if above in components:
                inside.setdefault(above, []).append(step)
            above = parents.get(above, "")
    return inside


def _needs_of_early(early: Sequence[Step], before: Sequence[Resource]) -> dict[str, frozenset[str]]:
    """A deletion that makes room waits for the deletions of what depends on its resource."""
    keys = {step.urn: _key(step) for step in early}
    needs: dict[str, set[str]] = {key: set() for key in keys.values()}
    for resource in before:
        if resource.urn in keys:
            for urn in resource.needs() & keys.keys():
                needs[keys[urn]].add(keys[resource.urn])
    return {key: frozenset(waits) for key, waits in needs.items()}


def _with_deletions(
    front: Sequence[Step],
    needs: dict[str, frozenset[str]],
    late: Sequence[Step],
    before: Sequence[Resource],
) -> Graph:
    """The deletions layer by layer behind everything else, with a barrier before each."""
    operations = list(map(operation, front))
    wave = [each.key for each in operations]
    for depth, urns in enumerate(layers(before, [step.urn for step in late])):
        barrier = _barrier(depth)
        deletions = [operation(step) for step in late if step.urn in urns]
        needs[barrier.key] = frozenset(wave)
        wave = [each.key for each in deletions]
        needs |= dict.fromkeys(wave, frozenset({barrier.key}))
        operations += [barrier, *deletions]
    return Graph(tuple(operations), needs)


def _barrier(depth: int) -> Operation:
    return Operation(
        key=f"{BARRIER} {depth}", urn="", type="", kind=BARRIER, parent="", typical=0.0, slow=0.0
    )

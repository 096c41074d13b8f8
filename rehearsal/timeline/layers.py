"""The layers in which the engine deletes: everything in one layer may go at once, and the
next begins when the whole layer is gone. Conservative, but that is how the engine works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rehearsal.timeline.engine import Resource


def layers(state: Sequence[Resource], condemned: Iterable[str]) -> list[frozenset[str]]:
    """URNs by layer, first to go first: no resource goes before all that is made from it."""
    going = set(condemned)
    children = _children(state)
    depths: dict[str, int] = {}
    for resource in state:  # its order is such that dependencies come first
        if resource.urn in going:
            below = _needs(resource, children, depths)
            depths[resource.urn] = 1 + max((depths[urn] for urn in below), default=-1)
    deepest = max(depths.values(), default=-1)
    return [
        frozenset(urn for urn, depth in depths.items() if depth == layer)
        for layer in range(deepest, -1, -1)
    ]


def _needs(resource: Resource, children: dict[str, list[str]], depths: dict[str, int]) -> set[str]:
    """What `resource` is made from, of what is condemned; a component brings its children."""
    needs = {urn for urn in resource.needs() if urn in depths}
    for urn in resource.needs() - {resource.parent}:
        needs |= {child for child in _below(urn, children) if child in depths}
    return needs - {resource.urn}


def _below(urn: str, children: dict[str, list[str]]) -> Iterable[str]:
    for child in children.get(urn, ()):
        yield child
        yield from _below(child, children)


def _children(state: Sequence[Resource]) -> dict[str, list[str]]:
    """By URN of a component: the URNs of its children."""
    components = {resource.urn for resource in state if not resource.custom}
    children: dict[str, list[str]] = {}
    for resource in state:
        if resource.parent in components:
            children.setdefault(resource.parent, []).append(resource.urn)
    return children

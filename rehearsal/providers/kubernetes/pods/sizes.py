"""What pods request, after the defaults that a namespace's limit ranges give them.

Source: Kubernetes, limit ranges; resource management for pods and containers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.kubernetes.pods.pod import Pod
from rehearsal.providers.kubernetes.quantities import amount
from rehearsal.providers.wire import Props, as_list, as_object

Amounts = Mapping[str, Decimal]
KINDS = ("requests", "limits")
NONE = Decimal(0)


def with_defaults(pod: Pod, ranges: Iterable[Object]) -> Pod:
    """The pod as the API server keeps it: a request that is not given is the limit's, and what
    a limit range defaults is filled in."""
    items = [
        item
        for one in ranges
        for item in as_list(one["spec"].get("limits"))
        if item["type"] == "Container"
    ]
    changed = {
        kind: [_defaulted(one, items) for one in as_list(pod.spec[kind])]
        for kind in ("initContainers", "containers")
        if kind in pod.spec
    }
    return replace(pod, spec={**pod.spec, **changed})


def _defaulted(container: Props, items: Iterable[Props]) -> Props:
    given = as_object(container.get("resources"))
    limits, requests = as_object(given.get("limits")), as_object(given.get("requests"))
    requests = {**limits, **requests}
    for item in items:
        defaults = as_object(item.get("default"))
        asked = as_object(item.get("defaultRequest"))
        requests = {**defaults, **asked, **requests}
        limits = {**defaults, **limits}
    return {**container, "resources": {**given, "requests": requests, "limits": limits}}


def outside_limits(pod: Pod, ranges: Iterable[Object]) -> Iterator[str]:
    """What a limit range refuses about a pod that has its defaults."""
    for one in ranges:
        for item in as_list(one["spec"].get("limits")):
            if item["type"] == "Container":
                for container in pod.containers:
                    yield from _outside(item, as_object(container.get("resources")))
            if item["type"] == "Pod":
                yield from _outside(item, totals(pod))


def _outside(item: Props, sizes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    limits, requests = sizes.get("limits", {}), sizes.get("requests", {})
    for name, most in as_object(item.get("max")).items():
        told = f"maximum {name} usage per {item['type']} is {most}"
        if name not in limits:
            yield f"{told}. No limit is specified"
        elif amount(limits[name]) > amount(most):
            yield f"{told}, but limit is {limits[name]}"
    for name, least in as_object(item.get("min")).items():
        told = f"minimum {name} usage per {item['type']} is {least}"
        if name not in requests:
            yield f"{told}. No request is specified"
        elif amount(requests[name]) < amount(least):
            yield f"{told}, but request is {requests[name]}"


def totals(pod: Pod) -> dict[str, Amounts]:
    """Requests and limits of one pod: its containers together, or the largest of those that
    run before them; sidecars count with both."""
    return {kind: _total(pod, kind) for kind in KINDS}


def _total(pod: Pod, kind: str) -> Amounts:
    running: dict[str, Decimal] = {}
    peak: dict[str, Decimal] = {}
    for one in as_list(pod.spec.get("initContainers")):
        with_it = _sum(running, _amounts(one, kind))
        peak = _largest(peak, with_it)
        if one.get("restartPolicy") == "Always":
            running = with_it
    for one in as_list(pod.spec.get("containers")):
        running = _sum(running, _amounts(one, kind))
    return _sum(_largest(peak, running), _read(as_object(pod.spec.get("overhead"))))


def _sum(one: Amounts, other: Amounts) -> dict[str, Decimal]:
    return {name: one.get(name, NONE) + other.get(name, NONE) for name in {*one, *other}}


def _largest(one: Amounts, other: Amounts) -> dict[str, Decimal]:
    return {name: max(one.get(name, NONE), other.get(name, NONE)) for name in {*one, *other}}


def _amounts(container: Props, kind: str) -> dict[str, Decimal]:
    return _read(as_object(as_object(container.get("resources")).get(kind)))


def _read(quantities: Props) -> dict[str, Decimal]:
    return {name: amount(value) for name, value in quantities.items()}

"""Gateway API: the definitions of its standard channel, owned here and nowhere else.

Kept as the project publishes them (Apache-2.0), since no chart has them alone; `data/gateway-api`
says the version. Pulumi waits until each is established, and a destroy leaves them: with a
definition goes every route of its kind.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from components.services.plan import Object, ServicePlan

FOLDER = Path(__file__).parent / "data" / "gateway-api"
GROUP = "gateway.networking.k8s.io"
DEFINITION = "CustomResourceDefinition"
LAST = "httproutes"
"""Made when all others are there: who waits for it waits for the set."""


def gateway_api() -> ServicePlan:
    """The definitions, and the policy that refuses an older or experimental set over them."""
    definitions = [_definition(one) for one in _documents() if one["kind"] == DEFINITION]
    others = tuple(one.name for one in definitions if one.name != LAST)
    return ServicePlan(
        name="gateway-api",
        parts=[
            replace(one, after=others) if one.name == LAST else one
            for one in (*definitions, *_guards())
        ],
        provides={GROUP: LAST},
    )


def _definition(manifest: dict[str, Any]) -> Object:
    plural = manifest["metadata"]["name"].partition(".")[0]
    return Object(name=plural, manifest=manifest, retain=True)


def _guards() -> list[Object]:
    """The policy that keeps an older set of definitions from overwriting this one."""
    return [
        Object(name=f"guard-{one['kind'].lower()}", manifest=one)
        for one in _documents()
        if one["kind"] != DEFINITION
    ]


@lru_cache(maxsize=1)
def _documents() -> tuple[dict[str, Any], ...]:
    """Every object of the folder, by file name."""
    return tuple(
        document
        for path in sorted(FOLDER.glob("*.yaml"))
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if document
    )

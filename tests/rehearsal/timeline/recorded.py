"""What a real engine left behind for one small stack; see tests/data/timeline/README.md."""

from __future__ import annotations

import json
from pathlib import Path

from rehearsal.timeline import engine
from rehearsal.timeline.graph import Graph, from_engine

DATA = Path(__file__).parents[2] / "data" / "timeline"


def state(name: str) -> tuple[engine.Resource, ...]:
    return engine.resources(json.loads((DATA / f"{name}.state.json").read_text()))


def steps(name: str) -> tuple[engine.Step, ...]:
    return engine.steps((DATA / f"{name}.events.jsonl").read_text().splitlines(keepends=True))


def up() -> Graph:
    return from_engine(state("up"), steps("up"))


def replace() -> Graph:
    return from_engine(state("replace"), steps("replace"), before=state("up"))


def destroy() -> Graph:
    return from_engine((), steps("destroy"), before=state("replace"))

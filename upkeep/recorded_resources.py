"""Records what the engine sends to a policy pack, as fixtures of the policies' tests.

`python -m upkeep.recorded_resources` rehearses all stacks under the pack in
`tests/policies/recorder` and writes `tests/data/policies/resources.jsonl`: of each type the few
resources that differ most in what they set, as rules see them and as rules about stacks do.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from rehearsal.engine import cloud_process, workspace
from rehearsal.engine.pulumi import nobody
from rehearsal.scenario.world import World, open_world, project_root

STACKS = ("production", "dr", "link")
TARGET = Path("tests/data/policies/resources.jsonl")
KEPT = 3
"""Resources that are kept of each type and question, of all that were sent."""
LARGEST = 20_000
"""Characters of a line; definitions of custom resources are larger and show nothing more."""

Line: TypeAlias = Mapping[str, Any]


def chosen(lines: Iterable[Line]) -> list[Line]:
    """Of each type and question the first resource with a shape of its own, up to `KEPT`."""
    found: dict[tuple[str, str], dict[frozenset[str], Line]] = {}
    for line in lines:
        if len(json.dumps(line)) <= LARGEST:
            shapes = found.setdefault((line["type"], line["asked"]), {})
            if len(shapes) < KEPT:
                shapes.setdefault(frozenset(line["properties"]), line)
    return [line for key in sorted(found) for line in found[key].values()]


def main() -> int:
    """Exit status: 1 where the engine refused a stack."""
    with tempfile.TemporaryDirectory(prefix="mlops-recording-") as folder:
        root = Path(folder)
        space = workspace.create(root, project_root())
        cloud = cloud_process.start(root, keep=False)
        try:
            world = open_world(space, cloud, list(STACKS), 64, nobody)
            lines = [line for stack in STACKS for line in _recorded(world, stack, root)]
        finally:
            cloud.stop()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in chosen(lines))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET}: {text.count(chr(10))} of {len(lines)} resources")
    return 0


def _recorded(world: World, name: str, root: Path) -> Iterator[Line]:
    file = root / f"{name}.jsonl"
    stack = world.stacks[name]
    stack.policy_pack = project_root() / "tests" / "policies" / "recorder"
    stack.environment = {**stack.environment, "RECORD_TO": str(file)}
    outcome = stack.up()
    if not outcome.succeeded:
        sys.exit(f"{name}: {outcome.output}")
    yield from sorted(
        map(json.loads, file.read_text(encoding="utf-8").splitlines()),
        key=lambda line: (line["urn"], line["asked"]),
    )


if __name__ == "__main__":
    sys.exit(main())

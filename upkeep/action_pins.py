"""Every action of a workflow is pinned to a full commit, with its version in a comment."""

import re
from collections.abc import Iterator
from pathlib import Path

from upkeep.checks import Check
from upkeep.tracked import text_lines, tracked_files

USES = re.compile(r"^\s*(?:-\s*)?uses:\s*(?P<action>\S+)\s*(?P<comment>#.*)?$")
PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")


def action_pins(root: Path) -> Check:
    """The check over every workflow; an action of this repository (`./…`) needs no pin."""
    return Check(
        name="action pins",
        problems=lambda: unpinned_actions(root, _workflows(root)),
        fix="uses: owner/name@<40 digits of the commit>  # vX.Y.Z",
    )


def unpinned_actions(root: Path, workflows: list[Path]) -> Iterator[str]:
    """`path:line: …` for each action that a moved tag could replace."""
    for path, number, line in text_lines(root, workflows):
        found = USES.match(line)
        if found is None or found["action"].startswith("./"):
            continue
        if not PINNED.fullmatch(found["action"]):
            yield f"{path}:{number}: {found['action']} is not pinned to a full commit"
        elif not re.match(r"#\s*v?\d", found["comment"] or ""):
            yield f"{path}:{number}: {found['action']} does not say its version"


def _workflows(root: Path) -> list[Path]:
    """Workflows, and the actions of this repository that they share."""
    return [path for path in tracked_files(root) if path.parts[0] == ".github"]

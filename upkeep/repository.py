"""What this repository checks and generates, in one place each."""

from pathlib import Path

from upkeep.action_pins import action_pins
from upkeep.checks import Check
from upkeep.documents import DECISIONS, Generator, decisions_index, drift
from upkeep.licences import licences
from upkeep.links import links
from upkeep.lock_file import lock_file
from upkeep.registry_hosts import registry_hosts
from upkeep.tools import tool_checks

DOCUMENTS: dict[Path, Generator] = {
    DECISIONS / "README.md": decisions_index,
}
"""Every generated document and what writes it."""


def all_checks(root: Path) -> tuple[Check, ...]:
    """What `make check` runs, in this order."""
    return (
        *tool_checks(root),
        licences(root),
        lock_file(root),
        registry_hosts(root),
        action_pins(root),
        links(root),
        drift(root, DOCUMENTS),
    )

"""What this repository checks and generates, in one place each."""

from pathlib import Path

from infra.settings_schema import SCHEMA_FILE, schema_text
from rehearsal.report import schema as report_schema
from upkeep.action_pins import action_pins
from upkeep.checks import Check
from upkeep.documents import DECISIONS, Generator, decisions_index, drift
from upkeep.licences import licences
from upkeep.links import links
from upkeep.lock_file import lock_file
from upkeep.registry_hosts import registry_hosts
from upkeep.settings_reference import settings_reference
from upkeep.tools import tool_checks

ROOT = Path(__file__).resolve().parents[1]

DOCUMENTS: dict[Path, Generator] = {
    Path("docs/settings.md"): settings_reference,
    SCHEMA_FILE.relative_to(ROOT): lambda _: schema_text(),
    report_schema.PATH.relative_to(ROOT): lambda _: report_schema.document(),
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

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

ROOT = Path(__file__).resolve().parents[1]


def _settings_reference(root: Path) -> str:
    from upkeep.settings_reference import settings_reference

    return settings_reference(root)


def _settings_schema(_: Path) -> str:
    from infra.settings_schema import schema_text

    return schema_text()


def _report_schema(_: Path) -> str:
    from rehearsal.report.schema import document

    return document()


def _policies(_root: Path) -> str:
    from policies.catalogue import RULES
    from policies.explanation import policies_page

    return policies_page(RULES)


def _refusals(_: Path) -> str:
    from rehearsal.cloud.refusals import RULES
    from rehearsal.providers.kubernetes.refusals import RULES as KUBERNETES
    from upkeep.refusals_page import refusals_page

    return refusals_page([*RULES, *KUBERNETES])


def _alerts(_: Path) -> str:
    from catalog.signals.rules import GROUPS
    from upkeep.alerts_page import alerts_page

    return alerts_page(GROUPS)


# The project is imported only when a document is generated: where it cannot be imported, the
# other checks still run and say why.
DOCUMENTS: dict[Path, Generator] = {
    Path("docs/alerts.md"): _alerts,
    Path("docs/policies.md"): _policies,
    Path("docs/refusals.md"): _refusals,
    Path("docs/settings.md"): _settings_reference,
    Path("schemas/settings.schema.json"): _settings_schema,
    Path("schemas/rehearsal.schema.json"): _report_schema,
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

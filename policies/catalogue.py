"""Every rule, by number."""

from __future__ import annotations

from policies.concerns import databases
from policies.rule import Rule

CONCERNS = {"databases": databases.RULES}

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for rules in CONCERNS.values() for rule in rules), key=lambda rule: rule.number)
)

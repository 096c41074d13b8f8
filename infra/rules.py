"""Every rule that spans keys of a stack file; each is judged where the keys it needs were read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infra.cluster_rules import CLUSTER_RULES
from infra.data_rules import DATA_RULES
from infra.governance_rules import GOVERNANCE_RULES
from infra.network_rules import NETWORK_RULES
from infra.problems import Problem, judged
from infra.recovery_rules import RECOVERY_RULES
from infra.service_rules import SERVICE_RULES
from infra.sign_in_rules import SIGN_IN_RULES

if TYPE_CHECKING:
    from infra.settings import Settings

RULES = (
    *NETWORK_RULES,
    *CLUSTER_RULES,
    *DATA_RULES,
    *GOVERNANCE_RULES,
    *RECOVERY_RULES,
    *SERVICE_RULES,
    *SIGN_IN_RULES,
)


def broken_rules(settings: Settings) -> Iterator[Problem]:
    """What contradicts what in `settings`, which may have been read only in part."""
    for rule in RULES:
        yield from judged(rule(settings))

"""The rules of the catalogue as objects that the Prometheus operator reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.signals.rules import GROUPS, Site, facts_group, rule_group
from components.services.plan import Object, ServicePlan

NAMESPACE = "monitoring"


@dataclass(frozen=True, kw_only=True)
class AlertRulesArgs:
    """What the rules say of the stack, and figures of its stack file that they read."""

    site: Site
    facts: Mapping[str, float]


def alert_rules(args: AlertRulesArgs) -> ServicePlan:
    """A PrometheusRule per group."""
    groups = [facts_group(args.facts), *(rule_group(group, args.site) for group in GROUPS)]
    return ServicePlan(
        name="alert-rules",
        parts=[_rule(group) for group in groups],
    )


def _rule(group: Mapping[str, Any]) -> Object:
    name = str(group["name"])
    return Object(
        name=name,
        manifest={
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": f"mlops-{name}", "namespace": NAMESPACE},
            "spec": {"groups": [{**group, "name": f"mlops-{name}"}]},
        },
    )

"""Access entries: who may enter a cluster, and with which access policies."""

from __future__ import annotations

from rehearsal.providers.eks.component import Blueprint
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.traced import Traced
from rehearsal.providers.wire import as_object


def access_entries(plan: Blueprint, own: Registered, cluster: Registered) -> tuple[str, ...]:
    """URNs of the registered entries and associations."""
    entries = as_object(plan["accessEntries"].value)
    urns: list[str] = []
    for key in sorted(entries):
        entry = Traced(entries[key], plan["accessEntries"].urns)
        made = plan.monitor.resource(
            "aws:eks/accessEntry:AccessEntry",
            f"{plan.name}-{key}",
            {
                "clusterName": cluster["name"],
                **{
                    name: entry[name]
                    for name in ("principalArn", "kubernetesGroups", "username", "type", "tags")
                },
            },
            plan.under(own, depends_on=(cluster.urn,)),
        )
        urns += [made.urn, *_associations(plan, made, key, entry, cluster)]
    return tuple(urns)


def _associations(
    plan: Blueprint, made: Registered, key: str, entry: Traced, cluster: Registered
) -> list[str]:
    policies = as_object(entry["accessPolicies"].value)
    return [
        plan.monitor.resource(
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            f"{plan.name}-{key}-{name}",
            {
                "clusterName": cluster["name"],
                "principalArn": entry["principalArn"],
                "policyArn": Traced(policies[name], entry.urns)["policyArn"],
                "accessScope": Traced(policies[name], entry.urns)["accessScope"],
            },
            plan.under(made, depends_on=(made.urn,)),
        ).urn
        for name in sorted(policies)
    ]

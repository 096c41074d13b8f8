"""Admission policies: what holds for every object, whoever makes it, releases included.

The policy pack sees a release's values, not its pods; the API server sees each of them. What
the rules are stands in `pod_policies` and `object_policies`.
Source: Kubernetes, validating admission policy (CEL).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.services.plan import Object

EXEMPT = "kube-system"
"""EKS keeps its own add-ons here and changes them itself. Nobody but its controllers and who
administers the whole cluster writes here (`administration`)."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One rule: denied unless `holds` (a CEL expression) is true."""

    name: str
    because: str
    fix: str
    holds: str
    kinds: Mapping[str, Sequence[str]]
    """API group → resources, with subresources as in `pods/ephemeralcontainers`."""
    exempt: tuple[str, ...] = ()
    """Namespaces that need what the policy forbids."""
    only: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels of the namespaces that it holds in; none: everywhere."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """CEL expressions that `holds` names; evaluated only when it does."""


def admission(made: Sequence[Policy]) -> list[Object]:
    """A policy and its binding for each."""
    return [part for one in made for part in (_policy(one), _binding(one))]


def _policy(policy: Policy) -> Object:
    return Object(
        name=f"policy-{policy.name}",
        manifest={
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": f"mlops-{policy.name}"},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": _rules(policy)},
                "variables": [
                    {"name": name, "expression": expression}
                    for name, expression in policy.variables.items()
                ],
                "validations": [
                    {
                        "expression": policy.holds,
                        "message": f"{policy.name}: {policy.because}; {policy.fix}",
                        "reason": "Invalid",
                    }
                ],
            },
        },
    )


def _rules(policy: Policy) -> list[dict[str, Any]]:
    return [
        {
            "apiGroups": [group],
            "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE"],
            "resources": list(resources),
        }
        for group, resources in policy.kinds.items()
    ]


def _binding(policy: Policy) -> Object:
    selector: dict[str, Any] = {
        "matchExpressions": [
            {
                "key": "kubernetes.io/metadata.name",
                "operator": "NotIn",
                "values": [EXEMPT, *policy.exempt],
            }
        ]
    }
    if policy.only:
        selector["matchLabels"] = dict(policy.only)
    return Object(
        name=f"binding-{policy.name}",
        manifest={
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": f"mlops-{policy.name}"},
            "spec": {
                "policyName": f"mlops-{policy.name}",
                "validationActions": ["Deny", "Audit"],
                "matchResources": {"namespaceSelector": selector},
            },
        },
        after=(f"policy-{policy.name}",),
    )

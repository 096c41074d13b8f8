"""`eks:index:ServiceRole`: a role that a service assumes, with its managed policies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from rehearsal.providers.eks.component import Blueprint
from rehearsal.providers.eks.monitor import Registered


def service_role(
    plan: Blueprint,
    own: Registered,
    name: str,
    *,
    service: str,
    actions: Sequence[str],
    policies: Sequence[str],
    description: str,
) -> tuple[Registered, tuple[str, ...]]:
    """The role and the URNs of its policy attachments."""
    component = plan.monitor.component("eks:index:ServiceRole", name, plan.under(own))
    role = plan.monitor.resource(
        "aws:iam/role:Role",
        f"{name}-role",
        {
            "assumeRolePolicy": _trust(service, actions),
            "description": description,
            "tags": plan["tags"],
        },
        plan.under(component),
    )
    attachments = tuple(_attachment(plan, component, role, name, policy) for policy in policies)
    plan.monitor.finish(component, {"directRole": role.reference, "resolvedRole": role.reference})
    return role, attachments


def _attachment(
    plan: Blueprint, component: Registered, role: Registered, name: str, policy: str
) -> str:
    arn = f"arn:aws:iam::aws:policy/{policy}"
    # The official provider names attachments after a digest of the policy's ARN, too.
    digest = hashlib.sha1(arn.encode(), usedforsecurity=False).hexdigest()[:8]
    return plan.monitor.resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        f"{name}-{digest}",
        {"policyArn": arn, "role": role.reference},
        plan.under(component),
    ).urn


def _trust(service: str, actions: Sequence[str]) -> str:
    statement = {"Action": list(actions), "Effect": "Allow", "Principal": {"Service": [service]}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))

"""IAM policy documents from typed statements.

Sits below every component that makes a role: nothing else in `components/` writes policy JSON
for a role, so that a reviewer finds each permission as a `Statement`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi import Input

POLICY_VERSION = "2012-10-17"

Conditions = Mapping[str, Mapping[str, Input[str] | Sequence[Input[str]]]]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a role may do, or with `effect` never may, whatever else it may. `conditions` maps an
    operator to keys and their values."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[Input[str]]
    conditions: Conditions = field(default_factory=dict[str, dict[str, str]])
    effect: Literal["Allow", "Deny"] = "Allow"

    def document(self) -> dict[str, object]:
        """The statement as IAM reads it."""
        written: dict[str, object] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        return {**written, "Condition": self.conditions} if self.conditions else written


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Who may take a role: one AWS service, pinned by conditions where the service sends them."""

    service: str
    actions: Sequence[str] = ("sts:AssumeRole",)
    conditions: Conditions = field(default_factory=dict[str, dict[str, str]])

    def policy(self) -> pulumi.Output[str]:
        """The role's trust policy as JSON."""
        statement: dict[str, object] = {
            "Effect": "Allow",
            "Principal": {"Service": self.service},
            "Action": list(self.actions),
        }
        if self.conditions:
            statement["Condition"] = self.conditions
        return policy_json([statement])


def permissions_policy(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The statements as one policy document in JSON."""
    return policy_json([statement.document() for statement in statements])


def policy_json(statements: Sequence[Mapping[str, object]]) -> pulumi.Output[str]:
    """Statements that are already in IAM's words, as one policy document in JSON."""
    return pulumi.Output.json_dumps({"Version": POLICY_VERSION, "Statement": list(statements)})

"""ECR repositories."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide"


def _priorities(call: Call) -> str | None:
    rules = _rules(call)
    numbers = [int(rule.get("rulePriority", 0)) for rule in rules]
    if len(numbers) != len(set(numbers)):
        return "Lifecycle policy validation failure: rulePriority must be unique"
    for rule in rules:
        any_tag = mapping(rule.get("selection")).get("tagStatus") == "any"
        if any_tag and rule.get("rulePriority") != max(numbers, default=0):
            return (
                "Lifecycle policy validation failure: a rule with tagStatus 'any' must have the"
                " highest value for rulePriority and be evaluated last"
            )
    return None


def _rules(call: Call) -> list[dict[str, Any]]:
    try:
        policy = json.loads(call.params["lifecyclePolicyText"])
    except ValueError:
        return []
    return [mapping(rule) for rule in listing(mapping(policy).get("rules"))]


def _no_rules(call: Call) -> str | None:
    if not _rules(call):
        return "Lifecycle policy validation failure: a policy is JSON with at least one rule"
    return None


RULES = (
    Rule(
        name="a lifecycle policy of images has rules",
        service="ecr",
        operations=("PutLifecyclePolicy",),
        code="InvalidParameterException",
        url=f"{DOCS}/lifecycle_policy_parameters.html",
        broken=_no_rules,
    ),
    Rule(
        name="a rule for any image is the last",
        service="ecr",
        operations=("PutLifecyclePolicy",),
        code="InvalidParameterException",
        url=f"{DOCS}/lifecycle_policy_parameters.html",
        broken=_priorities,
    ),
)

"""Every rule of the refusals table refuses a call with AWS's code, and lets its neighbour
pass, as a boto3 client sees it."""

from __future__ import annotations

import pytest

from rehearsal.cloud.refusals import RULES
from rehearsal.cloud.refusals.rule import Rule
from tests.rehearsal.cloud.account import Account
from tests.rehearsal.cloud.refusals import (
    caches,
    copies,
    databases,
    edge,
    encryption,
    guardrails,
    identity,
    kubernetes,
    network,
    storage,
    tables,
)
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples(
    network.EXAMPLES
    | kubernetes.EXAMPLES
    | databases.EXAMPLES
    | caches.EXAMPLES
    | copies.EXAMPLES
    | encryption.EXAMPLES
    | identity.EXAMPLES
    | storage.EXAMPLES
    | tables.EXAMPLES
    | edge.EXAMPLES
    | guardrails.EXAMPLES
)
MINIMUM_RULES = 70


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    assert {rule.name for rule in RULES} == set(EXAMPLES)


def test_the_table_is_as_long_as_it_claims() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) >= MINIMUM_RULES


def test_every_rule_says_where_aws_documents_it() -> None:
    assert all(
        rule.url.startswith(("https://docs.aws.amazon.com/", "https://kubernetes.io/"))
        for rule in RULES
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.service}: {rule.name}")
def test_aws_refuses_what_breaks_the_rule_and_only_that(account: Account, rule: Rule) -> None:
    refused = Refused(rule.code)
    EXAMPLES[rule.name](account, refused)
    calls = [
        call
        for call in account.control("GET", "calls")
        if call["service"] == rule.service and call["operation"] in rule.operations
    ]
    assert refused.count == len([call for call in calls if call["by"] == "refusal"]) > 0
    assert [call for call in calls if call["status"] < 300], "no neighbour passed"

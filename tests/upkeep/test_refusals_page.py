"""The page of refusals has a row per rule, with its source."""

from dataclasses import dataclass

from upkeep.refusals_page import refusals_page


@dataclass(frozen=True)
class Rule:
    name: str = "a subnet in use stays"
    service: str = "ec2"
    operations: tuple[str, ...] = ("DeleteSubnet",)
    code: str = "DependencyViolation"
    url: str = "https://docs.example/subnets"


def test_a_rule_is_a_row_that_links_to_where_aws_documents_it() -> None:
    assert refusals_page([Rule()]).splitlines()[-1] == (
        "| ec2 | [a subnet in use stays](https://docs.example/subnets) | `DeleteSubnet` "
        "| `DependencyViolation` |"
    )


def test_rules_stand_in_their_order() -> None:
    rows = refusals_page([Rule(name="b"), Rule(name="a")]).splitlines()[-2:]
    assert ["[b]" in rows[0], "[a]" in rows[1]] == [True, True]

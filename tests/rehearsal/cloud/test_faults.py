"""Faults on demand, as a client meets them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from rehearsal.calling import on_behalf, sign
from rehearsal.cloud import faults
from rehearsal.cloud.faults import FaultError, Faults
from tests.rehearsal.cloud.account import Account


def inject(account: Account, **fault: Any) -> None:
    account.control("POST", "faults", fault)


def test_a_throttled_service_says_so_in_its_own_words_and_then_answers(account: Account) -> None:
    inject(account, kind="throttle", service="ec2", operation="Describe*", count=1)
    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        account.ec2.describe_vpcs()
    assert account.ec2.describe_vpcs()["Vpcs"]


def test_an_error_hits_only_the_operations_named(account: Account) -> None:
    inject(account, kind="error", service="eks", operation="Create*", code="ServerException")
    account.eks.list_clusters()
    with pytest.raises(ClientError, match="ServerException"):
        account.cluster()


def test_a_timeout_breaks_the_connection_after_a_while(account: Account) -> None:
    inject(account, kind="timeout", service="kms", seconds=0.2, count=1)
    started = time.monotonic()
    with pytest.raises(ConnectionClosedError):
        account.kms.list_keys()
    assert time.monotonic() - started >= 0.2
    account.kms.list_keys()


def test_a_lost_answer_is_that_of_a_call_that_was_carried_out(account: Account) -> None:
    inject(account, kind="lost-answer", service="kms", seconds=0.2, count=1)
    before = account.kms.list_keys()["Keys"]
    with pytest.raises(ConnectionClosedError):
        account.kms.create_key()
    assert len(account.kms.list_keys()["Keys"]) == len(before) + 1
    account.kms.create_key()


def test_a_lost_region_answers_nothing_while_the_other_does(account: Account) -> None:
    inject(account, kind="lost-region", region="us-east-1")
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        account.ec2.describe_vpcs()
    account.there("us-west-2").ec2.describe_vpcs()


def test_global_services_of_a_lost_region_still_answer_reads(account: Account) -> None:
    inject(account, kind="lost-region", region="us-east-1")
    account.iam.list_roles()
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        account.role("reader")


def test_a_lost_zone_takes_nothing_new_while_the_others_do(account: Account) -> None:
    first, second = account.subnets(account.vpc(), "ab")
    inject(account, kind="lost-zone", zone="us-east-1a")
    with pytest.raises(ClientError, match="us-east-1a is out of service"):
        account.ec2.create_nat_gateway(SubnetId=first, ConnectivityType="private")
    account.ec2.create_nat_gateway(SubnetId=second, ConnectivityType="private")


def test_what_spreads_over_zones_is_made_in_those_that_are_left(account: Account) -> None:
    subnets = account.subnets(account.vpc(), "ab")
    inject(account, kind="lost-zone", zone="us-east-1a")
    account.rds.create_db_subnet_group(
        DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    (group,) = account.rds.describe_db_subnet_groups()["DBSubnetGroups"]
    assert {each["SubnetIdentifier"] for each in group["Subnets"]} == set(subnets)


def test_faults_are_listed_and_ended(account: Account) -> None:
    inject(account, kind="throttle")
    assert [each["kind"] for each in account.control("GET", "faults")] == ["throttle"]
    account.control("DELETE", "faults")
    account.ec2.describe_vpcs()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "expected a JSON object"),
        ({"kind": "flood"}, "kind: expected one of throttle"),
        ({"kind": "throttle", "servce": "ec2"}, "servce: unknown field"),
        ({"kind": "lost-zone"}, "zone: expected the name"),
        ({"kind": "lost-region"}, "region: expected the name"),
        ({"kind": "slow-replica"}, "region: expected the name of a region, for kind slow-replica"),
        ({"kind": "stopped-replica"}, "region: expected the name"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_naming_its_field(document: Any, said: str) -> None:
    with pytest.raises(FaultError, match=said):
        faults.parse(document)


def test_a_fault_with_a_count_is_used_up() -> None:
    held = Faults()
    held.add(faults.parse({"kind": "throttle", "count": 2}))
    taken = [held.take("ec2", "DescribeVpcs", "us-east-1") for _ in range(3)]
    assert [fault is not None for fault in taken] == [True, True, False]
    assert held.listed() == []


def test_a_fault_may_hit_one_caller_alone(account: Account) -> None:
    inject(account, kind="error", caller="creating aws:kms/key:Key (data)", code="ServerException")
    account.kms.list_keys()
    account.kms.meta.events.register("before-send", sign)
    with (
        on_behalf("creating aws:kms/key:Key (data)"),
        pytest.raises(ClientError, match="ServerException"),
    ):
        account.kms.list_keys()


def test_outages_are_remembered_until_the_account_is_emptied(account: Account) -> None:
    inject(account, kind="lost-region", region="us-east-1")
    (lasts,) = account.control("GET", "outages")
    account.control("DELETE", "faults")
    (over,) = account.control("GET", "outages")
    assert (lasts["region"], lasts["until"]) == ("us-east-1", None)
    assert over["since"] == lasts["since"] <= over["until"]
    account.control("POST", "reset")
    assert account.control("GET", "outages") == []

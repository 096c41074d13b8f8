"""Records come and go one by one, by name, type and set identifier together."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import Account

NAMES = ("api.example.com", "models.example.com")
PLAIN = {"TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}


@pytest.fixture
def zone(account: Account) -> str:
    """The zone example.com, in which each of two names has two weighted records."""
    made = account.route53.create_hosted_zone(Name="example.com", CallerReference="a")
    zone_id = made["HostedZone"]["Id"]
    for name in NAMES:
        for place in ("here", "there"):
            _change(account, zone_id, "CREATE", name, SetIdentifier=place, Weight=1)
    return zone_id


def _change(account: Account, zone: str, action: str, name: str, **more: Any) -> None:
    record = {"Name": name, "Type": "A", **PLAIN, **more}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    account.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _there(account: Account, zone: str) -> set[tuple[str, str]]:
    found = account.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {(one["Name"], one["SetIdentifier"]) for one in found if one["Type"] == "A"}


def test_deleting_a_record_leaves_those_of_the_same_identifier(account: Account, zone: str) -> None:
    _change(account, zone, "DELETE", NAMES[0], SetIdentifier="here", Weight=1)
    assert _there(account, zone) == {
        ("api.example.com.", "there"),
        ("models.example.com.", "here"),
        ("models.example.com.", "there"),
    }


def test_a_deleted_record_can_be_made_again(account: Account, zone: str) -> None:
    before = _there(account, zone)
    for action in ("DELETE", "CREATE"):
        _change(account, zone, action, NAMES[0], SetIdentifier="here", Weight=1)
    assert _there(account, zone) == before


def test_a_batch_with_one_wrong_change_changes_nothing(account: Account, zone: str) -> None:
    before = _there(account, zone)
    batch = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "a.example.com", "Type": "A", **PLAIN}},
        {"Action": "DELETE", "ResourceRecordSet": {"Name": "b.example.com", "Type": "A", **PLAIN}},
    ]
    with pytest.raises(ClientError, match="but it was not found"):
        account.route53.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": batch}
        )
    assert _there(account, zone) == before


@pytest.mark.parametrize(
    ("action", "name", "changed", "told"),
    [
        ("DELETE", NAMES[0], {"TTL": 61}, "do not match the current values"),
        ("CREATE", "api.example.org", {}, "is not permitted in zone example.com."),
        (
            "CREATE",
            "many.example.com",
            {"ResourceRecords": [{"Value": f"10.0.{n // 250}.{n % 250}"} for n in range(1001)]},
            "limit of 1000 exceeded",
        ),
    ],
)
def test_what_route_53_refuses_of_a_batch_is_refused(
    account: Account, zone: str, action: str, name: str, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told):
        _change(account, zone, action, name, SetIdentifier="here", Weight=1, **changed)


def test_a_zone_that_is_not_there_has_no_records(account: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchHostedZone"):
        _change(account, "Z0123456789", "CREATE", "a.example.com")

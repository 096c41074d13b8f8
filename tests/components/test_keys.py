"""Customer keys: what they are, who may use them, and how a second region gets them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.alert_topics import PUBLISHERS
from components.base import Site
from components.key_policies import ALERT_PUBLISHERS, PURPOSES, Purpose, key_policy
from components.keys import Keys, KeysArgs
from tests.components.recorder import ACCOUNT, Recording, record

KEY = "aws:kms/key:Key"
REPLICA = "aws:kms/replicaKey:ReplicaKey"
GRANT = "aws:kms/grant:Grant"
PRIMARIES: Mapping[Purpose, str] = {
    purpose: f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-{purpose}" for purpose in PURPOSES
}


def built(site: Site, args: KeysArgs | None = None) -> Recording[Keys]:
    return record(lambda: Keys("keys", args or KeysArgs(), site))


def statements(site: Site, purpose: Purpose) -> dict[str, Any]:
    document = json.loads(key_policy(site, purpose))
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_there_is_one_rotating_multi_region_key_per_purpose(site: Site) -> None:
    keys = built(site).all(KEY)
    assert [key.name for key in keys] == ["keys-data", "keys-secrets", "keys-logs"]
    for key in keys:
        assert key.inputs["multiRegion"] is True
        assert key.inputs["enableKeyRotation"] is True
        assert key.inputs["deletionWindowInDays"] == 30
        assert key.protect


def test_keys_are_tagged_and_named_by_an_alias(site: Site) -> None:
    recording = built(site)
    key = recording.one(KEY, "keys-data")
    assert key.tags["Name"] == "mlops-platform-production-data"
    assert key.tags["Owner"] == "ml-platform"
    assert key.tags["mlops:id"].endswith(":keys-data")
    alias = recording.one("aws:kms/alias:Alias", "keys-data-alias")
    assert alias.inputs["name"] == "alias/mlops-platform-production-data"
    assert recording.waits_for(alias, key)


def test_every_child_belongs_to_the_component(site: Site) -> None:
    recording = built(site, KeysArgs(auto_scaling_role="create"))
    component = recording.one("mlops:components:Keys")
    assert {child.parent for child in recording.resources if child != component} == {component.urn}


def test_protection_is_lifted_while_a_stack_is_torn_down(site: Site) -> None:
    recording = built(replace(site, protect_data=False))
    assert not any(key.protect for key in recording.all(KEY))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_key_policy_names_the_account_and_services_only(site: Site, purpose: Purpose) -> None:
    for statement in statements(site, purpose).values():
        principal = statement["Principal"]
        assert principal.get("AWS", site.root_arn) == site.root_arn
        assert set(principal) in ({"AWS"}, {"Service"})


@pytest.mark.parametrize("purpose", PURPOSES)
def test_nobody_decrypts_without_a_condition(site: Site, purpose: Purpose) -> None:
    for sid, statement in statements(site, purpose).items():
        decrypts = any(
            action in ("kms:Decrypt", "kms:*") or action.startswith("kms:GenerateDataKey")
            for action in statement["Action"]
        )
        assert not decrypts or statement["Condition"], sid


def test_people_use_a_key_only_through_the_services_of_its_purpose(site: Site) -> None:
    condition = statements(site, "secrets")["UseThroughServices"]["Condition"]["StringEquals"]
    assert condition["kms:ViaService"] == [
        "eks.us-east-1.amazonaws.com",
        "secretsmanager.us-east-1.amazonaws.com",
        "ssm.us-east-1.amazonaws.com",
    ]
    assert condition["kms:CallerAccount"] == ACCOUNT


def test_roles_of_the_platform_are_known_by_their_path(site: Site) -> None:
    condition = statements(site, "data")["UseByRolesOfThePlatform"]["Condition"]
    assert condition["ArnLike"] == {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/mlops/*"}


def test_only_the_logs_key_serves_log_services_each_within_the_account(site: Site) -> None:
    logs = statements(site, "logs")
    groups = logs["LogGroupsOfTheAccount"]
    assert groups["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert groups["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"
        }
    }
    trails = f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"
    assert logs["TrailsOfTheAccount"]["Condition"] == {
        "ArnLike": {"aws:SourceArn": trails},
        "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": trails},
    }
    assert not any("Service" in it["Principal"] for it in statements(site, "data").values())


def test_whatever_publishes_alerts_may_use_the_logs_key() -> None:
    assert set(ALERT_PUBLISHERS) == set(PUBLISHERS)


def test_auto_scaling_gets_a_grant_on_the_data_key_before_anyone_takes_its_arn(
    site: Site,
) -> None:
    recording = built(site)
    grant = recording.one(GRANT)
    assert grant.inputs["granteePrincipal"] == (
        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com"
        "/AWSServiceRoleForAutoScaling"
    )
    assert "GenerateDataKeyWithoutPlaintext" in grant.inputs["operations"]
    assert "CreateGrant" in grant.inputs["operations"]
    assert grant.inputs["keyId"] == recording.value(recording.result.data)
    assert not recording.has("aws:iam/serviceLinkedRole:ServiceLinkedRole")


def test_auto_scalings_role_is_made_where_the_account_never_had_one(site: Site) -> None:
    recording = built(site, KeysArgs(auto_scaling_role="create"))
    role = recording.one("aws:iam/serviceLinkedRole:ServiceLinkedRole")
    assert role.inputs["awsServiceName"] == "autoscaling.amazonaws.com"
    assert recording.waits_for(recording.one(GRANT), role)


def test_no_grant_where_node_volumes_do_not_use_the_key(site: Site) -> None:
    assert not built(site, KeysArgs(auto_scaling_role="off")).has(GRANT)


def test_a_second_region_gets_replicas_with_its_own_policies(site: Site) -> None:
    dr = replace(site, region="us-west-2", prefix="mlops-platform-dr")
    recording = built(dr, KeysArgs(replica_of=PRIMARIES))
    assert not recording.has(KEY)
    replicas = recording.all(REPLICA)
    assert [it.inputs["primaryKeyArn"] for it in replicas] == list(PRIMARIES.values())
    assert all(it.protect for it in replicas)
    assert "rds.us-west-2.amazonaws.com" in replicas[0].inputs["policy"]
    aliases = recording.all("aws:kms/alias:Alias")
    assert aliases[0].inputs["name"] == "alias/mlops-platform-dr-data"


def test_adopted_keys_are_read_and_neither_named_nor_changed(site: Site) -> None:
    recording = built(site, KeysArgs(adopted=PRIMARIES))
    assert [key.read_id for key in recording.all(KEY)] == list(PRIMARIES.values())
    assert not recording.has("aws:kms/alias:Alias")
    assert recording.one(GRANT)


def test_a_purpose_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"adopted: no key for \['secrets', 'logs'\]"):
        KeysArgs(adopted={"data": "arn"})
    with pytest.raises(ValueError, match="replica_of: no key"):
        KeysArgs(replica_of={})


def test_keys_are_not_both_adopted_and_replicated() -> None:
    with pytest.raises(ValueError, match="adopted, replica_of"):
        KeysArgs(adopted=PRIMARIES, replica_of=PRIMARIES)

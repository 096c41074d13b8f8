"""What a repair writes, where the rule alone would take several values."""

from __future__ import annotations

from typing import Any, cast

from policies.catalogue import RULES
from policies.repair import Draft
from policies.rule import ResourceRule
from tests.policies.scene import Described, recorded, settings_of

TEMPLATE = recorded("aws:ec2/launchTemplate:LaunchTemplate")
CLASS = recorded("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
DATABASE = recorded("aws:rds/instance:Instance")


def _repaired(rule: str, one: Described) -> dict[str, Any]:
    found = next(each for each in RULES if each.name == rule)
    assert isinstance(found, ResourceRule)
    assert found.repair is not None
    raw = cast("dict[str, Any]", one.but({}).properties)
    found.repair(one.subject(settings_of("primary")), Draft(raw))
    return raw


def test_a_disk_is_encrypted_in_the_words_of_its_api_and_a_place_without_one_is_left() -> None:
    places = [{"ebs": {"volumeSize": 20.0}}, {"virtualName": "ephemeral0"}]
    template = _repaired("node-volumes-encrypted", TEMPLATE.but({"blockDeviceMappings": places}))
    encrypted = {"ebs": {"volumeSize": 20.0, "encrypted": "true"}}
    assert template["blockDeviceMappings"] == [encrypted, places[1]]
    node_class = _repaired(
        "node-volumes-encrypted", CLASS.but({"spec.blockDeviceMappings.0.ebs.encrypted": False})
    )
    assert node_class["spec"]["blockDeviceMappings"][0]["ebs"]["encrypted"] is True


def test_only_what_asks_for_a_public_address_is_changed() -> None:
    interfaces = [{"deviceIndex": 1}, {"associatePublicIpAddress": "true"}]
    template = _repaired("no-public-nodes", TEMPLATE.but({"networkInterfaces": interfaces}))
    assert template["networkInterfaces"] == [
        {"deviceIndex": 1}, {"associatePublicIpAddress": "false"},
    ]  # fmt: skip
    assert "spec" not in template
    node_class = _repaired("no-public-nodes", CLASS.but({"spec.associatePublicIPAddress": True}))
    assert node_class["spec"]["associatePublicIPAddress"] is False


def test_a_final_snapshot_keeps_its_name_and_gets_one_from_the_database_s() -> None:
    named = _repaired("database-deletion-protected", DATABASE.but({"skipFinalSnapshot": True}))
    kept = DATABASE.properties["finalSnapshotIdentifier"]
    assert (named["skipFinalSnapshot"], named["finalSnapshotIdentifier"]) == (False, kept)
    unnamed = DATABASE.but({"finalSnapshotIdentifier": None})
    repaired = _repaired("database-deletion-protected", unnamed)
    assert repaired["finalSnapshotIdentifier"] == "database-instance-final"


def test_a_replica_is_protected_and_gets_no_final_snapshot() -> None:
    replica = DATABASE.but(
        {
            "replicateSourceDb": "arn:source",
            "deletionProtection": False,
            "skipFinalSnapshot": True,
            "finalSnapshotIdentifier": None,
        }
    )
    repaired = _repaired("database-deletion-protected", replica)
    assert (repaired["deletionProtection"], repaired["skipFinalSnapshot"]) == (True, True)
    assert "finalSnapshotIdentifier" not in repaired


def test_a_rule_of_a_group_is_described_by_its_place() -> None:
    rules = [{"fromPort": 443.0, "description": "Clients"}, {"fromPort": 80.0}]
    group = Described(
        type="aws:ec2/securityGroup:SecurityGroup", name="edge", properties={"ingress": rules}
    )
    repaired = _repaired("security-group-rules-described", group)["ingress"]
    assert [rule["description"] for rule in repaired] == ["Clients", "edge: ingress 1"]
    alone = recorded("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    described = _repaired("security-group-rules-described", alone.but({"description": ""}))
    assert described["description"] == alone.name

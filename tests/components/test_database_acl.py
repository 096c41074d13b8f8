"""The database subnets' network ACL."""

from __future__ import annotations

from components.base import Site
from components.database_acl import DatabaseAcl, DatabaseAclArgs
from tests.components.recorder import record


def test_only_postgresql_comes_in_and_only_answers_leave(site: Site) -> None:
    args = DatabaseAclArgs(
        vpc_id="vpc-1", subnet_ids=["subnet-1"], clients=["10.0.0.0/18", "10.0.64.0/18"]
    )
    acl = record(lambda: DatabaseAcl("acl", args, site)).one("aws:ec2/networkAcl:NetworkAcl")
    assert acl.inputs["subnetIds"] == ["subnet-1"]
    queries, answers = acl.inputs["ingress"], acl.inputs["egress"]
    assert [rule["cidrBlock"] for rule in queries] == ["10.0.0.0/18", "10.0.64.0/18"]
    assert {(rule["fromPort"], rule["toPort"]) for rule in queries} == {(5432, 5432)}
    assert [rule["cidrBlock"] for rule in answers] == ["10.0.0.0/18", "10.0.64.0/18"]
    assert {(rule["fromPort"], rule["toPort"]) for rule in answers} == {(1024, 65535)}
    assert {rule["action"] for rule in [*queries, *answers]} == {"allow"}
    assert len({rule["ruleNo"] for rule in queries}) == 2

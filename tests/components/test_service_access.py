"""The security group in front of a service."""

from __future__ import annotations

from components.base import Site
from components.service_access import ServiceAccess, ServiceAccessArgs
from tests.components.recorder import Recording, record

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def built(site: Site) -> Recording[ServiceAccess]:
    args = ServiceAccessArgs(
        description="PostgreSQL",
        vpc_id="vpc-1",
        port=5432,
        clients={"nodes": "sg-nodes", "runner": "sg-runner"},
        blocks={"vpn": "10.9.0.0/16"},
    )
    return record(lambda: ServiceAccess("database-access", args, site))


def test_each_client_has_a_rule_of_its_own_that_says_why(site: Site) -> None:
    rules = {rule.name: rule.inputs for rule in built(site).all(RULE)}
    assert set(rules) == {
        "database-access-from-nodes",
        "database-access-from-runner",
        "database-access-from-vpn",
    }
    nodes = rules["database-access-from-nodes"]
    assert nodes["referencedSecurityGroupId"] == "sg-nodes"
    assert "cidrIpv4" not in nodes
    assert nodes["description"] == "database-access: port 5432 from nodes"
    assert rules["database-access-from-vpn"]["cidrIpv4"] == "10.9.0.0/16"


def test_the_group_has_no_rules_inside_and_no_way_out(site: Site) -> None:
    recording = built(site)
    group = recording.one("aws:ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs
    assert group.inputs["name"] == "mlops-platform-production-database-access"
    assert not recording.has("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")

"""What security groups and network ACLs let through, as the account shows it."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.life import Living
from tests.rehearsal.providers.aws.lives.firewalls import ACL, ACL_RULE, GROUP, POSTGRES
from tests.rehearsal.providers.aws.lives.networks import VPC


def _group(living: Living, name: str = "it") -> dict[str, Any]:
    asked = {"GroupIds": [living.made[name].found.id]}
    return living.account("ec2").describe_security_groups(**asked)["SecurityGroups"][0]


def test_a_new_group_sends_nothing_until_it_is_told_to(living: Living) -> None:
    living.make(*GROUP)
    assert _group(living)["IpPermissionsEgress"] == []


def test_the_default_security_group_lets_nothing_in_or_out(living: Living) -> None:
    living.make(*VPC, "vpc")
    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    living.make(token, {"vpcId": "{before.vpc.id}"})
    group = _group(living)
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


def test_a_rule_opened_in_the_default_group_is_drift_without_any_rule_given(
    living: Living,
) -> None:
    living.make(*VPC, "vpc")
    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    made = living.make(token, {"vpcId": "{before.vpc.id}"})
    living.account("ec2").authorize_security_group_ingress(
        GroupId=made.found.id, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    found = living.refreshed()
    assert found is not None
    assert found.outputs["ingress"][0]["cidrBlocks"] == ["0.0.0.0/0"]


def test_rules_of_their_own_are_no_drift_of_the_group(living: Living) -> None:
    made = living.make(*GROUP)
    rule = {**POSTGRES, "type": "ingress", "cidrBlocks": ["10.0.0.0/16"]}
    token = "aws:ec2/securityGroupRule:SecurityGroupRule"
    living.make(token, {**rule, "securityGroupId": "{before.it.id}"}, "rule")
    found = living.refreshed()
    assert found is not None
    assert found.outputs == made.found.outputs


def test_a_rule_may_be_spelled_in_several_ways(living: Living) -> None:
    spelled = {"protocol": "6", "fromPort": 5432, "toPort": 5432, "self": True}
    many = {**POSTGRES, "cidrBlocks": ["10.0.2.0/24", "10.0.1.0/24"]}
    made = living.make(GROUP[0], {**GROUP[1], "ingress": [many, spelled]})
    found = living.refreshed()
    assert found is not None
    assert found.inputs == made.inputs


def test_one_lost_source_of_a_rule_is_told_apart_from_a_lost_rule(living: Living) -> None:
    living.make(*GROUP, "group")
    living.make(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        {
            **POSTGRES,
            "type": "ingress",
            "securityGroupId": "{before.group.id}",
            "cidrBlocks": ["10.0.1.0/24", "10.0.2.0/24"],
        },
    )
    living.account("ec2").revoke_security_group_ingress(
        GroupId=living.made["group"].found.id,
        IpProtocol="tcp",
        FromPort=5432,
        ToPort=5432,
        CidrIp="10.0.1.0/24",
    )
    found = living.refreshed()
    assert found is not None
    assert found.inputs["cidrBlocks"] == ["10.0.2.0/24"]


def test_a_group_is_deleted_with_its_rules_when_it_says_so(living: Living) -> None:
    living.make(GROUP[0], {**GROUP[1], "revokeRulesOnDelete": True})
    living.make(GROUP[0], {**GROUP[1], "name": "other"}, "other")
    rule = {**POSTGRES, "type": "ingress", "sourceSecurityGroupId": "{before.other.id}"}
    token = "aws:ec2/securityGroupRule:SecurityGroupRule"
    living.make(token, {**rule, "securityGroupId": "{before.it.id}"}, "rule")
    living.delete()
    living.delete("other")
    assert living.refreshed("other") is None


def test_a_subnet_goes_back_to_the_default_acl(living: Living) -> None:
    account = living.account
    living.make(ACL[0], {**ACL[1], "subnetIds": ["{subnet_b}"], "ingress": [ACL_RULE]})
    living.deploy({"subnetIds": []})
    wanted = [{"Name": "association.subnet-id", "Values": [account.subnet_b]}]
    found = account("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"]
    assert [acl["IsDefault"] for acl in found] == [True]

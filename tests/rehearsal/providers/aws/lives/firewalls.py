"""Lives of security groups, network ACLs and their rules."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives.networks import VPC

GROUP = ("aws:ec2/securityGroup:SecurityGroup", {"name": "database", "vpcId": "{vpc}"})
ACL = ("aws:ec2/networkAcl:NetworkAcl", {"vpcId": "{vpc}"})
POSTGRES = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432}
EVERYTHING = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
ACL_RULE = {
    "ruleNo": 100,
    "action": "allow",
    "protocol": "tcp",
    "fromPort": 5432,
    "toPort": 5432,
    "cidrBlock": "10.0.0.0/16",
}


def _group(account: Account, id_: str) -> Any:
    return account("ec2").describe_security_groups(GroupIds=[id_])["SecurityGroups"][0]


def _ranges(account: Account, name: str) -> Any:
    """CIDRs that may come in, of the group of that name."""
    wanted = [{"Name": "group-name", "Values": [name]}]
    found = account("ec2").describe_security_groups(Filters=wanted)["SecurityGroups"]
    return [
        [one["CidrIp"], one.get("Description")]
        for group in found
        for rule in group["IpPermissions"]
        for one in rule["IpRanges"]
    ]


def _opened(account: Account, id_: str) -> None:
    account("ec2").authorize_security_group_ingress(
        GroupId=id_, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )


def _closed(account: Account, _id: str) -> None:
    """Revoke what the group `database` lets in and out, except to anywhere."""
    ec2 = account("ec2")
    wanted = [{"Name": "group-name", "Values": ["database"]}]
    group = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0]
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(
            GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]
        )
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(
            GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"]
        )


def _entries(account: Account, id_: str) -> Any:
    acl = account("ec2").describe_network_acls(NetworkAclIds=[id_])["NetworkAcls"][0]
    return [
        [entry["RuleNumber"], entry["RuleAction"], entry["Egress"]]
        for entry in acl["Entries"]
        if entry["RuleNumber"] < 32767
    ]


def _rule_refused(account: Account, id_: str) -> None:
    account("ec2").replace_network_acl_entry(
        NetworkAclId=id_,
        RuleNumber=100,
        RuleAction="deny",
        Protocol="6",
        PortRange={"From": 5432, "To": 5432},
        CidrBlock="10.0.0.0/16",
        Egress=False,
    )


def _rules_gone(account: Account, _id: str) -> None:
    ec2 = account("ec2")
    for acl in ec2.describe_network_acls()["NetworkAcls"]:
        for entry in acl["Entries"]:
            if entry["RuleNumber"] == 110:
                ec2.delete_network_acl_entry(
                    NetworkAclId=acl["NetworkAclId"], RuleNumber=110, Egress=entry["Egress"]
                )


LIVES = (
    Life(
        token=GROUP[0],
        props={
            **GROUP[1],
            "description": "the database",
            "ingress": [
                {**POSTGRES, "securityGroups": ["{group}"], "description": "from nodes"},
                {**POSTGRES, "cidrBlocks": ["10.0.1.0/24", "10.0.2.0/24"]},
                {**POSTGRES, "self": True},
            ],
            "egress": [EVERYTHING],
            "tags": {"Name": "database"},
        },
        change={"ingress": [{**POSTGRES, "cidrBlocks": ["10.0.1.0/24"], "description": "new"}]},
        look=lambda account, id_: _ranges(account, "database"),
        shows=[["10.0.1.0/24", "new"]],
        meddle=_opened,
    ),
    Life(
        token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        before={"vpc": VPC},
        props={"vpcId": "{before.vpc.id}", "ingress": [], "egress": []},
        change={"ingress": [{**POSTGRES, "self": True}], "tags": {"Name": "closed"}},
        look=lambda account, id_: [
            len(_group(account, id_)[key]) for key in ("IpPermissions", "IpPermissionsEgress")
        ],
        shows=[1, 0],
        meddle=_opened,
        stays=True,
    ),
    Life(
        token="aws:ec2/securityGroupRule:SecurityGroupRule",
        before={"group": GROUP},
        props={
            **POSTGRES,
            "type": "ingress",
            "securityGroupId": "{before.group.id}",
            "cidrBlocks": ["10.0.1.0/24", "10.0.2.0/24"],
            "description": "from nodes",
        },
        change={"description": "from the nodes"},
        look=lambda account, id_: _ranges(account, "database"),
        shows=[["10.0.1.0/24", "from the nodes"], ["10.0.2.0/24", "from the nodes"]],
        meddle=_closed,
    ),
    Life(
        token="aws:ec2/securityGroupRule:SecurityGroupRule",
        before={"group": GROUP},
        props={
            **POSTGRES,
            "type": "egress",
            "securityGroupId": "{before.group.id}",
            "sourceSecurityGroupId": "{group}",
            "description": "to nodes",
        },
        meddle=_closed,
    ),
    Life(
        token="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        before={"group": GROUP},
        props={
            "securityGroupId": "{before.group.id}",
            "ipProtocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
            "cidrIpv4": "10.0.1.0/24",
            "description": "nodes",
            "tags": {"Name": "nodes"},
        },
        change={"cidrIpv4": "10.0.2.0/24", "description": "others", "tags": {"Name": "x"}},
        look=lambda account, id_: _ranges(account, "database"),
        shows=[["10.0.2.0/24", "others"]],
        meddle=_closed,
    ),
    Life(
        token="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        before={"group": GROUP},
        props={
            "securityGroupId": "{before.group.id}",
            "ipProtocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
            "referencedSecurityGroupId": "{group}",
        },
        change={"tags": {"Name": "nodes"}},
        look=lambda account, id_: (
            account("ec2").describe_security_group_rules(SecurityGroupRuleIds=[id_])[
                "SecurityGroupRules"
            ][0]["ReferencedGroupInfo"]["GroupId"]
            == account.group
        ),
        shows=True,
        meddle=_closed,
    ),
    Life(
        token="aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        before={"group": GROUP},
        props={
            "securityGroupId": "{before.group.id}",
            "ipProtocol": "-1",
            "cidrIpv4": "0.0.0.0/0",
        },
        change={"description": "anywhere"},
        look=lambda account, id_: account("ec2").describe_security_group_rules(
            SecurityGroupRuleIds=[id_]
        )["SecurityGroupRules"][0]["Description"],
        shows="anywhere",
        meddle=_closed,
    ),
    Life(
        token=ACL[0],
        props={
            **ACL[1],
            "subnetIds": ["{subnet_a}"],
            "ingress": [ACL_RULE],
            "egress": [{**ACL_RULE, "protocol": "-1", "fromPort": 0, "toPort": 0}],
            "tags": {"Name": "database"},
        },
        change={"ingress": [{**ACL_RULE, "action": "deny"}, {**ACL_RULE, "ruleNo": 110}]},
        look=_entries,
        shows=[[100, "deny", False], [110, "allow", False], [100, "allow", True]],
        meddle=_rules_gone,
    ),
    Life(
        token="aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        before={"vpc": VPC},
        props={"defaultNetworkAclId": "{before.vpc.defaultNetworkAclId}"},
        change={"ingress": [ACL_RULE], "tags": {"Name": "closed"}},
        look=_entries,
        shows=[[100, "allow", False]],
        meddle=_rule_refused,
        stays=True,
    ),
    Life(
        token="aws:ec2/networkAclRule:NetworkAclRule",
        before={"acl": ACL},
        props={
            "networkAclId": "{before.acl.id}",
            "ruleNumber": 110,
            "ruleAction": "allow",
            "protocol": "tcp",
            "fromPort": 1024,
            "toPort": 65535,
            "cidrBlock": "10.0.0.0/16",
            "egress": True,
        },
        meddle=_rules_gone,
    ),
)

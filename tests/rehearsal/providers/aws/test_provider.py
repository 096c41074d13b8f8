"""What the provider does alike for every type."""

from __future__ import annotations

import pytest

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.aws.registry import RESOURCES
from rehearsal.providers.plugin import PluginError, Subject
from rehearsal.providers.wire import UNKNOWN
from tests.rehearsal.providers.aws.account import REGION
from tests.rehearsal.providers.aws.life import Living
from tests.rehearsal.providers.aws.lives.identities import ROLE, TRUST
from tests.rehearsal.providers.aws.lives.keys import KEY

VPC = "aws:ec2/vpc:Vpc"


def test_a_type_that_is_not_known_is_an_error(provider: AwsProvider) -> None:
    with pytest.raises(PluginError, match="aws:mq/broker:Broker: .* does not know"):
        provider.check(Subject("aws:mq/broker:Broker", "queue"), {}, {})


def test_a_property_that_a_type_does_not_honour_is_refused(provider: AwsProvider) -> None:
    asked = {"cidrBlock": "10.0.0.0/16", "ipv4IpamPoolId": "ipam-pool-1"}
    failures = provider.check(Subject(VPC, "vpc"), asked, {}).failures
    assert [failure.prop for failure in failures] == ["ipv4IpamPoolId"]


def test_a_property_that_a_type_needs_is_missed(provider: AwsProvider) -> None:
    failures = provider.check(Subject("aws:ec2/subnet:Subnet", "subnet"), {}, {}).failures
    assert [failure.prop for failure in failures] == ["vpcId"]


def test_a_generated_name_stays_until_the_resource_is_replaced(provider: AwsProvider) -> None:
    role = Subject(ROLE[0], "nodes", seed=b"\x12\x34\x56\x78")
    first = provider.check(role, {"assumeRolePolicy": TRUST}, {}).inputs
    assert first["name"] == "nodes-1234567"
    later = Subject(ROLE[0], "nodes", seed=b"\xff\xff\xff\xff")
    assert provider.check(later, {"assumeRolePolicy": TRUST}, first).inputs == first
    moved = provider.check(later, {"assumeRolePolicy": TRUST, "path": "/x/"}, first).inputs
    changes = provider.diff(later, first, moved)
    assert [*changes.replaces] == ["path"]
    assert not changes.delete_before_replace


def test_a_replacement_of_the_same_name_waits_for_the_deletion(provider: AwsProvider) -> None:
    role = Subject(ROLE[0], "mlflow")
    before = provider.check(role, ROLE[1], {}).inputs
    after = provider.check(role, {**ROLE[1], "path": "/other/"}, before).inputs
    assert provider.diff(role, before, after).delete_before_replace


def test_an_unknown_value_counts_as_a_change(provider: AwsProvider) -> None:
    subnet = Subject("aws:ec2/subnet:Subnet", "subnet")
    changes = provider.diff(subnet, {"vpcId": "vpc-1"}, {"vpcId": UNKNOWN})
    assert [*changes.replaces] == ["vpcId"]


def test_two_spellings_of_a_document_are_no_change(provider: AwsProvider) -> None:
    policy = Subject("aws:iam/rolePolicy:RolePolicy", "read")
    one = {"role": "r", "name": "n", "policy": '{"Version": "2012-10-17", "Statement": []}'}
    other = {**one, "policy": '{"Statement":[],"Version":"2012-10-17"}'}
    assert not provider.diff(policy, one, other).changed


def test_what_aws_tells_once_survives_a_refresh(living: Living) -> None:
    living.make(*KEY, "key")
    grant = living.make(
        "aws:kms/grant:Grant",
        {
            "keyId": "{before.key.id}",
            "granteePrincipal": "{node_role}",
            "operations": ["Decrypt"],
        },
    )
    found = living.refreshed()
    assert found is not None
    assert found.outputs["grantToken"] == grant.found.outputs["grantToken"] != ""


def test_a_tag_that_somebody_added_is_drift(living: Living) -> None:
    made = living.make(VPC, {"cidrBlock": "10.7.0.0/16", "tags": {"Name": "a"}})
    living.account("ec2").create_tags(
        Resources=[made.found.id], Tags=[{"Key": "team", "Value": "x"}]
    )
    found = living.refreshed()
    assert found is not None
    assert found.inputs["tags"] == {"Name": "a", "team": "x"}


def test_default_tags_are_set_and_are_no_drift(clients: Clients, living: Living) -> None:
    tagging = AwsProvider(RESOURCES, {}, lambda _region: clients)
    tagging.configure({"region": REGION, "defaultTags": {"tags": {"owner": "platform"}}})
    tagged = Living(tagging, living.account)
    made = tagged.make(VPC, {"cidrBlock": "10.8.0.0/16", "tags": {"Name": "a"}})
    found = tagged.refreshed()
    tagged.delete()
    assert made.found.outputs["tagsAll"] == {"Name": "a", "owner": "platform"}
    assert found is not None
    assert found.inputs == made.inputs


def test_a_resource_may_live_in_another_region(living: Living) -> None:
    made = living.make(VPC, {"cidrBlock": "10.9.0.0/16", "region": "us-west-2"})
    there = living.account("ec2", "us-west-2").describe_vpcs(VpcIds=[made.found.id])
    assert there["Vpcs"][0]["CidrBlock"] == "10.9.0.0/16"
    assert ":us-west-2:" in made.found.outputs["arn"]


def test_credentials_of_another_account_are_refused(clients: Clients) -> None:
    guarded = AwsProvider(RESOURCES, {}, lambda _region: clients)
    with pytest.raises(PluginError, match="account 123456789012, expected one of 999999999999"):
        guarded.configure({"region": REGION, "allowedAccountIds": ["999999999999"]})

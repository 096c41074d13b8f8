"""Functions of the package answer from the account, and refuse what they cannot honour."""

from __future__ import annotations

import pytest

from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.plugin import PluginError
from tests.rehearsal.providers.aws.account import ACCOUNT, REGION, Account


def test_the_caller_is_the_account_of_the_rehearsal(provider: AwsProvider) -> None:
    found = provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})
    assert found["accountId"] == ACCOUNT


def test_region_and_partition_are_the_providers(provider: AwsProvider) -> None:
    assert provider.invoke("aws:index/getRegion:getRegion", {})["region"] == REGION
    assert provider.invoke("aws:index/getPartition:getPartition", {})["partition"] == "aws"


def test_zones_are_listed_in_order_without_the_excluded_ones(provider: AwsProvider) -> None:
    found = provider.invoke(
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        {"state": "available", "excludeNames": ["us-east-1b"]},
    )
    assert found["names"][:2] == ["us-east-1a", "us-east-1c"]
    assert len(found["zoneIds"]) == len(found["names"])


def test_a_vpc_is_found_by_its_tags(provider: AwsProvider, account: Account) -> None:
    account("ec2").create_tags(
        Resources=[account.vpc], Tags=[{"Key": "purpose", "Value": "functions"}]
    )
    found = provider.invoke("aws:ec2/getVpc:getVpc", {"tags": {"purpose": "functions"}})
    assert (found["id"], found["cidrBlock"]) == (account.vpc, "10.0.0.0/16")
    assert found["tags"]["purpose"] == "functions"


def test_subnets_are_found_by_filter_and_by_id(provider: AwsProvider, account: Account) -> None:
    mine = {"filters": [{"name": "vpc-id", "values": [account.vpc]}]}
    both = sorted([account.subnet_a, account.subnet_b])
    found = provider.invoke("aws:ec2/getSubnets:getSubnets", mine)
    assert set(both) <= set(found["ids"])
    one = provider.invoke("aws:ec2/getSubnet:getSubnet", {"id": account.subnet_a})
    assert (one["vpcId"], one["availabilityZone"]) == (account.vpc, "us-east-1a")


def test_a_security_group_is_found_by_its_name(provider: AwsProvider, account: Account) -> None:
    asked = {"name": "default", "vpcId": account.vpc}
    found = provider.invoke("aws:ec2/getSecurityGroup:getSecurityGroup", asked)
    assert found["vpcId"] == account.vpc


def test_a_key_is_found_through_its_alias(provider: AwsProvider, account: Account) -> None:
    account("kms").create_alias(AliasName="alias/functions", TargetKeyId=account.key)
    alias = provider.invoke("aws:kms/getAlias:getAlias", {"name": "alias/functions"})
    key = provider.invoke("aws:kms/getKey:getKey", {"keyId": "alias/functions"})
    assert alias["targetKeyArn"] == key["arn"] == account.key


def test_a_search_that_fits_nothing_says_so(provider: AwsProvider) -> None:
    with pytest.raises(PluginError, match="getVpc: 0 fit"):
        provider.invoke("aws:ec2/getVpc:getVpc", {"tags": {"purpose": "nobody's"}})


def test_an_argument_that_is_not_honoured_is_refused(provider: AwsProvider) -> None:
    with pytest.raises(PluginError, match="does not honour dhcpOptionsId"):
        provider.invoke("aws:ec2/getVpc:getVpc", {"dhcpOptionsId": "dopt-1"})

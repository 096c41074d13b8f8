"""What services put into a VPC, and what that keeps from being deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import Account

Undo = Callable[[], object]


def nat(a: Account, subnets: list[str]) -> Undo:
    made = a.ec2.create_nat_gateway(SubnetId=subnets[0], ConnectivityType="private")
    return lambda: a.ec2.delete_nat_gateway(NatGatewayId=made["NatGateway"]["NatGatewayId"])


def endpoint(a: Account, subnets: list[str]) -> Undo:
    vpc = a.ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    made = a.ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.sts",
        VpcEndpointType="Interface",
        SubnetIds=subnets,
        PrivateDnsEnabled=False,
    )
    identifier = made["VpcEndpoint"]["VpcEndpointId"]
    return lambda: a.ec2.delete_vpc_endpoints(VpcEndpointIds=[identifier])


def mount_target(a: Account, subnets: list[str]) -> Undo:
    system = a.efs.create_file_system(CreationToken="t")["FileSystemId"]
    made = a.efs.create_mount_target(FileSystemId=system, SubnetId=subnets[0])
    return lambda: a.efs.delete_mount_target(MountTargetId=made["MountTargetId"])


def balancer(a: Account, subnets: list[str]) -> Undo:
    arn = a.balancer(subnets=subnets, Scheme="internal")
    return lambda: a.elbv2.delete_load_balancer(LoadBalancerArn=arn)


def database(a: Account, subnets: list[str]) -> Undo:
    a.rds.create_db_subnet_group(
        DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    a.database(DBSubnetGroupName="g")
    return lambda: a.rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)


@pytest.mark.parametrize("make", [nat, endpoint, mount_target, balancer, database])
def test_a_service_holds_its_subnet_until_it_is_gone(
    account: Account, make: Callable[[Account, list[str]], Undo]
) -> None:
    subnets = account.subnets(account.vpc(), "ab")
    undo = make(account, subnets)
    held = account.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert held
    assert all(each["Status"] == "in-use" and each["RequesterManaged"] for each in held)
    with pytest.raises(ClientError, match="DependencyViolation"):
        account.ec2.delete_subnet(SubnetId=subnets[0])
    undo()
    account.ec2.delete_subnet(SubnetId=subnets[0])


def test_a_security_group_is_held_by_the_load_balancer_that_is_in_it(account: Account) -> None:
    vpc = account.vpc()
    group = account.group(vpc)
    arn = account.balancer(subnets=account.subnets(vpc), SecurityGroups=[group], Scheme="internal")
    with pytest.raises(ClientError, match="DependencyViolation"):
        account.ec2.delete_security_group(GroupId=group)
    account.elbv2.delete_load_balancer(LoadBalancerArn=arn)
    account.ec2.delete_security_group(GroupId=group)


def test_an_endpoint_gains_and_loses_interfaces_with_its_subnets(account: Account) -> None:
    subnets = account.subnets(account.vpc())
    endpoint(account, subnets[:1])
    identifier = account.ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["VpcEndpointId"]
    account.ec2.modify_vpc_endpoint(
        VpcEndpointId=identifier, AddSubnetIds=subnets[1:], RemoveSubnetIds=subnets[:1]
    )
    held = account.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert sorted(each["SubnetId"] for each in held) == sorted(subnets[1:])


def test_the_services_with_endpoints_can_be_asked_for(account: Account) -> None:
    name = "com.amazonaws.us-east-1.eks-auth"
    found = account.ec2.describe_vpc_endpoint_services(ServiceNames=[name])
    assert found["ServiceDetails"][0]["ServiceType"] == [{"ServiceType": "Interface"}]
    with pytest.raises(ClientError, match="InvalidServiceName"):
        account.ec2.describe_vpc_endpoint_services(ServiceNames=["com.amazonaws.us-east-1.no"])


def test_account_wide_defaults_of_ec2_are_remembered(account: Account) -> None:
    key = account.key()
    account.ec2.modify_ebs_default_kms_key_id(KmsKeyId=key)
    assert account.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key
    account.ec2.reset_ebs_default_kms_key_id()
    assert account.ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    account.ec2.modify_instance_metadata_defaults(HttpTokens="required")
    defaults = account.ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert defaults["HttpTokens"] == "required"
    account.ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    state = account.ec2.get_snapshot_block_public_access_state()["State"]
    assert state == "block-all-sharing"


def test_a_placement_group_is_made_tagged_and_deleted(account: Account) -> None:
    made = account.ec2.create_placement_group(GroupName="gpu", Strategy="cluster")
    group = made["PlacementGroup"]["GroupId"]
    tags = [{"Key": "Name", "Value": "gpu"}]
    account.ec2.create_tags(Resources=[group], Tags=tags)
    found = account.ec2.describe_placement_groups(GroupNames=["gpu"])["PlacementGroups"]
    assert [(each["Strategy"], each["Tags"]) for each in found] == [("cluster", tags)]
    account.ec2.delete_placement_group(GroupName="gpu")
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Unknown"):
        account.ec2.describe_placement_groups(GroupNames=["gpu"])

"""EKS as a client sees it: clusters, node groups, add-ons, access and updates."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import ACCOUNT_ID, Account

MAIN = {"clusterName": "main"}


def test_a_cluster_makes_its_security_group_and_interfaces_and_takes_them_along(
    account: Account,
) -> None:
    account.cluster()
    config = account.eks.describe_cluster(name="main")["cluster"]["resourcesVpcConfig"]
    group = config["clusterSecurityGroupId"]
    named = account.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert named["GroupName"].startswith("eks-cluster-sg-main-")
    interfaces = account.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [each["Description"] for each in interfaces] == ["Amazon EKS main"] * 2
    assert {each["AvailabilityZone"] for each in interfaces} == {"us-east-1a", "us-east-1b"}
    account.eks.delete_cluster(name="main")
    assert account.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    with pytest.raises(ClientError, match="does not exist"):
        account.ec2.describe_security_groups(GroupIds=[group])


def test_subnets_of_a_cluster_cannot_be_deleted_before_it(account: Account) -> None:
    first, *_ = account.cluster()
    with pytest.raises(ClientError, match="DependencyViolation"):
        account.ec2.delete_subnet(SubnetId=first)
    account.eks.delete_cluster(name="main")
    account.ec2.delete_subnet(SubnetId=first)


def test_waiters_see_clusters_node_groups_and_add_ons_come_and_go(account: Account) -> None:
    account.node_group(account.cluster())
    account.eks.create_addon(**MAIN, addonName="coredns")
    account.eks.get_waiter("cluster_active").wait(name="main")
    account.eks.get_waiter("nodegroup_active").wait(**MAIN, nodegroupName="system")
    account.eks.get_waiter("addon_active").wait(**MAIN, addonName="coredns")
    account.eks.delete_nodegroup(**MAIN, nodegroupName="system")
    account.eks.get_waiter("nodegroup_deleted").wait(**MAIN, nodegroupName="system")
    account.eks.delete_cluster(name="main")
    account.eks.get_waiter("cluster_deleted").wait(name="main")
    assert account.eks.list_clusters()["clusters"] == []


def test_whoever_makes_a_cluster_becomes_its_admin_unless_told_otherwise(account: Account) -> None:
    account.cluster()
    entries = account.eks.list_access_entries(**MAIN)["accessEntries"]
    assert entries == [f"arn:aws:iam::{ACCOUNT_ID}:user/moto"]
    held = account.eks.list_associated_access_policies(**MAIN, principalArn=entries[0])
    assert "AmazonEKSClusterAdminPolicy" in held["associatedAccessPolicies"][0]["policyArn"]
    alone = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    account.cluster("strict", accessConfig=alone)
    assert account.eks.list_access_entries(clusterName="strict")["accessEntries"] == []


def test_the_role_of_nodes_is_let_in_while_a_group_uses_it(account: Account) -> None:
    subnets = account.cluster()
    role = account.role("shared")
    for name in ("one", "two"):
        account.node_group(subnets, name, nodeRole=role)
    entry = account.eks.describe_access_entry(**MAIN, principalArn=role)["accessEntry"]
    assert (entry["type"], entry["kubernetesGroups"]) == ("EC2_LINUX", ["system:nodes"])
    account.eks.delete_nodegroup(**MAIN, nodegroupName="one")
    account.eks.describe_access_entry(**MAIN, principalArn=role)
    account.eks.delete_nodegroup(**MAIN, nodegroupName="two")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.eks.describe_access_entry(**MAIN, principalArn=role)


def test_access_entries_need_the_api_mode(account: Account) -> None:
    account.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    with pytest.raises(ClientError, match="authentication mode must be set"):
        account.eks.create_access_entry(**MAIN, principalArn=account.role("operator"))


def test_a_policy_associated_with_a_principal_can_be_taken_away(account: Account) -> None:
    account.cluster()
    principal = {**MAIN, "principalArn": account.role("operator")}
    account.eks.create_access_entry(**principal)
    view = {"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"}
    scope = {"type": "namespace", "namespaces": ["mlflow"]}
    made = account.eks.associate_access_policy(**principal, **view, accessScope=scope)
    assert made["associatedAccessPolicy"]["accessScope"] == scope
    account.eks.disassociate_access_policy(**principal, **view)
    listed = account.eks.list_associated_access_policies(**principal)
    assert listed["associatedAccessPolicies"] == []


def test_an_add_on_without_a_version_gets_the_one_that_fits(account: Account) -> None:
    account.cluster(version="1.34")
    made = account.eks.create_addon(**MAIN, addonName="kube-proxy")["addon"]
    assert made["addonVersion"].startswith("v1.34.")


def test_add_on_versions_are_listed_for_a_kubernetes_version(account: Account) -> None:
    listed = account.eks.describe_addon_versions(kubernetesVersion="1.35")["addons"]
    assert "vpc-cni" in [each["addonName"] for each in listed]
    for addon in listed:
        for version in addon["addonVersions"]:
            fits = [each["clusterVersion"] for each in version["compatibilities"]]
            assert "1.35" in fits


def test_an_add_on_brings_and_takes_its_pod_identity_association(account: Account) -> None:
    account.cluster()
    role = account.role("cni", "pods.eks.amazonaws.com")
    wanted = [{"serviceAccount": "aws-node", "roleArn": role}]
    addon = {**MAIN, "addonName": "vpc-cni"}
    made = account.eks.create_addon(**addon, podIdentityAssociations=wanted)["addon"]
    found = account.eks.list_pod_identity_associations(**MAIN)["associations"]
    assert [each["associationArn"] for each in found] == made["podIdentityAssociations"]
    account.eks.delete_addon(**addon)
    assert account.eks.list_pod_identity_associations(**MAIN)["associations"] == []


def test_an_update_is_in_progress_and_then_successful(account: Account) -> None:
    account.cluster(version="1.34")
    update = account.eks.update_cluster_version(name="main", version="1.35")["update"]
    assert (update["type"], update["status"]) == ("VersionUpdate", "InProgress")
    found = account.eks.describe_update(name="main", updateId=update["id"])["update"]
    assert found["status"] == "Successful"
    assert account.eks.list_updates(name="main")["updateIds"] == [update["id"]]
    assert account.eks.describe_cluster(name="main")["cluster"]["version"] == "1.35"


def test_an_upgrade_of_nodes_follows_the_control_plane(account: Account) -> None:
    account.node_group(account.cluster(version="1.34"))
    account.eks.update_cluster_version(name="main", version="1.35")
    group = {**MAIN, "nodegroupName": "system"}
    assert account.eks.describe_nodegroup(**group)["nodegroup"]["version"] == "1.34"
    update = account.eks.update_nodegroup_version(**group)["update"]
    account.eks.describe_update(name="main", nodegroupName="system", updateId=update["id"])
    found = account.eks.describe_nodegroup(**group)["nodegroup"]
    assert found["version"] == "1.35"
    assert found["releaseVersion"].startswith("1.35.")


def test_only_the_log_types_that_are_named_change(account: Account) -> None:
    on = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
    account.cluster(logging=on)
    off = {"clusterLogging": [{"types": ["api"], "enabled": False}]}
    account.eks.update_cluster_config(name="main", logging=off)
    setups = account.eks.describe_cluster(name="main")["cluster"]["logging"]["clusterLogging"]
    assert [setup["types"] for setup in setups if setup["enabled"]] == [["audit"]]


def test_two_kinds_of_settings_in_one_update_are_refused(account: Account) -> None:
    account.cluster()
    with pytest.raises(ClientError, match="Only one type of update"):
        account.eks.update_cluster_config(
            name="main", deletionProtection=True, accessConfig={"authenticationMode": "API"}
        )


def test_labels_taints_and_sizes_of_a_node_group_change(account: Account) -> None:
    taint = {"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}
    account.node_group(account.cluster(), labels={"a": "1", "b": "2"}, taints=[taint])
    group = {**MAIN, "nodegroupName": "system"}
    account.eks.update_nodegroup_config(
        **group,
        labels={"addOrUpdateLabels": {"a": "3"}, "removeLabels": ["b"]},
        taints={"removeTaints": [taint]},
        scalingConfig={"minSize": 0, "maxSize": 9, "desiredSize": 0},
    )
    found = account.eks.describe_nodegroup(**group)["nodegroup"]
    assert (found["labels"], found["taints"]) == ({"a": "3"}, [])
    assert found["scalingConfig"] == {"minSize": 0, "maxSize": 9, "desiredSize": 0}


def test_a_node_group_has_an_auto_scaling_group_of_its_size(account: Account) -> None:
    sizes = {"minSize": 1, "maxSize": 5, "desiredSize": 2}
    account.node_group(account.cluster(), scalingConfig=sizes)
    found = account.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [(each["MinSize"], each["DesiredCapacity"], each["MaxSize"]) for each in found] == [
        (1, 2, 5)
    ]
    tags = {tag["Key"]: tag["Value"] for tag in found[0]["Tags"]}
    assert tags["k8s.io/cluster-autoscaler/main"] == "owned"
    account.eks.delete_nodegroup(**MAIN, nodegroupName="system")
    assert account.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert account.ec2.describe_launch_templates()["LaunchTemplates"] == []


def test_eks_tags_are_changed_and_found_through_the_tagging_api(account: Account) -> None:
    account.cluster(tags={"owner": "ml"})
    arn = account.eks.describe_cluster(name="main")["cluster"]["arn"]
    account.eks.tag_resource(resourceArn=arn, tags={"mlops:id": "x"})
    account.eks.untag_resource(resourceArn=arn, tagKeys=["owner"])
    assert account.eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"mlops:id": "x"}
    wanted = [{"Key": "mlops:id", "Values": ["x"]}]
    found = account.resourcegroupstaggingapi.get_resources(TagFilters=wanted)
    assert [each["ResourceARN"] for each in found["ResourceTagMappingList"]] == [arn]


def test_lists_come_in_pages(account: Account) -> None:
    account.cluster()
    for name in ("coredns", "kube-proxy", "vpc-cni"):
        account.eks.create_addon(**MAIN, addonName=name)
    pages = account.eks.get_paginator("list_addons").paginate(
        **MAIN, PaginationConfig={"PageSize": 2}
    )
    assert [page["addons"] for page in pages] == [["coredns", "kube-proxy"], ["vpc-cni"]]


def test_the_versions_on_offer_are_the_catalogues(account: Account) -> None:
    offered = account.eks.describe_cluster_versions()["clusterVersions"]
    default = [each["clusterVersion"] for each in offered if each["defaultVersion"]]
    assert default == ["1.35"]

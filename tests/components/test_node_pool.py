"""Node pools, their launch templates and the role they run as."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pulumi import ResourceOptions, ResourceTransformArgs

from components.base import Site
from components.cluster import Cluster
from components.node_pool import NodePool, NodePoolArgs, Taint
from components.node_role import NodeRole
from tests.components.recorder import Recording, record
from tests.components.test_cluster import ANSWERS
from tests.components.test_cluster import arguments as cluster_arguments

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "eks:index:ManagedNodeGroup"


def arguments(cluster: Cluster, **changes: Any) -> NodePoolArgs:
    plain: dict[str, Any] = {
        "kubernetes_version": "1.35",
        "node_role_arn": "arn:aws:iam::123456789012:role/mlops/node",
        "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
        "instance_types": ["m5.2xlarge"],
        "ami_type": "AL2023_x86_64_STANDARD",
        "min_size": 3,
        "desired_size": 3,
        "max_size": 10,
        "volume_key_arn": "arn:aws:kms:us-east-1:123456789012:key/data",
        "labels": {"workload": "compute"},
    }
    return NodePoolArgs(
        cluster=cluster.eks,
        cluster_name=cluster.cluster_name,
        before=cluster.before_nodes,
        **{**plain, **changes},
    )


def build(site: Site, name: str = "compute", **changes: Any) -> Recording[NodePool]:
    def program() -> NodePool:
        cluster = Cluster("cluster", cluster_arguments(), site)
        return NodePool(name, arguments(cluster, **changes), site)

    return record(program, answers={**ANSWERS, TEMPLATE: lambda _: {"latestVersion": 7}})


def template_inputs(site: Site, **changes: Any) -> Mapping[str, Any]:
    return build(site, **changes).one(TEMPLATE).inputs


def group_name(site: Site, **changes: Any) -> str:
    return build(site, **changes).one(GROUP).inputs["nodeGroupName"]


def test_a_pool_has_the_sizes_labels_and_instances_it_was_given(site: Site) -> None:
    inputs = build(site).one(GROUP).inputs
    assert inputs["scalingConfig"] == {"minSize": 3, "desiredSize": 3, "maxSize": 10}
    assert inputs["instanceTypes"] == ["m5.2xlarge"]
    assert inputs["amiType"] == "AL2023_x86_64_STANDARD"
    assert inputs["version"] == "1.35"
    assert inputs["labels"] == {"workload": "compute"}
    assert inputs["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]


def test_the_autoscaler_may_change_the_size(site: Site) -> None:
    assert build(site).one(GROUP).inputs["ignoreScalingChanges"] is True


def test_an_update_takes_away_one_node_at_a_time(site: Site) -> None:
    (transform,) = build(site, max_unavailable=1).one(GROUP).transforms
    changed = transform(_child("aws:eks/nodeGroup:NodeGroup", {"clusterName": "c"}))
    assert changed.props == {"clusterName": "c", "updateConfig": {"maxUnavailable": 1}}
    assert transform(_child("aws:ec2/launchTemplate:LaunchTemplate", {})) is None


def test_nodes_join_only_when_the_network_and_identities_are_there(site: Site) -> None:
    recording = build(site)
    group = recording.one(GROUP)
    assert recording.waits_for(group, recording.one("eks:index:Cluster"))
    assert recording.waits_for(group, recording.named("cluster-eks-pod-identity-agent"))
    assert recording.waits_for(group, recording.named("cluster-vpc-cni-association"))


def test_pods_cannot_reach_the_instances_credentials(site: Site) -> None:
    assert template_inputs(site)["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "disabled",
    }


def test_disks_are_gp3_and_encrypted_with_the_customer_key(site: Site) -> None:
    (disk,) = template_inputs(site, disk_gib=200)["blockDeviceMappings"]
    assert disk["deviceName"] == "/dev/xvda"
    assert disk["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 200,
        "encrypted": "true",
        "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/data",
        "deleteOnTermination": "true",
    }


def test_bottlerocket_keeps_images_on_its_second_disk_and_both_are_encrypted(site: Site) -> None:
    inputs = template_inputs(site, ami_type="BOTTLEROCKET_x86_64", disk_gib=200)
    disks = {it["deviceName"]: it["ebs"] for it in inputs["blockDeviceMappings"]}
    assert {name: disk["volumeSize"] for name, disk in disks.items()} == {
        "/dev/xvda": 4,
        "/dev/xvdb": 200,
    }
    assert {disk["kmsKeyId"] for disk in disks.values()} == {
        "arn:aws:kms:us-east-1:123456789012:key/data"
    }


def test_settings_of_the_image_reach_it_as_user_data(site: Site) -> None:
    inputs = template_inputs(site, user_data="[settings]\n")
    assert base64.b64decode(inputs["userData"]).decode() == "[settings]\n"
    assert "userData" not in template_inputs(site)


def test_nobody_can_log_in_by_ssh(site: Site) -> None:
    recording = build(site)
    assert "keyName" not in recording.one(TEMPLATE).inputs
    assert "remoteAccess" not in recording.one(GROUP).inputs


def test_instances_and_volumes_carry_the_required_tags(site: Site) -> None:
    specifications = template_inputs(site)["tagSpecifications"]
    assert [one["resourceType"] for one in specifications] == ["instance", "volume"]
    for one in specifications:
        assert site.tags.items() <= one["tags"].items()
        assert one["tags"]["mlops:pool"] == "compute"


def test_the_group_runs_our_template_in_its_latest_version(site: Site) -> None:
    launched = build(site).one(GROUP).inputs["launchTemplate"]
    assert launched == {"id": "compute-template-id", "version": "7"}


def test_the_generation_is_part_of_both_names(site: Site) -> None:
    recording = build(site, generation=3)
    assert recording.one(TEMPLATE).inputs["name"] == "mlops-platform-production-compute-g3"
    name = recording.one(GROUP).inputs["nodeGroupName"]
    assert name.startswith("mlops-platform-production-compute-g3-")
    assert len(name) <= 63
    assert recording.value(recording.result.node_group_name) == name


def test_other_instances_get_another_name_as_both_groups_exist_at_once(site: Site) -> None:
    assert group_name(site) == group_name(site, max_size=20, labels={})
    assert group_name(site) != group_name(site, instance_types=["m6i.2xlarge"])


def test_a_gpu_pool_can_scale_to_zero_and_keeps_others_away(site: Site) -> None:
    inputs = (
        build(
            site,
            name="gpu",
            min_size=0,
            desired_size=0,
            max_size=4,
            instance_types=["g4dn.xlarge"],
            ami_type="AL2023_x86_64_NVIDIA",
            taints=[Taint(key="nvidia.com/gpu", value="present", effect="NO_SCHEDULE")],
        )
        .one(GROUP)
        .inputs
    )
    assert inputs["scalingConfig"]["minSize"] == 0
    assert inputs["taints"] == [
        {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"desired_size": 11}, "min_size ≤ desired_size ≤ max_size"),
        ({"min_size": 4}, "min_size ≤ desired_size ≤ max_size"),
        ({"min_size": 0, "desired_size": 0, "max_size": 0}, "max_size ≥ 1"),
        ({"instance_types": []}, "instance_types"),
    ],
)
def test_a_contradictory_pool_is_refused(
    site: Site, change: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        build(site, **change)


def node_role(site: Site) -> Callable[[], NodeRole]:
    return lambda: NodeRole("node", site)


def test_the_node_role_can_join_and_pull_images_and_nothing_else(site: Site) -> None:
    recording = record(node_role(site))
    attached = recording.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert sorted(one.inputs["policyArn"].rsplit("/", 1)[-1] for one in attached) == [
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
    ]
    role = recording.one("aws:iam/role:Role")
    assert role.inputs["name"] == "mlops-platform-production-node"
    assert role.inputs["permissionsBoundary"] == site.permissions_boundary
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust[0]["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_karpenter_finds_an_instance_profile_ready_made(site: Site) -> None:
    profile = record(node_role(site)).one("aws:iam/instanceProfile:InstanceProfile")
    assert profile.inputs["name"] == "mlops-platform-production-node"
    assert profile.inputs["path"] == "/mlops/"


def _child(type_: str, props: dict[str, Any]) -> ResourceTransformArgs:
    return ResourceTransformArgs(
        custom=True, type_=type_, name="child", props=props, opts=ResourceOptions()
    )

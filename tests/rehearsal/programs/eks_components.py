"""One cluster with two node groups and an add-on: the program whose tree was recorded with
the official eks provider."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

provider = aws.Provider("aws", region="us-east-1")
opts = pulumi.ResourceOptions(provider=provider)
providers = pulumi.ResourceOptions(providers={"aws": provider})
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=opts)
subnets = [
    aws.ec2.Subnet(
        f"s-{zone}",
        vpc_id=vpc.id,
        cidr_block=block,
        availability_zone=f"us-east-1{zone}",
        opts=opts,
    )
    for zone, block in {"a": "10.0.0.0/20", "b": "10.0.16.0/20"}.items()
]
key = aws.kms.Key("k", opts=opts)
role = aws.iam.Role("r", assume_role_policy=json.dumps(_TRUST), opts=opts)
admin = aws.iam.Role("admin", name="admin", assume_role_policy=json.dumps(_TRUST), opts=opts)
policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
cluster = eks.Cluster(
    "c",
    name="mlops-platform-production",
    version="1.35",
    vpc_id=vpc.id,
    subnet_ids=[subnet.id for subnet in subnets],
    authentication_mode=eks.AuthenticationMode.API,
    skip_default_node_group=True,
    endpoint_private_access=True,
    endpoint_public_access=False,
    deletion_protection=True,
    enabled_cluster_log_types=["api", "audit"],
    encryption_config_key_arn=key.arn,
    access_entries={
        "admin": {
            "principal_arn": admin.arn,
            "access_policies": {
                "a": {"policy_arn": policy, "access_scope": {"type": "cluster"}},
            },
        }
    },
    opts=providers,
)
sizes: Any = {"min_size": 0, "desired_size": 2, "max_size": 6}
shared: Any = {
    "cluster": cluster,
    "node_role_arn": role.arn,
    "subnet_ids": [subnet.id for subnet in subnets],
    "version": "1.35",
    "opts": providers,
}
eks.ManagedNodeGroup(
    "gpu",
    ami_type="AL2023_x86_64_NVIDIA",
    instance_types=["g4dn.xlarge"],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(**sizes),
    taints=[
        aws.eks.NodeGroupTaintArgs(key="nvidia.com/gpu", value="present", effect="NO_SCHEDULE")
    ],
    **shared,
)
eks.ManagedNodeGroup(
    "ng",
    instance_types=["m5.large"],
    labels={"pool": "system"},
    enable_imd_sv2=True,
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(**{**sizes, "min_size": 2}),
    **shared,
)
eks.Addon("ebs", cluster=cluster, addon_name="aws-ebs-csi-driver", opts=providers)

"""What proves the rules about pools of nodes."""

from __future__ import annotations

from typing import Any

from tests.policies.cases.network import ASSOCIATION, BY_GATEWAY, BY_NAT, DATABASE_SUBNET, TABLE
from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

GROUP = recorded("aws:eks/nodeGroup:NodeGroup")
CLUSTER = recorded("aws:eks/cluster:Cluster")
POOL = recorded("kubernetes:karpenter.sh/v1:NodePool")
STACKED = recorded("aws:eks/nodeGroup:NodeGroup", asked="stack").flowing(
    "subnetIds", DATABASE_SUBNET
)
CLASS = recorded("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", asked="stack")
OPEN_SUBNET = DATABASE_SUBNET.but({"tags.mlops:tier": "public"})
PUBLIC = (DATABASE_SUBNET, TABLE, ASSOCIATION, BY_GATEWAY)
PRIVATE = (DATABASE_SUBNET, TABLE, ASSOCIATION, BY_NAT)
TERMS = "spec.subnetSelectorTerms"
ID = DATABASE_SUBNET.properties["arn"].rpartition("/")[2]

TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
GPU = GROUP.but(
    {
        "instanceTypes": ["g4dn.xlarge"],
        "amiType": "AL2023_x86_64_NVIDIA",
        "taints": [TAINT],
        "scalingConfig.maxSize": 8.0,
    }
)
REQUIREMENTS = "spec.template.spec.requirements"
KARPENTER_TAINTS = "spec.template.spec.taints"


def _pool(key: str, *values: str, operator: str = "In", **limits: Any) -> Described:
    requirement = {"key": key, "operator": operator, "values": list(values)}
    named = {"nvidia.com/gpu" if name == "gpus" else name: value for name, value in limits.items()}
    return POOL.but({REQUIREMENTS: [requirement], "spec.limits": named})


TYPE, FAMILY = "node.kubernetes.io/instance-type", "karpenter.k8s.aws/instance-family"
GPU_POOL = _pool(TYPE, "g4dn.xlarge", gpus="8").but(
    {KARPENTER_TAINTS: [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]}
)

CASES = {
    "nodes-in-private-subnets": Cases(
        failing=(
            fails(STACKED, *PUBLIC, at="subnetIds", wanted="private subnets"),
            fails(
                STACKED,
                *(OPEN_SUBNET if one is DATABASE_SUBNET else one for one in PUBLIC),
                at="subnetIds",
            ),
            fails(
                STACKED.flowing("subnetIds").but({"subnetIds": ["subnet-7"]}),
                *(one.but({"id": "subnet-7"}) if one is DATABASE_SUBNET else one for one in PUBLIC),
                at="subnetIds",
            ),
            fails(CLASS.but({TERMS: [{"id": ID}]}), *PUBLIC, at="spec"),
            fails(
                CLASS.but({TERMS: [{"id": UNKNOWN}]}).flowing("spec", DATABASE_SUBNET),
                *PUBLIC,
                at="spec",
            ),
            fails(
                CLASS.but({TERMS: [{"id": "subnet-0"}, {"tags": {"mlops:tier": "database"}}]}),
                *PUBLIC,
                at="spec",
            ),
            fails(CLASS.but({TERMS: [{"tags": {"mlops:tier": "*"}}]}), *PUBLIC, at="spec"),
        ),
        passing=(
            passes(STACKED, *PRIVATE),
            passes(STACKED.flowing("subnetIds"), *PUBLIC),
            passes(CLASS.but({TERMS: [{"id": ID}]}), *PRIVATE),
            passes(CLASS.but({TERMS: [{"id": ID[1:]}, {"id": "subnet-0"}]}), *PUBLIC),
            passes(CLASS.but({TERMS: [{"tags": {"mlops:tier": "private"}}]}), *PUBLIC),
            passes(CLASS.but({TERMS: [{"tags": {"none": "*"}}, {"tags": {}}]}), *PUBLIC),
            passes(
                CLASS.but({TERMS: [{"tags": {"mlops:tier": "database", "none": "*"}}]}), *PUBLIC
            ),
        ),
        unknown=passes(CLASS.but({TERMS: UNKNOWN}), *PUBLIC),
    ),
    "node-pools-bounded": Cases(
        failing=(
            fails(
                GPU.but({"instanceTypes": ["g4dn.xlarge", "p5.48xlarge"]}),
                at="instanceTypes",
                wanted="g4dn, g5, g6, p4d",
            ),
            fails(
                GROUP.but({"instanceTypes": ["x2idn.32xlarge"]}), at="instanceTypes", wanted="m5"
            ),
            fails(GPU.but({"taints": []}), at="taints", wanted="NO_SCHEDULE"),
            fails(GPU.but({"taints": [{**TAINT, "effect": "PREFER_NO_SCHEDULE"}]}), at="taints"),
            fails(GPU.but({"amiType": None, "taints": None}), at="taints"),
            fails(GPU.but({"instanceTypes": None, "taints": None}), at="taints"),
            fails(
                GROUP.but({"amiType": "AL2_x86_64_GPU", "scalingConfig.maxSize": 1}), at="taints"
            ),
            fails(
                GROUP.but({"amiType": "AL2023_x86_64_NEURON", "scalingConfig.maxSize": 1}),
                at="taints",
            ),
            fails(GPU.but({"scalingConfig.maxSize": 9.0}), at="scalingConfig.maxSize", wanted="8"),
            fails(GPU.but({"scalingConfig": None}), at="scalingConfig.maxSize"),
            fails(_pool("kubernetes.io/arch", "amd64"), at=REQUIREMENTS, wanted=FAMILY),
            fails(_pool(FAMILY, "p4d", operator="NotIn"), at=REQUIREMENTS),
            fails(_pool(FAMILY, "m6i", "x2idn"), at=REQUIREMENTS, wanted="m6i"),
            fails(GPU_POOL.but({KARPENTER_TAINTS: None}), at=KARPENTER_TAINTS),
            fails(
                GPU_POOL.but({KARPENTER_TAINTS: [{"key": "a", "effect": "PreferNoSchedule"}]}),
                at=KARPENTER_TAINTS,
            ),
            fails(
                GPU_POOL.but({"spec.limits": {"cpu": "65"}}),
                at="spec.limits.cpu",
                wanted="64 or less",
            ),
            fails(
                GPU_POOL.but({"spec.limits": {"memory": "32Gi"}}),
                at="spec.limits.nvidia.com.gpu",
                wanted="8 or less",
            ),
            fails(
                GPU_POOL.but({"spec.limits": {"nvidia.com/gpu": "9"}}),
                at="spec.limits.nvidia.com.gpu",
            ),
        ),
        passing=(
            passes(GROUP, GPU, POOL),
            passes(GPU.but({"taints": [{**TAINT, "effect": "NO_EXECUTE"}]})),
            passes(GPU.but({"scalingConfig.maxSize": "7"})),
            passes(GPU_POOL, _pool(TYPE, "m5.large"), _pool(FAMILY, "m5")),
            passes(GPU_POOL.but({"spec.limits": {"cpu": "64"}})),
            passes(GPU_POOL.but({KARPENTER_TAINTS: [TAINT | {"effect": "NoExecute"}]})),
        ),
        unknown=passes(GPU.but({"scalingConfig.maxSize": UNKNOWN})),
        secret=fails(GPU.but({"scalingConfig.maxSize": secret(4711)}), at="scalingConfig.maxSize"),
    ),
    "nodes-in-several-zones": Cases(
        failing=(
            fails(GROUP.but({"subnetIds": ["subnet-1"]}), at="subnetIds", wanted="2 or more zones"),
            fails(GROUP.but({"subnetIds": None}), at="subnetIds"),
            fails(CLUSTER.but({"vpcConfig.subnetIds": ["subnet-1"]}), at="vpcConfig.subnetIds"),
            fails(
                GROUP.but({"updateConfig": None}), at="updateConfig.maxUnavailable", wanted="1 node"
            ),
            fails(GROUP.but({"updateConfig.maxUnavailable": 0}), at="updateConfig.maxUnavailable"),
        ),
        passing=(
            passes(GROUP, CLUSTER),
            passes(GROUP.but({"subnetIds": [UNKNOWN, UNKNOWN]})),
            passes(GROUP.but({"updateConfig": {"maxUnavailablePercentage": 33}})),
            passes(GROUP.but({"updateConfig.maxUnavailable": 2})),
        ),
        unknown=passes(GROUP.but({"subnetIds": UNKNOWN})),
        secret=fails(GROUP.but({"subnetIds": secret(["subnet-1"])}), at="subnetIds"),
    ),
}

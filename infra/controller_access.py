"""What the controllers in the cluster may do in AWS, each no more than its work needs.

Sources: the projects' own IAM documents, cut down to what this platform lets them do: load
balancers are declared, so their controller only registers targets; nodes are made only with the
cluster's tag.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output

from components.base import Site
from components.cluster import cluster_name
from components.permissions import Conditions, Statement
from infra.fencing import FencedPlatform

NODE_CLASS = "karpenter.k8s.aws/ec2nodeclass"


def load_balancer_controller(target_groups: Sequence[Input[str]]) -> list[Statement]:
    """Registers pods in the declared target groups, and reads what it needs to find them."""
    reads = ("elasticloadbalancing:DescribeTargetGroups",
             "elasticloadbalancing:DescribeTargetGroupAttributes",
             "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTags",
             "elasticloadbalancing:DescribeLoadBalancers", "ec2:DescribeInstances",
             "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
             "ec2:DescribeVpcs", "ec2:DescribeAvailabilityZones")  # fmt: skip
    writes = (
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
    )
    return [
        Statement(sid="Find", actions=reads, resources=["*"]),
        *([Statement(sid="Targets", actions=writes, resources=target_groups)]
          if target_groups else []),
    ]  # fmt: skip


def external_dns(zone_id: Input[str]) -> list[Statement]:
    """Records of the one zone."""
    zone = Output.concat("arn:aws:route53:::hostedzone/", zone_id)
    return [
        Statement(sid="Records", actions=("route53:ChangeResourceRecordSets",), resources=[zone]),
        Statement(
            sid="Read",
            actions=("route53:ListResourceRecordSets", "route53:ListTagsForResource"),
            resources=[zone],
        ),
        Statement(
            sid="Find",
            actions=("route53:ListHostedZones", "route53:ListHostedZonesByName"),
            resources=["*"],
        ),
    ]


def karpenter(site: Site, queue_arn: Input[str], node_role_arn: Input[str]) -> list[Statement]:
    """Makes and ends instances that carry the cluster's tag, and gives them the nodes' role."""
    cluster = cluster_name(site)
    owned = f"kubernetes.io/cluster/{cluster}"
    here = {"StringEquals": {"aws:RequestedRegion": site.region}}
    tagged = {"StringEquals": {f"aws:RequestTag/{owned}": "owned"}}
    ours = {"StringEquals": {f"aws:ResourceTag/{owned}": "owned"}}
    ec2 = f"arn:aws:ec2:{site.region}"
    launched = [f"{ec2}:*:{kind}/*" for kind in
                ("fleet", "instance", "volume", "network-interface", "launch-template",
                 "spot-instances-request")]  # fmt: skip
    used = [f"{ec2}::image/*", *(f"{ec2}:*:{kind}/*" for kind in
            ("security-group", "subnet", "capacity-reservation"))]  # fmt: skip
    reads = tuple(f"ec2:Describe{what}" for what in
                  ("AvailabilityZones", "CapacityReservations", "Images", "Instances",
                   "InstanceStatus", "InstanceTypeOfferings", "InstanceTypes", "LaunchTemplates",
                   "SecurityGroups", "SpotPriceHistory", "Subnets"))  # fmt: skip
    make = ("ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate")
    return [
        Statement(sid="Use", actions=("ec2:RunInstances", "ec2:CreateFleet"), resources=used),
        Statement(sid="UseTemplates", actions=("ec2:RunInstances", "ec2:CreateFleet"),
                  resources=[f"{ec2}:*:launch-template/*"], conditions=ours),
        Statement(sid="Make", actions=make, resources=launched, conditions=tagged),
        Statement(sid="Tag", actions=("ec2:CreateTags",), resources=launched, conditions=tagged),
        Statement(sid="Retag", actions=("ec2:CreateTags",), resources=[f"{ec2}:*:instance/*"],
                  conditions=ours),
        Statement(sid="End", actions=("ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"),
                  resources=[f"{ec2}:*:instance/*", f"{ec2}:*:launch-template/*"],
                  conditions=ours),
        Statement(sid="Read", actions=reads, resources=["*"], conditions=here),
        Statement(sid="Images", actions=("ssm:GetParameter",),
                  resources=[f"arn:aws:ssm:{site.region}::parameter/aws/service/*"]),
        Statement(sid="Prices", actions=("pricing:GetProducts",), resources=["*"]),
        Statement(sid="Profiles", actions=("iam:GetInstanceProfile",),
                  resources=[f"arn:aws:iam::{site.account_id}:instance-profile{site.role_path}*"]),
        Statement(sid="Role", actions=("iam:PassRole",), resources=[node_role_arn],
                  conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
        Statement(sid="Cluster", actions=("eks:DescribeCluster",),
                  resources=[f"arn:aws:eks:{site.region}:{site.account_id}:cluster/{cluster}"]),
        Statement(sid="Warnings", actions=("sqs:DeleteMessage", "sqs:GetQueueUrl",
                                           "sqs:ReceiveMessage"), resources=[queue_arn]),
    ]  # fmt: skip


def cluster_autoscaler(site: Site) -> list[Statement]:
    """Sets sizes of the cluster's own groups."""
    tag = f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name(site)}"
    reads = ("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances",
             "autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeScalingActivities",
             "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions",
             "ec2:DescribeImages", "ec2:GetInstanceTypesFromInstanceRequirements",
             "eks:DescribeNodegroup")  # fmt: skip
    writes = ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup")
    return [
        Statement(sid="Read", actions=reads, resources=["*"]),
        Statement(sid="Scale", actions=writes, resources=["*"],
                  conditions={"StringEquals": {tag: "owned"}}),
    ]  # fmt: skip


def log_collector(groups: Sequence[Input[str]]) -> list[Statement]:
    """Writes to log groups that are declared; it makes none."""
    writes = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
    streams = [Output.concat(group, ":*") for group in groups]
    return [Statement(sid="Write", actions=writes, resources=streams)]


def metrics_exporter() -> list[Statement]:
    """Reads figures and the tags that say whose they are; neither can be scoped."""
    reads = ("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics",
             "cloudwatch:ListMetrics", "tag:GetResources")  # fmt: skip
    return [Statement(sid="Read", actions=reads, resources=["*"])]


def velero() -> list[Statement]:
    """Snapshots of volumes of the cluster's claims; those of others are not its business."""
    reads = ("ec2:DescribeVolumes", "ec2:DescribeSnapshots")
    ours = {"StringLike": {"aws:ResourceTag/kubernetes.io/created-for/pvc/name": "*"}}
    made = {"StringLike": {"aws:ResourceTag/velero.io/backup": "*"}}
    return [
        Statement(sid="Read", actions=reads, resources=["*"]),
        Statement(sid="Snapshot", actions=("ec2:CreateSnapshot", "ec2:CreateTags"),
                  resources=["arn:aws:ec2:*:*:volume/*"], conditions=ours),
        Statement(sid="Keep", actions=("ec2:CreateSnapshot", "ec2:CreateTags", "ec2:CreateVolume"),
                  resources=["arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:*:*:volume/*"]),
        Statement(sid="Forget", actions=("ec2:DeleteSnapshot",),
                  resources=["arn:aws:ec2:*::snapshot/*"], conditions=made),
    ]  # fmt: skip


def lease_agent(site: Site, fenced: FencedPlatform) -> list[Statement]:
    """Reads and swaps the platform's own record, and uses the table's key through DynamoDB.
    Sources: DynamoDB developer guide, conditions for fine-grained access; encryption at rest, the
    encryption context."""
    table = f"arn:aws:dynamodb:{site.region}:{site.account_id}:table/{fenced.table}"
    own: Conditions = {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [fenced.name]},
        # Without a key all values of none would do.
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    context = "kms:EncryptionContext:aws:dynamodb"
    through: Conditions = {
        "StringEquals": {
            "kms:ViaService": f"dynamodb.{site.region}.amazonaws.com",
            f"{context}:tableName": fenced.table,
            f"{context}:subscriberId": site.account_id,
        }
    }
    record = ("dynamodb:GetItem", "dynamodb:PutItem")
    return [
        Statement(sid="Record", actions=record, resources=[table], conditions=own),
        Statement(sid="Key", actions=("kms:Decrypt",), resources=[fenced.key_arn],
                  conditions=through),
    ]  # fmt: skip

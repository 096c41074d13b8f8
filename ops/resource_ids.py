"""What the provider calls a resource: its ID from deterministic names, or from its ARN.

A formula over the inputs needs no look: a resource that is not there is told when it is read. Where
AWS makes up the ID, the tag `mlops:id` finds it. Source: the import sections of the provider's
documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

Inputs = Mapping[str, object]
TAG = "mlops:id"


def _input(*names: str, joined: str = ":") -> Callable[[Inputs], str]:
    return lambda inputs: joined.join(str(inputs[name]) for name in names)


def _object(inputs: Inputs) -> str:
    metadata = cast("Mapping[str, object]", inputs.get("metadata") or {})
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])


def _release(inputs: Inputs) -> str:
    return f"{inputs.get('namespace') or 'default'}/{inputs['name']}"


def _record(inputs: Inputs) -> str:
    parts = [inputs["zoneId"], inputs["name"], inputs["type"], inputs.get("setIdentifier")]
    return "_".join(str(part) for part in parts if part)


FROM_INPUTS: Mapping[str, Callable[[Inputs], str]] = {
    "aws:cloudwatch/logGroup:LogGroup": _input("name"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _input("name"),
    "aws:dynamodb/table:Table": _input("name"),
    "aws:ecr/repository:Repository": _input("name"),
    "aws:eks/addon:Addon": _input("clusterName", "addonName"),
    "aws:eks/cluster:Cluster": _input("name"),
    "aws:eks/nodeGroup:NodeGroup": _input("clusterName", "nodeGroupName"),
    "aws:elasticache/replicationGroup:ReplicationGroup": _input("replicationGroupId"),
    "aws:iam/instanceProfile:InstanceProfile": _input("name"),
    "aws:iam/role:Role": _input("name"),
    "aws:iam/rolePolicy:RolePolicy": _input("role", "name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _input("role", "policyArn", joined="/"),
    "aws:kms/alias:Alias": _input("name"),
    "aws:rds/instance:Instance": _input("identifier"),
    "aws:rds/parameterGroup:ParameterGroup": _input("name"),
    "aws:rds/subnetGroup:SubnetGroup": _input("name"),
    "aws:route53/record:Record": _record,
    "aws:s3/bucket:Bucket": _input("bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _input("bucket"),
    "aws:s3/bucketLogging:BucketLogging": _input("bucket"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _input("bucket"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _input("bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": _input("bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _input("bucket"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _input("bucket")
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _input("bucket"),
    "kubernetes:helm.sh/v3:Release": _release,
}
"""Types whose ID follows from what the program gave them."""


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]


def _whole(arn: str) -> str:
    return arn


FROM_ARN: Mapping[str, Callable[[str], str]] = {
    "aws:acm/certificate:Certificate": _whole,
    "aws:ec2/capacityReservation:CapacityReservation": _last,
    "aws:ec2/eip:Eip": _last,
    "aws:ec2/flowLog:FlowLog": _last,
    "aws:ec2/internetGateway:InternetGateway": _last,
    "aws:ec2/launchTemplate:LaunchTemplate": _last,
    "aws:ec2/natGateway:NatGateway": _last,
    "aws:ec2/routeTable:RouteTable": _last,
    "aws:ec2/securityGroup:SecurityGroup": _last,
    "aws:ec2/subnet:Subnet": _last,
    "aws:ec2/vpc:Vpc": _last,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _last,
    "aws:efs/accessPoint:AccessPoint": _last,
    "aws:efs/fileSystem:FileSystem": _last,
    "aws:kms/key:Key": _last,
    "aws:kms/replicaKey:ReplicaKey": _last,
    "aws:lb/listener:Listener": _whole,
    "aws:lb/loadBalancer:LoadBalancer": _whole,
    "aws:lb/targetGroup:TargetGroup": _whole,
    "aws:route53/healthCheck:HealthCheck": _last,
    "aws:route53/zone:Zone": _last,
    "aws:secretsmanager/secret:Secret": _whole,
    "aws:sns/topic:Topic": _whole,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _last,
}
"""Types that AWS names, and that carry the tag."""

LOCAL = ("pulumi:", "random:", "mlops:", "eks:")
"""What exists in the state only: never finished means never made."""


def identity(inputs: Inputs) -> str | None:
    """The `mlops:id` among a resource's tags, or None."""
    tags = cast("Mapping[str, object]", inputs.get("tags") or {})
    found = tags.get(TAG)
    return str(found) if found else None


def named(type_: str, inputs: Inputs) -> str | None:
    """The ID that follows from the inputs, or None for a type that AWS names."""
    formula = FROM_INPUTS.get(type_)
    if formula is None and type_.startswith("kubernetes:"):
        formula = _object
    if formula is None:
        return None
    try:
        return formula(inputs)
    except KeyError:
        return None

"""What the provider calls a resource: its ID from deterministic names, or from its ARN.

A formula over the inputs needs no look: a resource that is not there is told when it is read. Where
AWS makes up the ID, the tag `mlops:id` finds it, or what it belongs to. What is only put again by
a second creation needs none of these. Source: the import sections of the provider's documentation.
"""

from __future__ import annotations

import json
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


def _item(inputs: Inputs) -> str:
    key = str(inputs["hashKey"])
    (value,) = json.loads(str(inputs["item"]))[key].values()
    return f"{inputs['tableName']}|{key}|{value}"


def _route(inputs: Inputs) -> str:
    names = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    (to,) = [inputs[name] for name in names if inputs.get(name)]
    return f"{inputs['routeTableId']}_{to}"


def _rule_of_acl(inputs: Inputs) -> str:
    parts = (inputs["networkAclId"], _number(inputs["ruleNumber"]), inputs["protocol"])
    return ":".join([*map(str, parts), "true" if inputs.get("egress") else "false"])


def _rule_of_group(inputs: Inputs) -> str:
    many = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
    sources = [str(each) for name in many for each in cast("list[object]", inputs.get(name) or [])]
    one = "self" if inputs.get("self") else inputs.get("sourceSecurityGroupId")
    ports = (_number(inputs["fromPort"]), _number(inputs["toPort"]))
    named = (inputs["securityGroupId"], inputs["type"], inputs["protocol"], *ports)
    return "_".join([*map(str, named), *([str(one)] if one else []), *sources])


def _number(value: object) -> str:
    """The state keeps numbers as JSON, in which the engine writes 443 as 443.0."""
    return f"{float(str(value)):.0f}"


def _record(inputs: Inputs) -> str:
    parts = [inputs["zoneId"], inputs["name"], inputs["type"], inputs.get("setIdentifier")]
    return "_".join(str(part) for part in parts if part)


FROM_INPUTS: Mapping[str, Callable[[Inputs], str]] = {
    "aws:accessanalyzer/analyzer:Analyzer": _input("analyzerName"),
    "aws:backup/vault:Vault": _input("name"),
    "aws:cfg/deliveryChannel:DeliveryChannel": _input("name"),
    "aws:cfg/recorder:Recorder": _input("name"),
    "aws:cloudwatch/logGroup:LogGroup": _input("name"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _input("name"),
    "aws:dynamodb/table:Table": _input("name"),
    "aws:dynamodb/tableItem:TableItem": _item,
    "aws:ec2/networkAclRule:NetworkAclRule": _rule_of_acl,
    "aws:ec2/placementGroup:PlacementGroup": _input("name"),
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _input(
        "subnetId", "routeTableId", joined="/"
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": _rule_of_group,
    "aws:ecr/repository:Repository": _input("name"),
    "aws:efs/replicationConfiguration:ReplicationConfiguration": _input("sourceFileSystemId"),
    "aws:eks/accessEntry:AccessEntry": _input("clusterName", "principalArn"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": _input(
        "clusterName", "principalArn", "policyArn", joined="#"
    ),
    "aws:eks/addon:Addon": _input("clusterName", "addonName"),
    "aws:eks/cluster:Cluster": _input("name"),
    "aws:eks/nodeGroup:NodeGroup": _input("clusterName", "nodeGroupName"),
    "aws:elasticache/parameterGroup:ParameterGroup": _input("name"),
    "aws:elasticache/replicationGroup:ReplicationGroup": _input("replicationGroupId"),
    "aws:elasticache/subnetGroup:SubnetGroup": _input("name"),
    "aws:elasticache/user:User": _input("userId"),
    "aws:elasticache/userGroup:UserGroup": _input("userGroupId"),
    "aws:iam/instanceProfile:InstanceProfile": _input("name"),
    "aws:iam/role:Role": _input("name"),
    "aws:iam/rolePolicy:RolePolicy": _input("role", "name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _input("role", "policyArn", joined="/"),
    "aws:kms/alias:Alias": _input("name"),
    "aws:rds/eventSubscription:EventSubscription": _input("name"),
    "aws:rds/instance:Instance": _input("identifier"),
    "aws:rds/parameterGroup:ParameterGroup": _input("name"),
    "aws:rds/snapshot:Snapshot": _input("dbSnapshotIdentifier"),
    "aws:rds/subnetGroup:SubnetGroup": _input("name"),
    "aws:route53/record:Record": _record,
    "aws:s3/bucket:Bucket": _input("bucket"),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": _input(
        "bucket", "name"
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _input("bucket"),
    "aws:s3/bucketLogging:BucketLogging": _input("bucket"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _input("bucket"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _input("bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": _input("bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _input("bucket"),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _input("bucket"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _input("bucket")
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _input("bucket"),
    "kubernetes:helm.sh/v3:Release": _release,
}
"""Types whose ID follows from what the program gave them."""


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]


def _after_colon(arn: str) -> str:
    return arn.rpartition(":")[2]


def _of_cluster(arn: str) -> str:
    """`…:podidentityassociation/cluster/a-1` is imported as `cluster,a-1`."""
    cluster, association = arn.split("/")[-2:]
    return f"{cluster},{association}"


def _firewall(arn: str) -> str:
    """`…:regional/webacl/name/id` is imported as `id/name/REGIONAL`."""
    scope, _, name, id_ = arn.split(":")[5].split("/")
    return f"{id_}/{name}/{'CLOUDFRONT' if scope == 'global' else 'REGIONAL'}"


def _whole(arn: str) -> str:
    return arn


FROM_ARN: Mapping[str, Callable[[str], str]] = {
    "aws:acm/certificate:Certificate": _whole,
    "aws:backup/plan:Plan": _after_colon,
    "aws:cloudtrail/trail:Trail": _whole,
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": _whole,
    "aws:costexplorer/anomalySubscription:AnomalySubscription": _whole,
    "aws:ec2/capacityReservation:CapacityReservation": _last,
    "aws:ec2/eip:Eip": _last,
    "aws:ec2/flowLog:FlowLog": _last,
    "aws:ec2/internetGateway:InternetGateway": _last,
    "aws:ec2/launchTemplate:LaunchTemplate": _last,
    "aws:ec2/natGateway:NatGateway": _last,
    "aws:ec2/networkAcl:NetworkAcl": _last,
    "aws:ec2/routeTable:RouteTable": _last,
    "aws:ec2/securityGroup:SecurityGroup": _last,
    "aws:ec2/subnet:Subnet": _last,
    "aws:ec2/vpc:Vpc": _last,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _last,
    "aws:efs/accessPoint:AccessPoint": _last,
    "aws:efs/fileSystem:FileSystem": _last,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _of_cluster,
    "aws:guardduty/detector:Detector": _last,
    "aws:kms/key:Key": _last,
    "aws:kms/replicaKey:ReplicaKey": _last,
    "aws:lb/listener:Listener": _whole,
    "aws:lb/listenerRule:ListenerRule": _whole,
    "aws:lb/loadBalancer:LoadBalancer": _whole,
    "aws:lb/targetGroup:TargetGroup": _whole,
    "aws:secretsmanager/secret:Secret": _whole,
    "aws:sns/topic:Topic": _whole,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _last,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _last,
    "aws:wafv2/ipSet:IpSet": _firewall,
    "aws:wafv2/webAcl:WebAcl": _firewall,
}
"""Types that AWS names, and that carry the tag."""

LOOKED_UP = frozenset(
    {
        "aws:backup/selection:Selection",
        "aws:budgets/budget:Budget",
        "aws:efs/mountTarget:MountTarget",
        "aws:iam/policy:Policy",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "aws:route53/healthCheck:HealthCheck",
        "aws:route53/zone:Zone",
        "aws:securityhub/account:Account",
        "aws:sqs/queue:Queue",
    }
)
"""Types that AWS names and its tagging API does not tell here: each is looked for by itself."""

PUT_AGAIN = frozenset(
    {
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:autoscaling/tag:Tag",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "aws:cfg/recorderStatus:RecorderStatus",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        "aws:ebs/defaultKmsKey:DefaultKmsKey",
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "aws:efs/backupPolicy:BackupPolicy",
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        "aws:guardduty/detectorFeature:DetectorFeature",
        "aws:kms/grant:Grant",  # the same name and parameters are the same grant
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:secretsmanager/secretRotation:SecretRotation",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:securityhub/standardsSubscription:StandardsSubscription",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    }
)
"""Types whose creation puts something in its one place, or takes over what AWS made: a second one
makes no second thing, so that nothing has to be found."""

READ_BY_INPUTS = frozenset({"aws:dynamodb/tableItem:TableItem"})
"""Types that the provider cannot import: it reads them by what they were given."""

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

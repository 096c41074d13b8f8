"""What an organisation has already is read by its ID alone, and then managed like the rest."""

from __future__ import annotations

import pytest

from rehearsal.providers.aws.shapes import same
from rehearsal.providers.plugin import PluginError, Subject
from rehearsal.providers.wire import Value, is_list, is_object
from tests.rehearsal.providers.aws.life import Life, Living
from tests.rehearsal.providers.aws.lives import LIVES

ADOPTED = frozenset(
    {
        "aws:accessanalyzer/analyzer:Analyzer",
        "aws:acm/certificate:Certificate",
        "aws:backup/plan:Plan",
        "aws:backup/vault:Vault",
        "aws:budgets/budget:Budget",
        "aws:cfg/deliveryChannel:DeliveryChannel",
        "aws:cfg/recorder:Recorder",
        "aws:cloudtrail/trail:Trail",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        "aws:costexplorer/anomalySubscription:AnomalySubscription",
        "aws:dynamodb/table:Table",
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:ecr/repository:Repository",
        "aws:efs/fileSystem:FileSystem",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/addon:Addon",
        "aws:eks/cluster:Cluster",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:guardduty/detector:Detector",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/key:Key",
        "aws:lb/listener:Listener",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
        "aws:rds/instance:Instance",
        "aws:rds/parameterGroup:ParameterGroup",
        "aws:rds/subnetGroup:SubnetGroup",
        "aws:route53/healthCheck:HealthCheck",
        "aws:route53/record:Record",
        "aws:route53/zone:Zone",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:secretsmanager/secret:Secret",
        "aws:securityhub/account:Account",
        "aws:securityhub/standardsSubscription:StandardsSubscription",
        "aws:sns/topic:Topic",
        "aws:sqs/queue:Queue",
    }
)
LIVING = [life for life in LIVES if life.token in ADOPTED]


@pytest.mark.parametrize("life", LIVING, ids=lambda life: life.token.rpartition(":")[2])
def test_what_exists_is_read_by_its_id_alone(life: Life, living: Living) -> None:
    made = living.begin(life)
    found = living.provider.read(Subject(life.token, "adopted"), made.found.id, {})
    assert found is not None
    for name, value in found.inputs.items():
        assert name not in made.inputs or _holds(value, made.inputs[name]), name
    given = living.provider.check(Subject(life.token, "adopted"), found.inputs, {})
    assert not given.failures


def test_what_does_not_exist_cannot_be_adopted(living: Living) -> None:
    nobody = Subject("aws:ec2/vpc:Vpc", "adopted")
    assert living.provider.read(nobody, "vpc-0123456789abcdef0", {}) is None


def test_an_older_security_group_rule_says_that_it_cannot_be_imported(living: Living) -> None:
    rule = Subject("aws:ec2/securityGroupRule:SecurityGroupRule", "adopted")
    with pytest.raises(PluginError, match="cannot be found without its fromPort, protocol"):
        living.provider.read(rule, "sgrule-1", {})


def test_a_route_is_imported_by_its_table_and_destination(living: Living) -> None:
    table = living.make(
        "aws:ec2/routeTable:RouteTable",
        {
            "vpcId": "{vpc}",
            "routes": [{"cidrBlock": "192.0.2.0/24", "gatewayId": "{gateway}"}],
        },
    )
    route = Subject("aws:ec2/route:Route", "adopted")
    found = living.provider.read(route, f"{table.found.id}_192.0.2.0/24", {})
    assert found is not None
    assert found.inputs["gatewayId"] == living.account.gateway
    with pytest.raises(PluginError, match="TABLE_DESTINATION"):
        living.provider.read(route, table.found.id, {})


def _holds(found: Value, given: Value) -> bool:
    """Whether all that was given was found; AWS may know more."""
    if is_object(found) and is_object(given):
        return all(_holds(found.get(key), part) for key, part in given.items())
    if is_list(found) and is_list(given):
        return all(any(_holds(one, part) for one in found) for part in given)
    return same(found, given)

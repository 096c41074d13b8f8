"""What the tagging API does not tell of a killed engine's creations is looked for where it is."""

from __future__ import annotations

from typing import Any

from ops.live.lookups import LOOKUPS
from ops.live.pending import PendingOperations
from ops.resource_ids import TAG
from tests.ops.live.conftest import LOST, Reach
from tests.rehearsal.cloud.account import Account


def _found(reach: Reach, type_: str, inputs: dict[str, Any]) -> str | None:
    return LOOKUPS[type_](reach(lost_region=None), inputs)


def test_a_mount_target_is_known_by_its_subnet(reach: Reach, standby: Account) -> None:
    system = standby.efs.create_file_system(CreationToken="t")["FileSystemId"]
    one, two = standby.subnets(standby.vpc(), "ab")
    made = standby.efs.create_mount_target(FileSystemId=system, SubnetId=one)["MountTargetId"]
    type_ = "aws:efs/mountTarget:MountTarget"
    assert _found(reach, type_, {"fileSystemId": system, "subnetId": one}) == made
    assert _found(reach, type_, {"fileSystemId": system, "subnetId": two}) is None
    assert _found(reach, type_, {"fileSystemId": "fs-0123456789abcdef0", "subnetId": one}) is None


def test_a_service_linked_role_is_known_by_its_service_and_suffix(
    reach: Reach, standby: Account
) -> None:
    type_, inputs = (
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
        {"awsServiceName": "autoscaling.amazonaws.com"},
    )
    assert _found(reach, type_, inputs) is None
    role = standby.iam.create_service_linked_role(
        AWSServiceName="autoscaling.amazonaws.com", CustomSuffix="mlops"
    )["Role"]["Arn"]
    assert _found(reach, type_, inputs) is None
    assert _found(reach, type_, {**inputs, "customSuffix": "mlops"}) == role


def test_a_zone_is_known_by_its_tag_in_every_region(reach: Reach, standby: Account) -> None:
    zone = standby.zone("internal.example.com")
    tags = [{"Key": TAG, "Value": "1:internal"}]
    standby.route53.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone, AddTags=tags
    )
    type_ = "aws:route53/zone:Zone"
    assert _found(reach, type_, {"tags": {TAG: "1:internal"}}) == zone
    assert _found(reach, type_, {"tags": {TAG: "2:other"}}) is None
    assert _tagged(standby) == []
    assert _tagged(standby.there(LOST)) == [f"arn:aws:route53:::hostedzone/{zone}"]


def test_a_queue_is_known_by_its_name(reach: Reach, standby: Account) -> None:
    made = standby.client("sqs").create_queue(QueueName="interruptions")["QueueUrl"]
    type_ = "aws:sqs/queue:Queue"
    assert _found(reach, type_, {"name": "interruptions"}) == made
    assert _found(reach, type_, {"name": "other"}) is None


def test_what_an_account_has_once_follows_from_its_number(reach: Reach, standby: Account) -> None:
    del standby
    policy = _found(reach, "aws:iam/policy:Policy", {"name": "reader", "path": "/mlops/"})
    assert policy == "arn:aws:iam::123456789012:policy/mlops/reader"
    assert _found(reach, "aws:budgets/budget:Budget", {"name": "all"}) == "123456789012:all"
    assert _found(reach, "aws:securityhub/account:Account", {}) == "123456789012"


def test_a_selection_is_known_by_its_name_in_its_plan(reach: Reach, standby: Account) -> None:
    backup = standby.client("backup")
    backup.create_backup_vault(BackupVaultName="vault")
    rule = {"RuleName": "r", "TargetBackupVaultName": "vault"}
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": [rule]})
    role = standby.role("backup", "backup.amazonaws.com")
    made = backup.create_backup_selection(
        BackupPlanId=plan["BackupPlanId"],
        BackupSelection={"SelectionName": "data", "IamRoleArn": role, "Resources": ["*"]},
    )
    type_, id_ = "aws:backup/selection:Selection", f"{plan['BackupPlanId']}|{made['SelectionId']}"
    assert _found(reach, type_, {"planId": plan["BackupPlanId"], "name": "data"}) == id_
    assert _found(reach, type_, {"planId": plan["BackupPlanId"], "name": "other"}) is None


def test_replicated_backups_are_known_by_their_source(reach: Reach, standby: Account) -> None:
    source = standby.there(LOST)
    source.database("main", StorageEncrypted=True, BackupRetentionPeriod=7)
    arn = source.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    type_ = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    assert _found(reach, type_, {"sourceDbInstanceArn": arn}) is None
    made = standby.rds.start_db_instance_automated_backups_replication(
        SourceDBInstanceArn=arn, KmsKeyId=standby.key(), SourceRegion=LOST
    )["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"]
    assert _found(reach, type_, {"sourceDbInstanceArn": arn}) == made


def test_keys_and_secrets_that_are_going_are_nobodys(reach: Reach, standby: Account) -> None:
    tag = {"Key": TAG, "Value": "1:a"}
    key = standby.key(Tags=[{"TagKey": TAG, "TagValue": "1:a"}])
    secret = standby.secretsmanager.create_secret(Name="s", SecretString="v", Tags=[tag])["ARN"]
    nothing: Any = None
    operations = PendingOperations(reach(lost_region=None), nothing)
    assert sorted(operations.tagged("1:a")) == sorted([key, secret])
    standby.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert operations.tagged("1:a") == [secret]
    standby.secretsmanager.delete_secret(SecretId="s", RecoveryWindowInDays=7)
    assert operations.tagged("1:a") == []


def test_a_gateway_that_was_deleted_is_nobodys(reach: Reach, standby: Account) -> None:
    (subnet,) = standby.subnets(standby.vpc(gateway=True), "a")
    nothing: Any = None
    operations = PendingOperations(reach(lost_region=None), nothing)
    made = [
        standby.ec2.create_nat_gateway(
            SubnetId=subnet, ConnectivityType="private",
            TagSpecifications=[
                {"ResourceType": "natgateway", "Tags": [{"Key": TAG, "Value": "1:nat"}]}
            ],
        )["NatGateway"]["NatGatewayId"]
        for _ in range(2)
    ]  # fmt: skip
    assert len(operations.tagged("1:nat")) == 2
    standby.ec2.delete_nat_gateway(NatGatewayId=made[0])
    (left,) = operations.tagged("1:nat")
    assert left.endswith(made[1])


def test_the_simulated_tagging_api_lists_what_ec2_tags(standby: Account) -> None:
    marked = [{"Key": TAG, "Value": "1:a"}]

    def spec(kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": marked}]

    standby.ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip"))
    vpc = standby.vpc()
    standby.ec2.create_network_acl(VpcId=vpc, TagSpecifications=spec("network-acl"))
    standby.ec2.create_vpc_endpoint(
        VpcId=vpc, VpcEndpointType="Gateway", ServiceName="com.amazonaws.us-west-2.s3",
        TagSpecifications=spec("vpc-endpoint"),
    )  # fmt: skip
    group = standby.ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    standby.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[rule], TagSpecifications=spec("security-group-rule")
    )
    kinds = {arn.split(":")[5].partition("/")[0] for arn in _tagged(standby)}
    assert kinds == {"elastic-ip", "network-acl", "security-group-rule", "vpc-endpoint"}


def _tagged(account: Account) -> list[str]:
    found = account.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": TAG}])
    return [each["ResourceARN"] for each in found["ResourceTagMappingList"]]

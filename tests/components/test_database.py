"""The database: a primary, a replica, and a replica that became a primary."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.base import Site
from components.database import Database, DatabaseArgs
from tests.components.recorder import ACCOUNT, Recording, Registered, record

INSTANCE = "aws:rds/instance:Instance"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
PASSWORD = "random:index/randomPassword:RandomPassword"
SECRET = "aws:secretsmanager/secret:Secret"
DATA_KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/data"
LOGS_KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs"
SOURCE = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:mlops-platform-production-mlflow-g1"
HOST = "postgres.internal.mlops-platform.com"


def primary() -> DatabaseArgs:
    return DatabaseArgs(
        instance_class="db.r5.large",
        engine_version="17.6",
        parameter_family="postgres17",
        storage_gib=100,
        max_storage_gib=500,
        multi_az=True,
        backup_retention_days=7,
        backup_window="03:00-04:00",
        maintenance_window="sun:04:00-sun:05:00",
        username="mlops_admin",
        vpc_id="vpc-1",
        subnet_ids=["subnet-1", "subnet-2"],
        client_security_groups={"nodes": "sg-nodes"},
        data_key_arn=DATA_KEY,
        secrets_key_arn=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/secrets",
        zone_id="Z1",
        host=HOST,
        alarm_topic_arn=f"arn:aws:sns:us-east-1:{ACCOUNT}:critical",
        logs_key_arn=LOGS_KEY,
        log_retention_days=30,
    )


def built(site: Site, args: DatabaseArgs | None = None) -> Recording[Database]:
    return record(lambda: Database("database", args or primary(), site))


def instance(site: Site, args: DatabaseArgs | None = None) -> Registered:
    return built(site, args).one(INSTANCE)


def test_it_survives_the_loss_of_a_zone_and_of_a_disk(site: Site) -> None:
    inputs = instance(site).inputs
    assert inputs["multiAz"] is True
    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"] == DATA_KEY
    assert inputs["storageType"] == "gp3"
    assert (inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == (100, 500)
    assert inputs["backupRetentionPeriod"] == 7
    assert inputs["copyTagsToSnapshot"] is True


def test_its_name_carries_the_generation_also_in_the_final_snapshot(site: Site) -> None:
    database = instance(replace(site, data_generation=3))
    assert database.inputs["identifier"] == "mlops-platform-production-mlflow-g3"
    assert database.inputs["finalSnapshotIdentifier"] == "mlops-platform-production-mlflow-g3-final"
    assert database.inputs["skipFinalSnapshot"] is False
    assert database.inputs["deleteAutomatedBackups"] is True
    assert database.tags["Name"] == database.inputs["identifier"]


def test_it_is_protected_until_the_stack_is_torn_down(site: Site) -> None:
    kept, going = instance(site), instance(replace(site, protect_data=False))
    assert (kept.protect, kept.inputs["deletionProtection"]) == (True, True)
    assert (going.protect, going.inputs["deletionProtection"]) == (False, False)


def test_it_is_current_and_can_be_looked_into(site: Site) -> None:
    inputs = instance(site).inputs
    assert inputs["engine"] == "postgres"
    assert inputs["engineVersion"] == "17.6"
    assert inputs["autoMinorVersionUpgrade"] is True
    assert inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsKmsKeyId"] == DATA_KEY
    assert inputs["monitoringInterval"] == 60
    assert inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]


def test_its_logs_are_encrypted_and_kept_for_a_time_from_the_start(site: Site) -> None:
    recording = built(site)
    groups = recording.all("aws:cloudwatch/logGroup:LogGroup")
    start = "/aws/rds/instance/mlops-platform-production-mlflow-g1"
    assert [it.inputs["name"] for it in groups] == [f"{start}/postgresql", f"{start}/upgrade"]
    for group in groups:
        assert group.inputs["kmsKeyId"] == LOGS_KEY
        assert group.inputs["retentionInDays"] == 30
        assert recording.waits_for(recording.one(INSTANCE), group)


def test_nobody_connects_without_tls(site: Site) -> None:
    group = built(site).one("aws:rds/parameterGroup:ParameterGroup")
    assert group.inputs["family"] == "postgres17"
    assert group.inputs["name"] == "mlops-platform-production-database-postgres17"
    values = {it["name"]: it["value"] for it in group.inputs["parameters"]}
    assert values["rds.force_ssl"] == "1"


def test_the_password_is_never_a_plain_property(site: Site) -> None:
    database = instance(site)
    assert "password" not in database.inputs
    assert "manageMasterUserPassword" not in database.inputs
    assert database.inputs["passwordWo"]
    assert database.inputs["passwordWoVersion"] == 1
    assert "passwordWo" in database.secrets
    assert database.inputs["iamDatabaseAuthenticationEnabled"] is True


def test_the_password_fits_connection_strings(site: Site) -> None:
    password = built(site).one(PASSWORD)
    assert password.inputs["length"] == 32
    assert password.inputs["special"] is False


def test_the_secret_tells_clients_all_they_need_and_is_written_once(site: Site) -> None:
    recording = built(site)
    version = recording.one("aws:secretsmanager/secretVersion:SecretVersion")
    assert "secretString" not in version.inputs
    assert "secretStringWo" in version.secrets
    content = json.loads(version.inputs["secretStringWo"])
    assert content["host"] == HOST
    assert content["port"] == 5432
    assert content["username"] == "mlops_admin"
    assert content["dbname"] == "mlops"
    assert content["password"] == recording.one(INSTANCE).inputs["passwordWo"]


def test_the_secret_is_encrypted_protected_and_named_by_generation(site: Site) -> None:
    secret = built(site).one(SECRET)
    assert secret.inputs["kmsKeyId"] == f"arn:aws:kms:us-east-1:{ACCOUNT}:key/secrets"
    assert secret.inputs["name"] == "mlops-platform-production-database-g1"
    assert secret.inputs["recoveryWindowInDays"] == 30
    assert secret.protect


def test_the_secret_is_copied_to_the_other_region(site: Site) -> None:
    key = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/secrets"
    secret = built(site, replace(primary(), secret_replica_regions={"us-west-2": key})).one(SECRET)
    assert secret.inputs["replicas"] == [{"region": "us-west-2", "kmsKeyId": key}]


def test_without_another_region_the_secret_stays_here(site: Site) -> None:
    assert "replicas" not in built(site).one(SECRET).inputs


def test_raising_the_version_makes_and_writes_a_new_password(site: Site) -> None:
    recording = built(site, replace(primary(), password_version=2))
    version = recording.one("aws:secretsmanager/secretVersion:SecretVersion")
    assert recording.one(PASSWORD).inputs["keepers"] == {"version": "2"}
    assert recording.one(INSTANCE).inputs["passwordWoVersion"] == 2
    assert version.inputs["secretStringWoVersion"] == 2


def test_only_named_clients_reach_it_on_its_port(site: Site) -> None:
    recording = built(site)
    rule = recording.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (5432, 5432)
    database = recording.one(INSTANCE)
    assert database.inputs["publiclyAccessible"] is False
    group = recording.one("aws:ec2/securityGroup:SecurityGroup")
    assert database.inputs["vpcSecurityGroupIds"] == [f"{group.name}-id"]


def test_it_does_not_wait_for_its_clients(site: Site) -> None:
    recording = built(site)
    rule = recording.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert not recording.waits_for(recording.one(INSTANCE), rule)


def test_clients_know_a_name_that_can_be_moved_within_a_minute(site: Site) -> None:
    recording = built(site)
    record_ = recording.one("aws:route53/record:Record")
    assert record_.inputs["name"] == HOST
    assert record_.inputs["type"] == "CNAME"
    assert record_.inputs["ttl"] <= 60
    assert record_.inputs["records"] == [recording.value(recording.result.endpoint)]
    assert recording.result.host == HOST


def test_a_replica_follows_its_source_and_has_no_password_of_its_own(site: Site) -> None:
    recording = built(site, replace(primary(), replica_of=SOURCE))
    database = recording.one(INSTANCE)
    assert database.inputs["replicateSourceDb"] == SOURCE
    assert database.inputs["kmsKeyId"] == DATA_KEY
    taken = {"username", "passwordWo", "passwordWoVersion", "dbName", "allocatedStorage"}
    assert not taken & set(database.inputs)
    assert not recording.has(PASSWORD)
    assert not recording.has(SECRET)
    assert recording.result.secret_arn is None


def test_a_replica_is_as_large_and_as_safe_as_its_source(site: Site) -> None:
    inputs = instance(site, replace(primary(), replica_of=SOURCE)).inputs
    assert inputs["instanceClass"] == "db.r5.large"
    assert inputs["engineVersion"] == "17.6"
    assert inputs["multiAz"] is True
    assert inputs["backupRetentionPeriod"] == 7


def test_beside_a_replica_the_source_s_backups_are_kept_under_a_key_of_the_region(
    site: Site,
) -> None:
    backups = built(site, replace(primary(), replica_of=SOURCE)).one(BACKUPS).inputs
    assert backups["sourceDbInstanceArn"] == SOURCE
    assert backups["kmsKeyId"] == DATA_KEY
    assert backups["retentionPeriod"] == 7
    assert not built(site).has(BACKUPS)


def test_no_final_snapshot_is_asked_of_a_replica(site: Site) -> None:
    inputs = instance(site, replace(primary(), replica_of=SOURCE)).inputs
    assert inputs["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in inputs


def test_a_promoted_replica_keeps_what_it_came_with(site: Site) -> None:
    recording = built(site, replace(primary(), promoted=True))
    inputs = recording.one(INSTANCE).inputs
    assert not {"replicateSourceDb", "username", "passwordWo", "dbName"} & set(inputs)
    assert inputs["skipFinalSnapshot"] is False
    assert not recording.has(PASSWORD)


def test_what_is_promoted_follows_nobody() -> None:
    with pytest.raises(ValueError, match="promoted, replica_of"):
        replace(primary(), promoted=True, replica_of=SOURCE)


def test_an_unknown_class_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match=r"instance_class: 'db\.r5\.huge'"):
        replace(primary(), instance_class="db.r5.huge")


def test_every_taggable_child_is_tagged(site: Site) -> None:
    untaggable = ("Record", "RandomPassword", "SecretVersion", "RolePolicyAttachment")
    for resource in built(site).resources:
        if resource.custom and resource.type.split(":")[-1] not in untaggable:
            assert resource.tags["Owner"] == "ml-platform", resource.name
            assert resource.tags["mlops:id"].endswith(resource.name)

"""The composition: what the stack file says arrives where it should, and nothing waits idly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.service_secrets import IN_DATABASE
from infra.outputs import load
from infra.services.anchors import anchor_names
from tests.components.recorder import Recording
from tests.infra.composed import SOURCE_ZONE, Outputs, anchors_made, recorded
from tests.infra.documents import committed, parsed, with_values

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "eks:index:Cluster"
POOL = "eks:index:ManagedNodeGroup"
STORE = "aws:elasticache/replicationGroup:ReplicationGroup"


@pytest.fixture(scope="module")
def production() -> Iterator[Recording[Outputs]]:
    with recorded(parsed(committed("production"))) as recording:
        yield recording


@pytest.fixture(scope="module")
def dr() -> Iterator[Recording[Outputs]]:
    with recorded(parsed(committed("dr"), "dr")) as recording:
        yield recording


@pytest.fixture(scope="module", params=["production", "dr"])
def either(request: pytest.FixtureRequest) -> Recording[Outputs]:
    return request.getfixturevalue(request.param)


def changed(**values: Any) -> Any:
    return recorded(parsed(with_values(committed("production"), values)))


def test_there_is_one_aws_provider_and_it_refuses_other_accounts(dr: Recording[Outputs]) -> None:
    provider = dr.one("pulumi:providers:aws")
    assert provider.inputs["region"] == "us-west-2"
    assert "123456789012" in str(provider.inputs["allowedAccountIds"])


def test_every_aws_resource_uses_that_provider(either: Recording[Outputs]) -> None:
    ours = either.one("pulumi:providers:aws").urn
    strangers = [
        it.urn
        for it in either.resources
        if it.type.startswith("aws:") and it.custom and not it.provider.startswith(ours)
    ]
    assert strangers == []


def test_no_logical_name_tells_environment_or_region(either: Recording[Outputs]) -> None:
    names = [f"{it.name}-" for it in either.resources if "StackReference" not in it.type]
    telling = [
        name
        for name in names
        for word in ("production", "us-east-1", "us-west-2", "-dr-")
        if word in name
    ]
    assert telling == []


def test_everything_with_tags_carries_the_required_ones(either: Recording[Outputs]) -> None:
    required = {"Project", "Environment", "Owner", "CostCenter", "ManagedBy"}
    bare = [it.urn for it in either.resources if it.tags and not required <= set(it.tags)]
    assert bare == []


def test_the_database_is_as_the_stack_file_says(production: Recording[Outputs]) -> None:
    instance = production.one(INSTANCE).inputs
    assert instance["instanceClass"] == "db.r5.large"
    assert instance["engineVersion"] == "17.6"
    assert instance["multiAz"] is True
    assert instance["backupRetentionPeriod"] == 7


def test_the_replica_copies_production_by_its_declared_name(dr: Recording[Outputs]) -> None:
    instance = dr.one(INSTANCE).inputs
    source = "arn:aws:rds:us-east-1:123456789012:db:mlops-platform-production-mlflow-g1"
    assert instance["replicateSourceDb"] == source
    assert "passwordWo" not in instance


def _read_secrets(recording: Recording[Outputs]) -> dict[str, Any]:
    """Statements of external-secrets' role, by Sid."""
    (policy,) = [
        it.inputs["policy"]
        for it in recording.all("aws:iam/rolePolicy:RolePolicy")
        if it.name == "external-secrets-permissions"
    ]
    return {one["Sid"]: one for one in json.loads(policy)["Statement"]}


def test_a_standby_reads_the_copies_of_its_sources_passwords_and_no_others(
    dr: Recording[Outputs],
) -> None:
    told = _read_secrets(dr)
    begins = "arn:aws:secretsmanager:us-west-2:123456789012:secret:mlops-platform-production-"
    names = {"database-g1", *IN_DATABASE}
    assert set(told["Copies"]["Resource"]) == {f"{begins}{name}-??????" for name in names}
    assert told["CopiesKey"]["Action"] == ["kms:Decrypt"]
    assert told["CopiesKey"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-west-2.amazonaws.com"}
    }


def test_a_primary_of_its_own_reads_its_own_secrets_alone(production: Recording[Outputs]) -> None:
    assert set(_read_secrets(production)) == {"Secrets", "Key"}


def test_a_standby_makes_no_password_that_its_database_would_not_know(
    production: Recording[Outputs], dr: Recording[Outputs]
) -> None:
    made = [
        {it.name for it in each.all("aws:secretsmanager/secret:Secret")}
        for each in (production, dr)
    ]
    assert {f"secrets-{name}" for name in IN_DATABASE} == {
        name for name in made[0] - made[1] if name.startswith("secrets-")
    }


def test_a_standby_has_a_store_for_features_that_is_like_its_primarys(
    production: Recording[Outputs], dr: Recording[Outputs]
) -> None:
    stores = [each.one(STORE).inputs for each in (production, dr)]
    assert [(it["nodeType"], it["numCacheClusters"]) for it in stores] == [
        ("cache.r6g.large", 3)
    ] * 2


def test_the_replica_follows_the_generation_of_its_source() -> None:
    document = with_values(committed("dr"), {"peer.data_generation": 3})
    with recorded(parsed(document, "dr")) as later:
        assert later.one(INSTANCE).inputs["replicateSourceDb"].endswith("-mlflow-g3")


def test_clients_of_both_regions_know_the_database_by_one_name(
    production: Recording[Outputs], dr: Recording[Outputs]
) -> None:
    hosts = [it.value(it.result)["database"]["host"] for it in (production, dr)]
    assert hosts == ["postgres.internal.mlops-platform.com"] * 2


def test_subnets_have_the_planned_blocks(production: Recording[Outputs]) -> None:
    blocks = {it.inputs["cidrBlock"] for it in production.all("aws:ec2/subnet:Subnet")}
    assert blocks == {
        "10.0.0.0/18",
        "10.0.64.0/18",
        "10.0.192.0/21",
        "10.0.200.0/21",
        "10.0.224.0/21",
        "10.0.232.0/21",
    }


def test_node_pools_are_as_the_stack_file_says(production: Recording[Outputs]) -> None:
    sizes = {
        it.name: (it.inputs["scalingConfig"]["desiredSize"], *it.inputs["instanceTypes"])
        for it in production.all(POOL)
    }
    assert sizes == {
        "system": (3, "m5.large"),
        "compute": (3, "m5.2xlarge"),
        "gpu": (2, "g4dn.xlarge"),
    }


def test_the_gpu_pool_keeps_other_pods_off(production: Recording[Outputs]) -> None:
    gpu = production.one(POOL, "gpu").inputs
    taint = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
    assert gpu["taints"] == [taint]
    assert gpu["amiType"] == "AL2023_x86_64_NVIDIA"
    assert gpu["scalingConfig"]["minSize"] == 0


def test_a_node_group_gets_the_image_of_its_architecture() -> None:
    group = {"instance_type": "m7g.large", "min": 1, "desired": 1, "max": 2, "disk_gib": 50}
    with changed(**{"cluster.node_groups.arm": {**group, "capacity": "spot"}}) as recording:
        arm = recording.one(POOL, "arm").inputs
    assert (arm["amiType"], arm["capacityType"]) == ("AL2023_ARM_64_STANDARD", "SPOT")


def test_a_stack_without_gpus_has_no_gpu_pool() -> None:
    with changed(gpu=None, teams=[]) as recording:
        assert not recording.has(POOL, "gpu")


def test_the_database_and_the_cluster_do_not_wait_for_each_other(
    production: Recording[Outputs],
) -> None:
    instance, cluster = production.one(INSTANCE), production.one(CLUSTER)
    assert not production.waits_for(instance, cluster)
    assert not production.waits_for(cluster, instance)


def test_neither_waits_for_routes_buckets_or_load_balancers(
    production: Recording[Outputs],
) -> None:
    slow = [
        it
        for type_ in ("aws:ec2/natGateway:NatGateway", "aws:s3/bucket:Bucket",
                      "aws:lb/loadBalancer:LoadBalancer", "aws:ec2/vpcEndpoint:VpcEndpoint")
        for it in production.all(type_)
    ]  # fmt: skip
    assert slow
    for late in (production.one(INSTANCE), production.one(CLUSTER)):
        assert not [it.name for it in slow if production.waits_for(late, it)]


def test_nodes_wait_for_their_way_out(production: Recording[Outputs]) -> None:
    gateways = production.all("aws:ec2/natGateway:NatGateway")
    pool = production.one(POOL, "compute")
    assert gateways
    assert all(production.waits_for(pool, gateway) for gateway in gateways)


def test_config_waits_until_it_may_write_to_its_bucket(production: Recording[Outputs]) -> None:
    channel = production.one("aws:cfg/deliveryChannel:DeliveryChannel")
    policy = production.named("buckets-access-logs-policy")
    assert production.waits_for(channel, policy)


def test_addons_wait_for_the_system_nodes_only(production: Recording[Outputs]) -> None:
    coredns = production.named("addons-coredns")
    assert production.waits_for(coredns, production.one(POOL, "system"))
    assert not production.waits_for(coredns, production.one(POOL, "gpu"))


def test_a_replica_makes_nothing_that_an_account_has_once(dr: Recording[Outputs]) -> None:
    for type_ in (
        "aws:cloudtrail/trail:Trail",
        "aws:budgets/budget:Budget",
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    ):
        assert not dr.has(type_), type_


def test_a_replica_adds_its_half_of_the_names_to_its_sources_zone(dr: Recording[Outputs]) -> None:
    records = [it.inputs for it in dr.all("aws:route53/record:Record") if "aliases" in it.inputs]
    assert {it["zoneId"] for it in records} == {SOURCE_ZONE}
    assert {it["failoverRoutingPolicies"][0]["type"] for it in records} == {"SECONDARY"}


def test_only_the_primary_owns_the_proof_of_the_certificate(
    production: Recording[Outputs], dr: Recording[Outputs]
) -> None:
    def proofs(recording: Recording[Outputs]) -> int:
        return sum(
            "_x." in str(it.inputs["name"]) for it in recording.all("aws:route53/record:Record")
        )

    assert (proofs(production), proofs(dr)) == (7, 0)


def test_a_stack_without_a_zone_has_no_edge() -> None:
    off = {"ownership": "off"}
    with changed(**{"dns.hosted_zone": off}) as recording:
        assert not recording.has("aws:lb/loadBalancer:LoadBalancer")
        assert load(recording.value(recording.result)).edge is None


def test_guardrails_that_are_off_are_not_made() -> None:
    off = {"ownership": "off"}
    names = [name for name in committed("production")["guardrails"] if name != "alert_topics"]
    with changed(**{f"guardrails.{name}": off for name in names}) as recording:
        types = {it.type for it in recording.resources if it.custom}
    services = {type_.split(":")[1].split("/")[0] for type_ in types if type_.startswith("aws:")}
    assert services.isdisjoint(
        {
            "cloudtrail",
            "guardduty",
            "securityhub",
            "cfg",
            "accessanalyzer",
            "budgets",
            "costexplorer",
        }
    )


def test_data_is_protected_until_the_stack_file_lifts_it(production: Recording[Outputs]) -> None:
    assert production.one(INSTANCE).protect
    with changed(protect_data=False) as recording:
        assert not [it.name for it in recording.resources if it.protect]


def test_every_role_is_bounded_and_in_its_path(either: Recording[Outputs]) -> None:
    roles = either.all("aws:iam/role:Role")
    assert roles
    for role in roles:
        assert role.inputs["path"] == "/mlops/", role.name
        assert role.inputs["permissionsBoundary"].endswith(":policy/mlops-boundary"), role.name


def test_the_outputs_keep_their_contract(either: Recording[Outputs]) -> None:
    outputs = load(either.value(either.result))
    assert len(outputs.network.private_subnet_ids) == 2
    assert set(outputs.cluster.node_groups) == {"system", "compute", "gpu"}
    assert set(outputs.buckets) >= {"models", "artifacts", "features", "backups", "logs"}
    assert outputs.edge is not None
    assert outputs.edge.hosts["mlflow"] == "mlflow.mlops-platform.com"


def test_only_a_primary_has_a_password(
    production: Recording[Outputs], dr: Recording[Outputs]
) -> None:
    assert load(production.value(production.result)).database.secret_arn
    assert load(dr.value(dr.result)).database.secret_arn is None


@pytest.mark.parametrize("scaler", ["karpenter", "cluster-autoscaler"])
def test_every_anchor_that_is_promised_is_made(scaler: str) -> None:
    services = {"services": {"scaling": {"scaler": scaler}}}
    settings = parsed(with_values(committed("production"), services))
    assert anchor_names(settings) <= anchors_made(settings)


def test_only_the_scaler_that_runs_may_make_or_end_nodes() -> None:
    with changed(services={"scaling": {"scaler": "cluster-autoscaler"}}) as recording:
        policies = [
            str(it.inputs["policy"]) for it in recording.all("aws:iam/rolePolicy:RolePolicy")
        ]
        scaling = [one for one in policies if "autoscaling:SetDesiredCapacity" in one]
        assert len(scaling) == 1
        assert "k8s.io/cluster-autoscaler/mlops-platform-production" in scaling[0]
        assert not [one for one in policies if "ec2:CreateFleet" in one]


def test_capacity_is_reserved_where_the_stack_file_asks_for_it(
    production: Recording[Outputs],
) -> None:
    reservation = "aws:ec2/capacityReservation:CapacityReservation"
    assert not production.has(reservation)
    with changed(**{"gpu.reserved": 1}) as recording:
        made = recording.one(reservation)
    assert made.inputs["instanceType"] == committed("production")["gpu"]["instance_type"]

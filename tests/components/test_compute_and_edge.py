"""The compute and edge side wired together, and what holds for all of it."""

from __future__ import annotations

import pytest

from components.addons import ADDONS, Addons, AddonsArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.base import Site
from components.break_glass import BreakGlass, BreakGlassArgs
from components.cluster import Cluster
from components.console_balancer import ConsoleBalancer
from components.model_balancer import ModelBalancer, ModelBalancerArgs
from components.node_pool import NodePool
from components.node_role import NodeRole
from tests.components.recorder import Answer, Recording, record
from tests.components.test_balancers import CERTIFICATE, console_arguments
from tests.components.test_cluster import ADMINS, ANSWERS
from tests.components.test_cluster import arguments as cluster_arguments
from tests.components.test_node_pool import TEMPLATE
from tests.components.test_node_pool import arguments as pool_arguments

KEY = "arn:aws:kms:us-east-1:123456789012:key/data"
POOLS = ("system", "compute", "gpu")


def program(site: Site) -> None:
    glass = BreakGlass("break-glass", BreakGlassArgs(principals=[ADMINS["deployer"]]), site)
    admins = {"deployer": ADMINS["deployer"], "break-glass": glass.role_arn}
    cluster = Cluster("cluster", cluster_arguments(admins=admins), site)
    role = NodeRole("node", site)
    pools = [
        NodePool(name, pool_arguments(cluster, node_role_arn=role.arn), site) for name in POOLS
    ]
    addons = AddonsArgs(
        cluster_name=cluster.cluster_name,
        cluster_arn=cluster.arn,
        versions=dict.fromkeys(ADDONS, "v1"),
        volumes_key_arn=KEY,
        nodes=[pools[0].group],
    )
    Addons("addons", addons, site)
    nodes = cluster.security_group_id
    ConsoleBalancer("consoles", console_arguments(node_security_group_id=nodes), site)
    models = ModelBalancerArgs(
        vpc_id="vpc-1",
        subnet_ids=["subnet-a"],
        certificate_arn=CERTIFICATE,
        node_security_group_id=nodes,
        access_logs_bucket="access-logs",
        client_cidrs=["10.0.0.0/8"],
    )
    ModelBalancer("models", models, site)
    audit = AuditTrailArgs(bucket_name="logs", logs_key_arn=KEY, log_retention_days=365)
    AuditTrail("audit", audit, site)


@pytest.fixture
def whole(site: Site) -> Recording[None]:
    answers: dict[str, Answer] = {**ANSWERS, TEMPLATE: lambda _: {"latestVersion": 1}}
    return record(lambda: program(site), answers=answers)


def test_every_role_is_bounded_and_below_the_platforms_path(
    whole: Recording[None], site: Site
) -> None:
    roles = whole.all("aws:iam/role:Role")
    assert len(roles) > 5
    for role in roles:
        assert role.inputs["path"] == site.role_path
        assert role.inputs["permissionsBoundary"] == site.permissions_boundary
        assert len(role.inputs["name"]) <= 64


def test_everything_tagged_carries_the_required_tags_and_an_identity_of_its_own(
    whole: Recording[None], site: Site
) -> None:
    tagged = [one for one in whole.resources if one.custom and one.tags]
    assert len(tagged) > 30
    for one in tagged:
        assert site.tags.items() <= one.tags.items(), one.name
    identities = [one.tags["mlops:id"] for one in tagged]
    assert len(set(identities)) == len(identities)


def test_no_environment_is_part_of_a_logical_name(whole: Recording[None], site: Site) -> None:
    assert not [one.name for one in whole.resources if site.environment in one.name]


def test_load_balancers_do_not_wait_for_the_cluster(whole: Recording[None]) -> None:
    cluster = whole.one("eks:index:Cluster")
    for balancer in whole.all("aws:lb/loadBalancer:LoadBalancer"):
        assert not whole.waits_for(balancer, cluster)


def test_pools_do_not_wait_for_one_another(whole: Recording[None]) -> None:
    groups = whole.all("eks:index:ManagedNodeGroup")
    assert len(groups) == len(POOLS)
    assert not any(whole.waits_for(one, other) for one in groups for other in groups)

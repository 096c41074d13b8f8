"""Add-ons that need nodes."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components.addons import ADDONS, Addons, AddonsArgs
from components.base import Site
from tests.components.recorder import Recording, record

ADDON = "aws:eks/addon:Addon"
VERSIONS = {addon: f"v1.{index}.0-eksbuild.1" for index, addon in enumerate(ADDONS)}
ARN = "arn:aws:eks:us-east-1:123456789012:cluster/mlops-platform-production"
KEY = "arn:aws:kms:us-east-1:123456789012:key/data"


def build(site: Site, **changes: Any) -> Recording[Addons]:
    def program() -> Addons:
        # Any resource can stand for the nodes: what matters is that it is waited for.
        nodes = aws.sns.Topic("nodes")
        plain: dict[str, Any] = {"versions": VERSIONS, "nodes": [nodes]}
        return Addons(
            "addons",
            AddonsArgs(
                cluster_name="mlops-platform-production",
                cluster_arn=ARN,
                volumes_key_arn=KEY,
                **{**plain, **changes},
            ),
            site,
        )

    return record(program)


def test_every_addon_is_there_in_its_pinned_version(site: Site) -> None:
    addons = build(site).all(ADDON)
    assert {one.inputs["addonName"]: one.inputs["addonVersion"] for one in addons} == VERSIONS


def test_dns_and_drivers_wait_for_nodes_to_run_on(site: Site) -> None:
    recording = build(site)
    for addon in recording.all(ADDON):
        assert recording.waits_for(addon, recording.named("nodes"))


def test_an_addon_without_a_version_is_refused(site: Site) -> None:
    unpinned = {addon: version for addon, version in VERSIONS.items() if addon != "coredns"}
    with pytest.raises(ValueError, match="coredns"):
        build(site, versions=unpinned)


@pytest.mark.parametrize(
    ("addon", "account", "policy"),
    [
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicy"),
        ("aws-efs-csi-driver", "efs-csi-controller-sa", "AmazonEFSCSIDriverPolicy"),
    ],
)
def test_a_driver_has_a_role_of_its_own(site: Site, addon: str, account: str, policy: str) -> None:
    recording = build(site)
    driver = recording.one(ADDON, f"addons-{addon}")
    (association,) = driver.inputs["podIdentityAssociations"]
    role = recording.one("aws:iam/role:Role", f"addons-{addon}-role")
    assert association["serviceAccount"] == account
    assert association["roleArn"].endswith(role.name)
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    pinned = trust["Condition"]["StringEquals"]
    assert pinned["aws:RequestTag/kubernetes-service-account"] == account
    attached = recording.named(f"addons-{addon}-{policy}")
    assert recording.waits_for(driver, attached)


def test_the_ebs_driver_may_use_only_the_volumes_key(site: Site) -> None:
    policy = json.loads(build(site).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert {resource for one in policy["Statement"] for resource in one["Resource"]} == {KEY}
    grant = policy["Statement"][0]
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_volumes_made_for_pods_carry_the_required_tags(site: Site) -> None:
    driver = build(site).one(ADDON, "addons-aws-ebs-csi-driver")
    configuration = json.loads(driver.inputs["configurationValues"])
    assert configuration["controller"]["extraVolumeTags"] == site.tags


def test_dns_runs_twice_at_least(site: Site) -> None:
    dns = build(site).one(ADDON, "addons-coredns")
    assert json.loads(dns.inputs["configurationValues"])["autoScaling"]["minReplicas"] == 2

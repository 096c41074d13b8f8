"""Which timing an operation takes."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.timeline.work import Work, work

RDS = "aws:rds/instance:Instance"
NODES = "aws:eks/nodeGroup:NodeGroup"
RELEASE = "kubernetes:helm.sh/v3:Release"


@pytest.mark.parametrize(
    ("inputs", "operation"),
    [
        ({"multiAz": True}, "create-multi-az"),
        ({"multiAz": False}, "create-single-az"),
        ({}, "create-single-az"),
        ({"replicateSourceDb": "arn:aws:rds:us-east-1:1:db:x"}, "create-replica-cross-region"),
        ({"replicateSourceDb": "x", "multiAz": True}, "create-multi-az"),
        ({"snapshotIdentifier": "s", "multiAz": True}, "restore-snapshot"),
    ],
)
def test_a_database_is_timed_by_how_it_is_made(inputs: dict[str, Any], operation: str):
    assert work(RDS, "create", {}, inputs) == Work(operation=operation)


def test_a_replica_that_loses_its_source_is_promoted():
    assert work(RDS, "update", {"replicateSourceDb": "arn:x"}, {}).operation == "promote"


def test_an_endpoint_without_a_type_is_a_gateway():
    token = "aws:ec2/vpcEndpoint:VpcEndpoint"
    assert work(token, "create", {}, {}).variant == "Gateway"
    assert work(token, "delete", {"vpcEndpointType": "Interface"}, {}).variant == "Interface"


def test_a_node_group_rolls_in_batches_when_its_version_changes():
    after = {
        "version": "1.35",
        "scalingConfig": {"desiredSize": 5},
        "updateConfig": {"maxUnavailable": 2},
    }
    assert work(NODES, "update", {"version": "1.34"}, after) == Work(
        operation="update-per-batch", times=3
    )


def test_a_node_group_that_only_scales_does_not_roll():
    before, after = {"scalingConfig": {"desiredSize": 3}}, {"scalingConfig": {"desiredSize": 5}}
    assert work(NODES, "update", before, after) == Work(operation="update")


def test_a_share_of_unavailable_nodes_counts_in_whole_nodes():
    after = {
        "version": "2",
        "scalingConfig": {"desiredSize": 10},
        "updateConfig": {"maxUnavailablePercentage": 33},
    }
    assert work(NODES, "update", {}, after).times == 3


@pytest.mark.parametrize(
    ("chart", "repository", "variant"),
    [
        ("kube-prometheus-stack", "", "kube-prometheus-stack"),
        ("oci://public.ecr.aws/karpenter/karpenter", "", "karpenter"),
        ("oci://public.ecr.aws/karpenter/karpenter-crd", "", "karpenter-crd"),
        ("istiod", "", "istio"),
        ("base", "https://istio-release.storage.googleapis.com/charts", "istio"),
        ("base", "https://example.com", "base"),
        ("kserve-resources", "", "kserve"),
        ("velero", "", "velero"),
    ],
)
def test_a_release_is_timed_by_its_chart(chart: str, repository: str, variant: str):
    inputs = {"chart": chart, "repositoryOpts": {"repo": repository}}
    assert work(RELEASE, "create", {}, inputs).variant == variant


def test_a_value_that_is_not_known_yet_is_not_taken_for_true():
    unknown = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    assert work(RDS, "create", {}, {"multiAz": unknown}).operation == "create-single-az"

"""Velero: every volume is kept in the way that its driver can, and metrics are not."""

from __future__ import annotations

from typing import Any

import yaml

from catalog.charts.crds import wrong_object
from components.services.velero import POLICIES, VeleroArgs, velero
from tests.infra.services.stacks import committed

PLAN = velero(
    VeleroArgs(
        region="us-east-1",
        bucket="backups",
        key_arn="arn:aws:kms:us-east-1:123456789012:key/data",
        schedule="0 2 * * *",
        retention_days=30,
    )
)


def values() -> dict[str, Any]:
    (release,) = PLAN.releases
    return dict(release.values)


def schedule() -> dict[str, Any]:
    """As the chart renders it: the template is taken as it stands."""
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Schedule",
        "metadata": {"name": "nightly", "namespace": "velero"},
        "spec": values()["schedules"]["nightly"],
    }


def policies() -> list[dict[str, Any]]:
    name = schedule()["spec"]["template"]["resourcePolicy"]["name"]
    (held,) = [one.manifest for one in PLAN.objects if one.manifest["metadata"]["name"] == name]
    (text,) = held["data"].values()
    return yaml.safe_load(text)["volumePolicies"]


def action(driver: str, labels: dict[str, str]) -> str:
    """What Velero does with a volume: the action of the first policy whose conditions all fit."""
    for policy in policies():
        wanted = policy["conditions"]
        if wanted.get("csi", {"driver": driver})["driver"] == driver and (
            wanted.get("pvcLabels", {}).items() <= labels.items()
        ):
            return policy["action"]["type"]
    return "default"


def test_the_schedule_is_one_that_velero_takes_and_names_its_policies() -> None:
    assert list(wrong_object(schedule())) == []
    reference = schedule()["spec"]["template"]["resourcePolicy"]
    assert reference == {"kind": "ConfigMap", "name": POLICIES}
    assert "policies" in PLAN.releases[0].after


def test_every_class_of_volume_is_kept_as_its_driver_can() -> None:
    drivers = {
        one.manifest["provisioner"]
        for plan in committed("production")
        for one in plan.objects
        if one.kind == "StorageClass"
    }
    kept = {driver: action(driver, {}) for driver in drivers}
    assert kept == {"ebs.csi.aws.com": "snapshot", "efs.csi.aws.com": "fs-backup"}


def test_what_cannot_be_a_snapshot_has_an_agent_to_copy_it() -> None:
    assert values()["deployNodeAgent"] is True
    assert values()["nodeAgent"]["tolerations"] == [{"operator": "Exists"}]


def test_samples_are_left_out_and_silences_are_not() -> None:
    assert action("ebs.csi.aws.com", {"app.kubernetes.io/name": "prometheus"}) == "skip"
    assert action("ebs.csi.aws.com", {"app.kubernetes.io/name": "alertmanager"}) == "snapshot"


def test_the_snapshot_class_is_for_the_driver_that_has_snapshots() -> None:
    (found,) = [
        one.manifest
        for plan in committed("production")
        for one in plan.objects
        if one.kind == "VolumeSnapshotClass"
    ]
    assert found["driver"] == "ebs.csi.aws.com"

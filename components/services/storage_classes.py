"""Storage classes: encrypted gp3 volumes as the default, shared files from EFS, and snapshots."""

from __future__ import annotations

from typing import Any

from pulumi import Input

from components.services.plan import Object

VOLUMES = "gp3"
FILES = "efs"
SNAPSHOTS = "ebs-snapshots"


def volumes(key_arn: Input[str]) -> Object:
    """The default class. A volume is made in the zone of its first pod."""
    return Object(
        name="storage-gp3",
        manifest={
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {
                "name": VOLUMES,
                "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
            },
            "provisioner": "ebs.csi.aws.com",
            "parameters": {"type": "gp3", "encrypted": "true", "kmsKeyId": key_arn},
            "reclaimPolicy": "Delete",
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
        after=("@storage",),
    )


def files(file_system_id: Input[str]) -> Object:
    """Shared files: an access point per claim, that only its owner's pods can read."""
    return Object(
        name="storage-efs",
        manifest={
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": FILES},
            "provisioner": "efs.csi.aws.com",
            "parameters": {
                "provisioningMode": "efs-ap",
                "fileSystemId": file_system_id,
                "directoryPerms": "700",
                "basePath": "/claims",
            },
            "mountOptions": ["tls"],
            "reclaimPolicy": "Retain",
            "volumeBindingMode": "Immediate",
        },
        after=("@storage", "@files"),
    )


def snapshots() -> Object:
    """Snapshots of gp3 volumes; Velero finds the class by its label."""
    manifest: dict[str, Any] = {
        "apiVersion": "snapshot.storage.k8s.io/v1",
        "kind": "VolumeSnapshotClass",
        "metadata": {
            "name": SNAPSHOTS,
            "labels": {"velero.io/csi-volumesnapshot-class": "true"},
        },
        "driver": "ebs.csi.aws.com",
        "deletionPolicy": "Retain",
    }
    # The add-on of the snapshot controller installs the definition.
    return Object(name="storage-snapshots", manifest=manifest, after=("@storage",))

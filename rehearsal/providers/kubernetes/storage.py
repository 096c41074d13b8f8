"""Claims that no storage class serves.

Source: Kubernetes, persistent volumes, dynamic provisioning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rehearsal.providers.kubernetes.objects import Object, Objects
from rehearsal.providers.wire import as_object

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
DRIVERS: Mapping[str, str] = {
    "ebs.csi.aws.com": "aws-ebs-csi-driver",
    "efs.csi.aws.com": "aws-efs-csi-driver",
}
"""Provisioner → the add-on that it comes with."""
FIRST_POD = "WaitForFirstConsumer"

Addons = Callable[[], frozenset[str]]


def unserved(
    objects: Objects, cluster: str, addons: Addons, claim: Object, *, has_pod: bool
) -> str | None:
    """Why the claim stays pending, in the words of its events; None where it does not.

    `has_pod`: whether a pod mounts it, for which some classes wait.
    """
    spec = as_object(claim["spec"])
    if spec.get("volumeName"):
        return None
    classes = {one["metadata"]["name"]: one for one in objects.of_kind(cluster, "StorageClass")}
    name = spec.get("storageClassName")
    if name is None:
        name = next((key for key, one in classes.items() if _is_default(one)), "")
    if not name:
        return "no persistent volumes available for this claim and no storage class is set"
    if name not in classes:
        return f'storageclass.storage.k8s.io "{name}" not found'
    if classes[name].get("volumeBindingMode") == FIRST_POD and not has_pod:
        return None
    provisioner = str(classes[name]["provisioner"])
    if provisioner in DRIVERS and DRIVERS[provisioner] not in addons():
        return (
            "Waiting for a volume to be created either by the external provisioner "
            f"'{provisioner}' or manually by the system administrator"
        )
    return None


def _is_default(storage: Object) -> bool:
    notes = as_object(storage["metadata"].get("annotations"))
    return notes.get(DEFAULT_CLASS) == "true"

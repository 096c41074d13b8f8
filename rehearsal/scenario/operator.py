"""What an operator does beside `pulumi up`: pushes images, gives secrets that only people have
their values, and empties repositories before a teardown."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from catalog.service_secrets import SECRETS
from rehearsal.scenario.world import World

IMAGES = ("platform-api", "web-ui", "training", "lease-agent")
"""Repositories of the platform's own images."""
TAG = "1.0.0"
_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"


def push_images(world: World, stack: str) -> None:
    """Push the first version of each image, as a build does once the repositories are there."""
    ecr, namespace = _client(world, stack, "ecr"), _namespace(world, stack)
    for image in IMAGES:
        ecr.put_image(
            repositoryName=f"{namespace}/{image}",
            imageManifest=_manifest(image),
            imageManifestMediaType=_MEDIA_TYPE,
            imageTag=TAG,
            imageDigest=digest(image),
        )


def digest(image: str) -> str:
    """The digest that the image has in every registry."""
    return _sha256(_manifest(image))


def provide_secrets(world: World, stack: str) -> None:
    """Put values into the secrets that are declared without one."""
    vault, prefix = _client(world, stack, "secretsmanager"), world.settings(stack)["prefix"]
    for secret in SECRETS.values():
        if secret.origin == "provided":
            value = json.dumps({key: f"rehearsed-{key}" for key in secret.keys})
            vault.put_secret_value(SecretId=f"{prefix}-{secret.name}", SecretString=value)


def empty_repositories(world: World, stack: str) -> None:
    """Delete every image: ECR keeps a repository that holds one."""
    ecr, namespace = _client(world, stack, "ecr"), _namespace(world, stack)
    for repository in ecr.describe_repositories()["repositories"] if namespace else ():
        name = repository["repositoryName"]
        images = ecr.list_images(repositoryName=name)["imageIds"]
        if images and name.startswith(f"{namespace}/"):
            ecr.batch_delete_image(repositoryName=name, imageIds=images)


def discard_database(world: World, stack: str, name: str) -> None:
    """Delete an instance that was set aside, once its rows were compared."""
    rds = _client(world, stack, "rds")
    rds.modify_db_instance(
        DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True
    )
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def discard_snapshot(world: World, stack: str, name: str) -> None:
    """Delete the last snapshot of a retired instance, and the backups that RDS kept of it."""
    rds = _client(world, stack, "rds")
    (found,) = rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"]
    rds.delete_db_instance_automated_backup(DbiResourceId=found["DbiResourceId"])
    rds.delete_db_snapshot(DBSnapshotIdentifier=name)


def _client(world: World, stack: str, service: str) -> Any:
    """A client in the stack's own region."""
    return world.account.client(service, world.regions[stack][0])


def _namespace(world: World, stack: str) -> str:
    """What the names of the stack's repositories begin with; empty where it has none."""
    return str(world.settings(stack).get("registry", {}).get("namespace", ""))


def _manifest(image: str) -> str:
    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": len(image),
             "digest": _sha256(image)}  # fmt: skip
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2,
              "digest": _sha256("{}")}  # fmt: skip
    return json.dumps(
        {"schemaVersion": 2, "mediaType": _MEDIA_TYPE, "config": config, "layers": [layer]}
    )


def _sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

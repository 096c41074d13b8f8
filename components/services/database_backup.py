"""A logical backup of every database, each night to S3, with checksums that are looked at again.

RDS's own snapshots restore the whole instance; this restores one database, into any PostgreSQL.
Two images do it, since none has both pg_dump and the AWS CLI: the first dumps and reads each
dump's table of contents, the second verifies what it was handed, uploads, and compares sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.images import AWS_CLI, POSTGRES
from components.services.database_bootstrap import AUTHORITIES
from components.services.database_trust import ENVIRONMENT, MOUNT, volume
from components.services.flows import Flow, Pods, to_aws
from components.services.plan import Object, ServicePlan
from components.services.pod import CONTAINER_SECURITY, POD_SECURITY, resources

NAME = "database-backup"
NAMESPACE = "mlops-platform"
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})
FOLDER = "/dump"

DUMP = """\
set -eu
cd "$FOLDER"
for name in $DATABASES; do
  pg_dump --format=custom --file="$name.dump" "$name"
  pg_restore --list "$name.dump" > /dev/null
done
sha256sum -- *.dump > SHA256SUMS
"""

UPLOAD = """\
set -eu
cd "$FOLDER"
sha256sum --check --quiet SHA256SUMS
place="postgres/$(date -u +%Y/%m/%d/%H%M%S)"
for file in *.dump SHA256SUMS; do
  aws s3 cp --only-show-errors --sse aws:kms --sse-kms-key-id "$KEY" \\
    --checksum-algorithm SHA256 "$file" "s3://$BUCKET/$place/$file"
  there=$(aws s3api head-object --bucket "$BUCKET" --key "$place/$file" \\
    --query ContentLength --output text)
  here=$(wc -c < "$file")
  if [ "$there" -ne "$here" ]; then
    echo "$file: $here bytes here, $there in s3://$BUCKET/$place" >&2
    exit 1
  fi
done
"""


@dataclass(frozen=True, kw_only=True)
class DatabaseBackupArgs:
    """Which databases, when (cron, UTC), and where the dumps go."""

    host: Input[str]
    databases: Sequence[str]
    bucket: Input[str]
    key_arn: Input[str]
    region: str
    schedule: str
    scratch_gib: int
    suspended: bool = False
    """Whether it only waits, as beside a replica: its source is dumped where it is."""


def database_backup(args: DatabaseBackupArgs) -> ServicePlan:
    """Account and CronJob. The secret of the role that reads everything and writes nothing, and
    the authorities that the database is known by, are the bootstrap's."""
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
    }
    return ServicePlan(
        name=NAME,
        parts=[
            Object(name="account", manifest=account),
            Object(
                name="job",
                manifest=_cron_job(args),
                after=("account", "database-bootstrap", f"@identity/{NAME}"),
            ),
        ],
        flows=[
            Flow(name="backup-to-database", source=PODS, target="vpc", ports=(5432,)),
            *to_aws("database-backup", PODS),
        ],
    )


def _cron_job(args: DatabaseBackupArgs) -> dict[str, Any]:
    job = {
        "backoffLimit": 2,
        "activeDeadlineSeconds": 3 * 3600,
        "template": {"metadata": {"labels": dict(PODS.labels)}, "spec": _pod(args)},
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
        "spec": {
            "schedule": args.schedule,
            "timeZone": "Etc/UTC",
            "suspend": args.suspended,
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 3600,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {"spec": job},
        },
    }


def _pod(args: DatabaseBackupArgs) -> dict[str, Any]:
    return {
        "serviceAccountName": NAME,
        "restartPolicy": "Never",
        "securityContext": {**POD_SECURITY, "runAsUser": 999, "runAsGroup": 999, "fsGroup": 999},
        "initContainers": [_container("dump", POSTGRES, DUMP, _reading(args))],
        "containers": [_container("upload", AWS_CLI, UPLOAD, _writing(args))],
        "volumes": [
            {"name": "dump", "emptyDir": {"sizeLimit": f"{args.scratch_gib}Gi"}},
            {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}},
            volume(AUTHORITIES),
        ],
    }


def _container(name: str, image: str, script: str, env: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "image": image,
        "command": ["sh", "-c", script],
        "env": [{"name": "FOLDER", "value": FOLDER}, {"name": "HOME", "value": "/tmp"}, *env],  # noqa: S108
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources("250m", "256Mi", memory_limit="1Gi"),
        "volumeMounts": [
            {"name": "dump", "mountPath": FOLDER},
            {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108 - in the pod
            MOUNT,
        ],
    }


def _reading(args: DatabaseBackupArgs) -> list[dict[str, Any]]:
    reader = (("PGUSER", "username"), ("PGPASSWORD", "password"))
    return [
        {"name": "PGHOST", "value": args.host},
        *({"name": name, "value": value} for name, value in ENVIRONMENT.items()),
        {"name": "DATABASES", "value": " ".join(args.databases)},
        *(
            {
                "name": name,
                "valueFrom": {"secretKeyRef": {"name": "database-dumps", "key": key}},
            }
            for name, key in reader
        ),
    ]


def _writing(args: DatabaseBackupArgs) -> list[dict[str, Any]]:
    named = {"BUCKET": args.bucket, "KEY": args.key_arn, "AWS_REGION": args.region}
    return [{"name": name, "value": value} for name, value in named.items()]

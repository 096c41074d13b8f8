"""`mlops restore-model` and `mlops restore-state`: objects of a versioned bucket brought back.

An older version is copied on top of the newer ones, so that nothing is removed and the runbook
itself can be undone in the same way.
"""

from __future__ import annotations

from datetime import UTC, datetime

from catalog.timings import seconds
from ops.account import account_check
from ops.errors import Refused
from ops.step import Check, Finding, Runbook, Step, Target
from ops.world.objects import ObjectReads, Version
from ops.world.storage import StorageReads, StorageWorld

COPY = seconds("runbook", "copy", "object")
PROJECT = "mlops-platform"
SHOWN = 10
"""Versions that a refusal names, the newest."""
LOCKS = ".pulumi/locks/"
STATES = f".pulumi/stacks/{PROJECT}/"

ObjectStep = Step[StorageReads, StorageWorld]


def restore_model(
    target: Target, bucket: str, prefix: str, reads: StorageReads, version: str | None = None
) -> Runbook[StorageReads, StorageWorld]:
    """Every deleted object below `prefix`, or one object's `version`.

    Raises Refused where nothing was ever there.
    """
    if version is not None:
        steps = [_version(bucket, prefix, _known(reads.objects, bucket, prefix, version))]
    else:
        deleted = reads.objects.deleted_keys(bucket, prefix)
        if not deleted and not reads.objects.keys(bucket, prefix):
            raise Refused(
                f"s3://{bucket}/{prefix}: nothing is or was there; give the model's folder as it "
                "stands in its storage_uri"
            )
        steps = [_undeleted(bucket, key) for key in deleted]
    return Runbook(name="restore-model", target=target, checks=[account_check(target)], steps=steps)


def restore_state(
    target: Target, bucket: str, reads: StorageReads, version: str | None = None
) -> Runbook[StorageReads, StorageWorld]:
    """The state of the target's stack as it was in `version`.

    Raises Refused where there is no such version, with those that there are.
    """
    key = f"{STATES}{target.stack}.json"
    step = _version(bucket, key, _known(reads.objects, bucket, key, version))
    return Runbook(
        name="restore-state",
        target=target,
        steps=[step],
        checks=[
            account_check(target),
            Check(name="lock", judge=lambda now: _unlocked(now, bucket, target.stack)),
        ],
    )


def _undeleted(bucket: str, key: str) -> ObjectStep:
    def make(world: StorageWorld) -> None:
        kept = [each for each in world.objects.versions(bucket, key) if not each.deleted]
        if not kept:
            raise Refused(
                f"s3://{bucket}/{key}: only its deletion is left: the versions before are older "
                "than buckets.noncurrent_days. Copy it from the other region's bucket"
            )
        world.objects.bring_back(bucket, key, kept[0].id)

    return Step(
        name=key,
        goal=f"s3://{bucket}/{key} is there again",
        holds=lambda reads: key not in reads.objects.deleted_keys(bucket, key),
        make=make,
        takes=COPY,
    )


def _version(bucket: str, key: str, wanted: Version) -> ObjectStep:
    def holds(reads: StorageReads) -> bool:
        latest = reads.objects.versions(bucket, key)[0]
        if latest.id == wanted.id:
            return True
        digest = reads.objects.sha256
        same = digest(bucket, key, wanted.id)
        return not latest.deleted and digest(bucket, key) == same

    return Step(
        name=key,
        goal=f"s3://{bucket}/{key} is as in version {wanted.id}",
        holds=holds,
        make=lambda world: world.objects.bring_back(bucket, key, wanted.id),
        takes=COPY,
        irreversible=key.rpartition("/")[2],
    )


def _known(objects: ObjectReads, bucket: str, key: str, version: str | None) -> Version:
    found = {each.id: each for each in objects.versions(bucket, key) if not each.deleted}
    if version is None or version not in found:
        newest = [f"  {each.id}  written {_moment(each)}" for each in found.values()][:SHOWN]
        raise Refused(
            "\n".join([f"s3://{bucket}/{key}: --version {version}: expected one of", *newest])
            if found
            else f"s3://{bucket}/{key}: it has no versions; is the stack's name right?"
        )
    return found[version]


def _moment(version: Version) -> str:
    return f"{datetime.fromtimestamp(version.written_at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _unlocked(reads: StorageReads, bucket: str, stack: str) -> Finding:
    held = [key for key in reads.objects.keys(bucket, LOCKS) if f"/{stack}/" in key]
    if not held:
        return Finding(check="lock", says="no engine is at work on the stack")
    return Finding(
        check="lock",
        says=f"{held[0]} is there: an engine is at work, or was killed",
        refuses=True,
        fix=f"wait for it, or pulumi cancel --stack {stack}",
    )

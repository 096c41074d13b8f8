"""Jobs of the simulated clusters that dump databases: made from a CronJob's template, over after a
while, and what they leave in the bucket.

A job whose region is lost loses its pod. It is made again once the region is back, and fails where
that is later than the job's deadline, where there is no database to dump, or no bucket for it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from botocore.exceptions import ClientError

from catalog.timings import seconds
from rehearsal.cloud.outages import Outage
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.site.names import Client

TAKES = seconds("kubernetes:batch/v1:Job", "create", "dump")
SUMS = "SHA256SUMS"
BATCH = "batch/v1"

State = Literal["running", "Complete", "Failed"]


@dataclass
class _Job:
    """One job. Moments are seconds since 1970."""

    region: str
    body: Object
    began: float
    state: State = "running"
    why: str = ""

    @property
    def deadline(self) -> float:
        """When Kubernetes gives up."""
        return self.began + float(self.body["spec"].get("activeDeadlineSeconds") or "inf")

    def environment(self) -> dict[str, str]:
        """Of all containers of its pod; what comes from secrets is left out."""
        pod = self.body["spec"]["template"]["spec"]
        containers = [*pod.get("initContainers", []), *pod["containers"]]
        return {
            each["name"]: each["value"]
            for container in containers
            for each in container.get("env", [])
            if "value" in each
        }

    def end(self, state: State, why: str) -> None:
        self.state, self.why = state, why


class Jobs:
    """Of all clusters. `now`: seconds since 1970."""

    def __init__(
        self,
        client: Client,
        objects: Objects,
        now: Callable[[], float],
        outages: Callable[[], Sequence[Outage]],
    ) -> None:
        self._client, self._objects, self._now, self._outages = client, objects, now, outages
        self._jobs: dict[Key, _Job] = {}

    def cron_job(self, cluster: str, namespace: str, name: str) -> Object | None:
        """A CronJob that was declared; `cluster` as objects are stored by."""
        key = Key(cluster, BATCH, "CronJob", namespace, name)
        found = self._objects.get(key)
        if found is None:
            return None
        # The API server gives every object one.
        uid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cluster}/{key.id}"))
        return {**found, "metadata": {**found["metadata"], "uid": uid}}

    def create(self, region: str, cluster: str, namespace: str, body: Object) -> bool:
        """Begin a job; False where the name is taken."""
        key = Key(cluster, BATCH, "Job", namespace, str(body["metadata"]["name"]))
        if key in self._jobs:
            return False
        self._jobs[key] = _Job(region, body, self._now())
        return True

    def job(self, cluster: str, namespace: str, name: str) -> Object | None:
        """A job as Kubernetes shows it; None where there is none."""
        key = Key(cluster, BATCH, "Job", namespace, name)
        found = self._jobs.get(key)
        if found is None:
            return None
        if found.state == "running":
            self._go_on(found)
        ended = [] if found.state == "running" else [_condition(found)]
        metadata = {**found.body["metadata"], "namespace": namespace}
        return {**found.body, "metadata": metadata, "status": {"conditions": ended}}

    def running(self, region: str) -> Sequence[str]:
        """Names of jobs that are under way in a region, as far as anybody looked."""
        found = self._jobs.items()
        return [k.name for k, job in found if (job.region, job.state) == (region, "running")]

    def _go_on(self, job: _Job) -> None:
        """What it did since it was looked at last."""
        now = self._now()
        over = self._pod_began(job) + TAKES.typical
        if min(now, over) >= job.deadline:
            job.end("Failed", "DeadlineExceeded")
        elif not self._databases(job):
            job.end("Failed", "BackoffLimitExceeded")
        elif now >= over - TAKES.typical / 2:
            self._upload(job, whole=now >= over, at=over)

    def _pod_began(self, job: _Job) -> float:
        """When the pod that is at work began: with the job, or after the latest outage."""
        began = job.began
        for each in self._outages():
            if each.hit(job.region, began, began + TAKES.typical):
                began = float("inf") if each.until is None else each.until
        return began

    def _databases(self, job: _Job) -> bool:
        """Whether there is an instance that answers."""
        found = self._client("rds", job.region).describe_db_instances()["DBInstances"]
        return any(each["DBInstanceStatus"] == "available" for each in found)

    def _upload(self, job: _Job, *, whole: bool, at: float) -> None:
        """One file after the other; that with the checksums comes last, and ends it."""
        given = job.environment()
        folder = f"postgres/{datetime.fromtimestamp(at, UTC):%Y/%m/%d/%H%M%S}/"
        files = dict(_files(given["DATABASES"].split(), at))
        try:
            for name, data in list(files.items())[: None if whole else 1]:
                self._client("s3", job.region).put_object(
                    Bucket=given["BUCKET"], Key=folder + name, Body=data,
                    ServerSideEncryption="aws:kms", SSEKMSKeyId=given["KEY"],
                )  # fmt: skip
        except ClientError as error:
            job.end("Failed", f"BackoffLimitExceeded: {error}")
            return
        if whole:
            job.end("Complete", "CompletionsReached")


def _files(databases: Sequence[str], at: float) -> Iterator[tuple[str, bytes]]:
    dumps = {f"{name}.dump": f"rows of {name} at {at:.0f}".encode() for name in databases}
    yield from dumps.items()
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in dumps.items()]
    yield SUMS, "".join(sums).encode()


def _condition(job: _Job) -> Mapping[str, Any]:
    return {"type": job.state, "status": "True", "reason": job.why}

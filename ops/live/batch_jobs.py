"""S3 batch replication and registries, in both regions of a link.

A job is known by its description. Source: S3 Control API, CreateJob with a generated manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from ops.live.aws import Answer, Aws, NotFound
from ops.world.backfill import Job

PRIORITY = 10
UNCOPIED = ("NONE", "FAILED")


class BatchJobs:
    """`at` makes the way to a region."""

    def __init__(self, at: Callable[[str], Aws], account: str) -> None:
        self._at, self.account = cache(at), account

    def jobs(self, region: str, bucket: str) -> Sequence[Job]:
        """Those of the bucket, the newest first."""
        ours = [each for each in self._all(region) if each.get("Description") == _described(bucket)]
        ours.sort(key=lambda each: each["CreationTime"], reverse=True)
        return [
            Job(
                id=each["JobId"],
                status=each["Status"],
                objects=each["ProgressSummary"].get("TotalNumberOfTasks", 0),
                failed=each["ProgressSummary"].get("NumberOfTasksFailed", 0),
            )
            for each in ours
        ]

    def _all(self, region: str) -> Iterator[Answer]:
        """botocore has no paginator for it."""
        more: dict[str, str] = {}
        while True:
            page = self._at(region).read("s3control", "list_jobs", AccountId=self.account, **more)
            yield from page.get("Jobs", [])
            if not page.get("NextToken"):
                return
            more = {"NextToken": page["NextToken"]}

    def copy(self, region: str, bucket: str, role_arn: str, number: int) -> None:
        """Begin a job over what was never copied, or failed to be."""
        generator = {
            "ExpectedBucketOwner": self.account,
            "SourceBucket": f"arn:aws:s3:::{bucket}",
            "EnableManifestOutput": False,
            "Filter": {"EligibleForReplication": True, "ObjectReplicationStatuses": [*UNCOPIED]},
        }
        self._at(region).write(
            "s3control",
            "create_job",
            AccountId=self.account,
            ConfirmationRequired=False,
            Operation={"S3ReplicateObject": {}},
            Report={"Enabled": False},
            ClientRequestToken=f"{bucket}-{number}"[-64:],
            ManifestGenerator={"S3JobManifestGenerator": generator},
            Description=_described(bucket),
            Priority=PRIORITY,
            RoleArn=role_arn,
        )

    def lone_images(self, region: str, other: str, namespace: str) -> Sequence[str]:
        """By digest: tags move."""
        here, there = self._images(region, namespace), self._images(other, namespace)
        return sorted(here - there)

    def _images(self, region: str, namespace: str) -> set[str]:
        pages = self._at(region).pages("ecr", "describe_repositories")
        names = [each["repositoryName"] for page in pages for each in page["repositories"]]
        ours = [name for name in names if name.startswith(f"{namespace}/")]
        return {f"{name}@{digest}" for name in ours for digest in self._digests(region, name)}

    def _digests(self, region: str, repository: str) -> Sequence[str]:
        try:
            pages = self._at(region).pages("ecr", "list_images", repositoryName=repository)
        except NotFound:
            return []
        found = [each for page in pages for each in page["imageIds"]]
        return [each["imageDigest"] for each in found if "imageDigest" in each]


def _described(bucket: str) -> str:
    return f"mlops backfill {bucket}"

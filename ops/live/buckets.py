"""Objects in S3, in one region. Only objects: the configuration of buckets is the program's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from ops.live.aws import Answer, Aws
from ops.world.objects import Version

CHUNK_BYTES = 1 << 20
BACKLOG_WINDOW = timedelta(minutes=15)


class Buckets:
    """Objects with their versions and checksums."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """Keys below `prefix`, in order."""
        pages = self._aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix)
        return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def deleted_keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """Keys whose latest version is a delete marker."""
        markers = (
            found["Key"]
            for page in self._version_pages(bucket, prefix)
            for found in page.get("DeleteMarkers", [])
            if found["IsLatest"]
        )
        return sorted(set(markers))

    def versions(self, bucket: str, key: str) -> Sequence[Version]:
        """The newest first; the latest before others of the same moment."""
        found = [
            _version(each, deleted=member == "DeleteMarkers")
            for page in self._version_pages(bucket, key)
            for member in ("Versions", "DeleteMarkers")
            for each in page.get(member, [])
            if each["Key"] == key
        ]
        return sorted(found, key=lambda each: (each.latest, each.written_at), reverse=True)

    def text(self, bucket: str, key: str) -> str:
        """The content, as text."""
        return b"".join(self._content(bucket, key)).decode()

    def sha256(self, bucket: str, key: str, version: str | None = None) -> str:
        """Digest of the content, read a piece at a time."""
        digest = hashlib.sha256()
        for piece in self._content(bucket, key, version):
            digest.update(piece)
        return digest.hexdigest()

    def stored_sha256(self, bucket: str, key: str) -> str | None:
        """S3's own; an object of several parts has only a digest of its parts' digests."""
        found = self._aws.read("s3", "head_object", Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        stored = found.get("ChecksumSHA256")
        if stored is None or "-" in stored:
            return None
        return base64.b64decode(stored).hex()

    def backlog(self, source: str, bucket: str) -> float | None:
        """Of all rules between the two; S3 measures in the region of the copy. Source: Amazon S3
        user guide, using S3 Replication metrics."""
        ends = [
            {"Name": "SourceBucket", "Value": source},
            {"Name": "DestinationBucket", "Value": bucket},
        ]
        pages = self._aws.pages(
            "cloudwatch",
            "list_metrics",
            Namespace="AWS/S3",
            MetricName="OperationsPendingReplication",
            Dimensions=ends,
        )
        rules = [metric["Dimensions"] for page in pages for metric in page["Metrics"]]
        counts = [self._pending(dimensions) for dimensions in rules]
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None

    def _pending(self, dimensions: list[dict[str, str]]) -> float | None:
        now = datetime.now(UTC)
        found = self._aws.read(
            "cloudwatch",
            "get_metric_statistics",
            Namespace="AWS/S3",
            MetricName="OperationsPendingReplication",
            Dimensions=dimensions,
            StartTime=now - BACKLOG_WINDOW,
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Maximum"],
        )
        points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
        return float(points[-1]["Maximum"]) if points else None

    def bring_back(self, bucket: str, key: str, version: str) -> None:
        """CopyObject onto itself: its content, metadata and tags as a new latest version."""
        self._aws.write(
            "s3",
            "copy_object",
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": bucket, "Key": key, "VersionId": version},
        )

    def _content(self, bucket: str, key: str, version: str | None = None) -> Iterator[bytes]:
        which = {} if version is None else {"VersionId": version}
        body = self._aws.read("s3", "get_object", Bucket=bucket, Key=key, **which)["Body"]
        yield from body.iter_chunks(CHUNK_BYTES)

    def _version_pages(self, bucket: str, prefix: str) -> list[Answer]:
        return self._aws.pages("s3", "list_object_versions", Bucket=bucket, Prefix=prefix)


def _version(found: Answer, *, deleted: bool) -> Version:
    return Version(
        id=found["VersionId"],
        written_at=found["LastModified"].timestamp(),
        deleted=deleted,
        latest=found["IsLatest"],
    )

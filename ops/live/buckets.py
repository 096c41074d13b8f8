"""Objects in S3, in one region. Only objects: the configuration of buckets is the program's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence

from ops.live.aws import Answer, Aws
from ops.world.objects import Version

CHUNK_BYTES = 1 << 20


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

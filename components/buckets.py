"""The platform's buckets, one per purpose, and what each purpose needs.

Models, artifacts and features are read by programs that cannot wait for an archive. Backups and
logs are locked: nobody can delete them early, so a destroy leaves them. Access logs go to a
bucket with S3-managed keys and no lock, as log delivery supports nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.bucket import Bucket, BucketArgs
from components.bucket_lifecycle import Ageing, Archive, Lifecycle
from components.log_delivery import access_logs_statements, logs_statements

DATA = ("models", "artifacts", "features")
LOCKED = ("backups", "logs")
ACCESS_LOGS = "access-logs"
PURPOSES = (*DATA, *LOCKED, ACCESS_LOGS)


@dataclass(frozen=True, kw_only=True)
class BucketsArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError where a further bucket takes the name of one that there is anyway.
    """

    data_key_arn: Input[str]
    logs_key_arn: Input[str]
    lock_days: int
    """Days in which backups and logs cannot be deleted."""
    ageing: Ageing
    extra: Sequence[str] = ()
    """Purposes of further buckets for data."""

    def __post_init__(self) -> None:
        """Two buckets of one name would meet in the same place."""
        taken = sorted(set(self.extra) & set(PURPOSES))
        if taken or len(set(self.extra)) < len(self.extra):
            raise ValueError(
                f"extra: {list(self.extra)}: expected new names, each once; "
                f"{', '.join(PURPOSES)} are there anyway"
            )


class Buckets(Component):
    """Buckets by purpose."""

    by_purpose: Mapping[str, Bucket]

    def __init__(
        self, name: str, args: BucketsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._args = args
        self._access_logs = self._bucket_for_access_logs()
        self._log_target = self._open_for_logs()
        self.by_purpose = {
            **{purpose: self._bucket_for_data(purpose) for purpose in (*DATA, *args.extra)},
            "backups": self._locked_bucket("backups", args.data_key_arn, ()),
            "logs": self._locked_bucket("logs", args.logs_key_arn, logs_statements(site)),
            ACCESS_LOGS: self._access_logs,
        }
        names = {purpose: bucket.bucket_name for purpose, bucket in self.by_purpose.items()}
        self.register_outputs({"names": names})

    def _bucket_for_access_logs(self) -> Bucket:
        args = BucketArgs(
            purpose=ACCESS_LOGS,
            lifecycle=self._lifecycle("GLACIER"),
            statements=access_logs_statements(self.site),
            retain=True,
        )
        return Bucket(self.child(ACCESS_LOGS), args, self.site, self.options())

    def _open_for_logs(self) -> pulumi.Output[str]:
        """The bucket's name, once its policy admits the log service."""
        bucket = self._access_logs
        return pulumi.Output.all(bucket.bucket_name, bucket.ready.id).apply(lambda it: str(it[0]))

    def _bucket_for_data(self, purpose: str) -> Bucket:
        args = BucketArgs(
            purpose=purpose,
            lifecycle=self._lifecycle("GLACIER_IR"),
            key_arn=self._args.data_key_arn,
            access_logs=self._log_target,
        )
        return Bucket(self.child(purpose), args, self.site, self.options())

    def _locked_bucket(
        self, purpose: str, key_arn: Input[str], statements: Sequence[Mapping[str, object]]
    ) -> Bucket:
        args = BucketArgs(
            purpose=purpose,
            lifecycle=self._lifecycle("GLACIER"),
            key_arn=key_arn,
            access_logs=self._log_target,
            lock_days=self._args.lock_days,
            retain=True,
            statements=statements,
        )
        return Bucket(self.child(purpose), args, self.site, self.options())

    def _lifecycle(self, archive: Archive) -> Lifecycle:
        return Lifecycle(ageing=self._args.ageing, archive=archive)

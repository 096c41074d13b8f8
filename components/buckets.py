"""The platform's buckets: models, artifacts, features, backups, logs and the access log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.bucket import Bucket, BucketArgs, Lifecycle, Statements

DATA = ("models", "artifacts", "features")
ACCESS_LOGS = "access-logs"
CLOUDTRAIL_PREFIX = "cloudtrail"
CONFIG_PREFIX = "config"
LOAD_BALANCER_PREFIX = "load-balancers"


@dataclass(frozen=True, kw_only=True)
class BucketsArgs:
    """Days count from when an object was written."""

    data_key_arn: Input[str]
    logs_key_arn: Input[str]
    infrequent_access_days: int
    glacier_days: int
    noncurrent_days: int
    abort_upload_days: int
    lock_days: int
    """Days that backups and logs cannot be deleted."""
    extra: Sequence[str] = ()
    """Purposes of further buckets for data."""


class Buckets(Component):
    """One `Bucket` per purpose; names and ARNs by purpose."""

    buckets: Mapping[str, Bucket]
    names: Mapping[str, pulumi.Output[str]]
    arns: Mapping[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: BucketsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        access_logs = self._access_logs(args)
        made = {ACCESS_LOGS: access_logs}
        for purpose in (*DATA, *args.extra):
            made[purpose] = self._data(purpose, args, access_logs)
        made["backups"] = self._locked("backups", args.data_key_arn, (), args, access_logs)
        made["logs"] = self._locked("logs", args.logs_key_arn, self._trail(), args, access_logs)
        self.buckets = made
        self.names = {purpose: bucket.bucket for purpose, bucket in made.items()}
        self.arns = {purpose: bucket.arn for purpose, bucket in made.items()}
        self.register_outputs({"names": self.names})

    def _data(self, purpose: str, args: BucketsArgs, access_logs: Bucket) -> Bucket:
        # A model server must be able to read what it serves, however old: no slow archive.
        archive = "GLACIER_IR" if purpose == "models" else "GLACIER"
        bucket = BucketArgs(
            purpose=purpose,
            lifecycle=replace(_lifecycle(args), archive_class=archive),
            key_arn=args.data_key_arn,
            log_bucket=access_logs.bucket,
        )
        return Bucket(self.child(purpose), bucket, self.site, self.options())

    def _locked(
        self,
        purpose: str,
        key_arn: Input[str],
        statements: Statements,
        args: BucketsArgs,
        access_logs: Bucket,
    ) -> Bucket:
        """Nobody can delete what is in it, so a destroy leaves it."""
        bucket = BucketArgs(
            purpose=purpose,
            lifecycle=_lifecycle(args),
            key_arn=key_arn,
            lock_days=args.lock_days,
            log_bucket=access_logs.bucket,
            statements=statements,
            retain=True,
        )
        return Bucket(self.child(purpose), bucket, self.site, self.options())

    def _access_logs(self, args: BucketsArgs) -> Bucket:
        """Log delivery takes no customer key and no object lock, so this bucket has neither.

        Config delivers here too: it refuses a bucket whose lock has a default retention.
        """
        bucket = BucketArgs(
            purpose=ACCESS_LOGS,
            lifecycle=_lifecycle(args),
            key_arn=None,
            statements=[*self._server_logs(), *self._balancer_logs(), *self._configuration()],
            retain=True,
        )
        return Bucket(self.child(ACCESS_LOGS), bucket, self.site, self.options())

    def _trail(self) -> Statements:
        arn, service = self._arn("logs"), "cloudtrail.amazonaws.com"
        return [
            self._acl_check("TrailChecks", arn, service),
            self._delivery("TrailDelivers", f"{arn}/{CLOUDTRAIL_PREFIX}", service, owned=True),
        ]

    def _server_logs(self) -> Statements:
        statement = self._delivery("ServerLogs", "", "logging.s3.amazonaws.com", owned=False)
        return [{**statement, "Resource": f"{self._arn(ACCESS_LOGS)}/s3/*"}]

    def _balancer_logs(self) -> Statements:
        arn = self._arn(ACCESS_LOGS)
        return [
            self._delivery(
                "ApplicationBalancerLogs",
                f"{arn}/{LOAD_BALANCER_PREFIX}",
                "logdelivery.elasticloadbalancing.amazonaws.com",
                owned=False,
            ),
            self._acl_check("NetworkBalancerChecks", arn, "delivery.logs.amazonaws.com"),
            self._delivery(
                "NetworkBalancerLogs",
                f"{arn}/{LOAD_BALANCER_PREFIX}",
                "delivery.logs.amazonaws.com",
                owned=True,
            ),
        ]

    def _configuration(self) -> Statements:
        arn, service = self._arn(ACCESS_LOGS), "config.amazonaws.com"
        check = self._acl_check("ConfigChecks", arn, service)
        return [
            {**check, "Action": ["s3:GetBucketAcl", "s3:ListBucket"]},
            self._delivery("ConfigDelivers", f"{arn}/{CONFIG_PREFIX}", service, owned=True),
        ]

    def _acl_check(self, sid: str, arn: str, service: str) -> dict[str, Any]:
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "s3:GetBucketAcl",
            "Resource": arn,
            "Condition": self._of_this_account(),
        }

    def _delivery(self, sid: str, prefix: str, service: str, *, owned: bool) -> dict[str, Any]:
        """A service may write this account's logs; `owned`: it must hand them over."""
        condition = self._of_this_account()
        if owned:
            condition["StringEquals"]["s3:x-amz-acl"] = "bucket-owner-full-control"
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "s3:PutObject",
            "Resource": f"{prefix}/AWSLogs/{self.site.account_id}/*",
            "Condition": condition,
        }

    def _of_this_account(self) -> dict[str, dict[str, str]]:
        return {"StringEquals": {"aws:SourceAccount": self.site.account_id}}

    def _arn(self, purpose: str) -> str:
        return f"arn:aws:s3:::{self.site.bucket_name(purpose)}"


def _lifecycle(args: BucketsArgs) -> Lifecycle:
    return Lifecycle(
        infrequent_access_days=args.infrequent_access_days,
        archive_days=args.glacier_days,
        archive_class="GLACIER",
        noncurrent_days=args.noncurrent_days,
        abort_upload_days=args.abort_upload_days,
    )

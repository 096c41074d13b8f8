"""Which services may deliver logs to which bucket: statements of bucket policies.

Part of `Buckets`. `{bucket}` stands for the bucket's ARN. Every statement is pinned to the
account, by its number or by the ARN of the sender, or any other customer of the service could
write here.

Two buckets take logs. `logs` is locked and has a customer key: the audit trail and network load
balancers. `access-logs` has neither, because S3 server access logs and application load
balancers support only S3-managed keys, and Config no default lock.
Source: the services' user guides, "bucket permissions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.base import Site

LOG_DELIVERY = "delivery.logs.amazonaws.com"


def logs_statements(site: Site) -> Sequence[Mapping[str, object]]:
    """The audit trail, and flow and network load balancer logs."""
    trails = f"arn:aws:cloudtrail:*:{site.account_id}:trail/*"
    deliveries = f"arn:aws:logs:{site.region}:{site.account_id}:*"
    return (
        *_writer(
            "Trails",
            "cloudtrail.amazonaws.com",
            f"cloudtrail/AWSLogs/{site.account_id}/*",
            {"ArnLike": {"aws:SourceArn": trails}},
        ),
        *_writer(
            "Deliveries",
            LOG_DELIVERY,
            f"*/AWSLogs/{site.account_id}/*",
            {"StringEquals": _account(site), "ArnLike": {"aws:SourceArn": deliveries}},
        ),
    )


def access_logs_statements(site: Site) -> Sequence[Mapping[str, object]]:
    """S3 server access logs, application load balancers, and Config."""
    account = {"StringEquals": _account(site)}
    balancers = f"arn:aws:elasticloadbalancing:{site.region}:{site.account_id}:loadbalancer/*"
    return (
        _put("ServerAccessLogs", "logging.s3.amazonaws.com", "s3/*", account),
        _put(
            "LoadBalancers",
            "logdelivery.elasticloadbalancing.amazonaws.com",
            f"*/AWSLogs/{site.account_id}/*",
            {"ArnLike": {"aws:SourceArn": balancers}},
        ),
        *_writer("Config", "config.amazonaws.com", f"config/AWSLogs/{site.account_id}/*", account),
    )


def _writer(
    sid: str, service: str, keys: str, conditions: Mapping[str, object]
) -> Sequence[Mapping[str, object]]:
    """Services that look at the bucket before they write to it."""
    look: Mapping[str, object] = {
        "Sid": f"{sid}FindTheBucket",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": "{bucket}",
        "Condition": conditions,
    }
    return (look, _put(sid, service, keys, conditions))


def _put(
    sid: str, service: str, keys: str, conditions: Mapping[str, object]
) -> Mapping[str, object]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "s3:PutObject",
        "Resource": "{bucket}/" + keys,
        "Condition": conditions,
    }


def _account(site: Site) -> Mapping[str, str]:
    return {"aws:SourceAccount": site.account_id}

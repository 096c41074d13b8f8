"""S3 replication: what both buckets must be, and what belongs together in a rule."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
ON_TIME_MINUTES = 15
PUT = ("PutBucketReplication",)
WORDS = "InvalidRequest"


def _rules(call: Call) -> list[dict[str, Any]]:
    return [mapping(rule) for rule in call.listed("ReplicationConfiguration.Rules")]


def _destinations(call: Call) -> list[dict[str, Any]]:
    return [mapping(rule.get("Destination")) for rule in _rules(call)]


def _bucket(call: Call, name: str) -> Any:
    return call.cloud.moto("s3").buckets.get(name)


def _target(call: Call, destination: dict[str, Any]) -> Any:
    return _bucket(call, str(destination.get("Bucket", "")).rpartition(":")[2])


def _is_versioned(bucket: Any) -> bool:
    return bool(bucket.is_versioned)


def _unversioned_source(call: Call) -> str | None:
    bucket = _bucket(call, call.params["Bucket"])
    if bucket is None or _is_versioned(bucket):
        return None
    return "Versioning must be 'Enabled' on the bucket to apply a replication configuration"


def _absent_target(call: Call) -> str | None:
    if all(_target(call, one) is not None for one in _destinations(call)):
        return None
    return "Destination bucket must exist."


def _unversioned_target(call: Call) -> str | None:
    targets = [_target(call, one) for one in _destinations(call)]
    if all(one is None or _is_versioned(one) for one in targets):
        return None
    return "Destination bucket must have versioning enabled."


def _onto_itself(call: Call) -> str | None:
    own = f"arn:aws:s3:::{call.params['Bucket']}"
    if any(one.get("Bucket") == own for one in _destinations(call)):
        return "Destination bucket cannot be the same as the source bucket."
    return None


def _unlocked_target(call: Call) -> str | None:
    source = _bucket(call, call.params["Bucket"])
    if source is None or not source.object_lock_enabled:
        return None
    targets = [_target(call, one) for one in _destinations(call)]
    if all(one is None or one.object_lock_enabled for one in targets):
        return None
    return "Destination bucket must have Object Lock enabled, as the source bucket has."


def _time_without_metrics(call: Call) -> str | None:
    for one in _destinations(call):
        if one.get("ReplicationTime") and not one.get("Metrics"):
            return (
                "Replication destination must contain both ReplicationTime and Metrics or neither"
            )
    return None


def _minutes(call: Call) -> str | None:
    for one in _destinations(call):
        clocks = [mapping(one.get("ReplicationTime")).get("Time")]
        clocks.append(mapping(one.get("Metrics")).get("EventThreshold"))
        given = [mapping(clock).get("Minutes") for clock in clocks if clock]
        if any(minutes != ON_TIME_MINUTES for minutes in given):
            return "Replication time and event threshold must be 15 minutes"
    return None


def _unselected_key(call: Call) -> str | None:
    for rule in _rules(call):
        selected = mapping(
            mapping(rule.get("SourceSelectionCriteria")).get("SseKmsEncryptedObjects")
        )
        keyed = mapping(rule.get("Destination")).get("EncryptionConfiguration")
        if bool(keyed) != (selected.get("Status") == "Enabled"):
            return (
                "SseKmsEncryptedObjects in SourceSelectionCriteria and EncryptionConfiguration"
                " in the destination must be specified together"
            )
    return None


def _without_markers(call: Call) -> str | None:
    for rule in _rules(call):
        filtered = "Filter" in rule
        if filtered and not (rule.get("DeleteMarkerReplication") and "Priority" in rule):
            return "A rule with Filter must have Priority and DeleteMarkerReplication"
    return None


def _same_priority(call: Call) -> str | None:
    given = [rule["Priority"] for rule in _rules(call) if "Priority" in rule]
    if len(given) != len(set(given)):
        return "Found duplicate priority in replication rules"
    return None


_TABLE = (
    ("a replicated bucket keeps versions", "replication.html", _unversioned_source),
    ("a replica's bucket exists", "replication.html", _absent_target),
    ("a replica's bucket keeps versions", "replication.html", _unversioned_target),
    ("a bucket is not its own replica", "replication.html", _onto_itself),
    ("a locked bucket's replica is locked", "object-lock-managing.html", _unlocked_target),
    ("replication in time comes with metrics", "replication-time-control.html",
     _time_without_metrics),
    ("replication in time is 15 minutes", "replication-time-control.html", _minutes),
    ("encrypted objects are selected and keyed together",
     "replication-config-for-kms-objects.html", _unselected_key),
    ("a filtered rule says what of delete markers", "replication-add-config.html",
     _without_markers),
    ("replication rules have priorities of their own", "replication-add-config.html",
     _same_priority),
)  # fmt: skip

RULES = tuple(
    Rule(name=name, service="s3", operations=PUT, code=WORDS, url=f"{DOCS}/{page}", broken=broken)
    for name, page, broken in _TABLE
)

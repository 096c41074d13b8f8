"""S3 replication at work: what a rule has not copied yet is counted, and copied some time after it
was counted first; not while either region is lost. Nobody sees S3 copy what nobody asks about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.timings import seconds
from rehearsal.cloud.call import Call
from rehearsal.cloud.clock import is_over, ready_at
from rehearsal.cloud.operations.bucket_replication import RULES
from rehearsal.cloud.plain import mapping

DUE = "s3:copy-due"
COPYING = seconds("runbook", "wait", "objects")


@dataclass(frozen=True, kw_only=True)
class Copies:
    """A rule that copies from one bucket to another, and is measured."""

    source: str
    target: str
    rule: str


def into(call: Call) -> Iterator[Copies]:
    """Measured rules into buckets of the call's region: S3 measures there. Source: Amazon S3 user
    guide, replication metrics."""
    buckets = call.cloud.moto("s3").buckets
    for source, configuration in call.cloud.everywhere.table(RULES).items():
        for rule in configuration["Rules"]:
            target = str(rule["Destination"]["Bucket"]).rpartition(":")[2]
            measured = mapping(rule["Destination"].get("Metrics")).get("Status") == "Enabled"
            both = {source, target} <= buckets.keys()
            here = both and buckets[target].region_name == call.region
            if measured and here and rule["Status"] == "Enabled":
                yield Copies(source=source, target=target, rule=str(rule["ID"]))


def pending(call: Call, copies: Copies) -> int:
    """How many objects of the source the target lacks now; what is due is copied first."""
    buckets, due = call.cloud.moto("s3").buckets, call.cloud.everywhere.table(DUE)
    source, target = buckets[copies.source], buckets[copies.target]
    apart = {source.region_name, target.region_name} & call.lost.keys()
    missing = [key for key in source.keys if lacks(target, key, source.keys[key])]
    for key in missing:
        held = due.setdefault(f"{copies.source}/{key}", {"until": ready_at(COPYING)})
        if not apart and is_over(held["until"]):
            target.keys[key] = source.keys[key]
            del due[f"{copies.source}/{key}"]
    return sum(lacks(target, key, source.keys[key]) for key in missing)


def lacks(bucket: Any, key: str, found: Any) -> bool:
    """Whether a bucket has nothing under the key, or what is older than what was found."""
    known = bucket.keys.get(key)
    return known is None or (known is not found and known.last_modified < found.last_modified)

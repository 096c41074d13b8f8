"""What a bucket does by itself: move and expire objects, lock them, and tell others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws.bucket_settings import BucketSetting
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import Words, aligned, reported, request
from rehearsal.providers.wire import Props, as_object

_EVENTS = {
    "queues": ("QueueConfigurations", "QueueArn"),
    "topics": ("TopicConfigurations", "TopicArn"),
    "lambdaFunctions": ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
}
"""Listeners of a bucket: S3's list of them and its member for their ARN."""


class BucketLifecycleConfiguration(BucketSetting):
    """When objects change their class or expire. All times are in days."""

    token: ClassVar[str] = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"bucket", "rules", "transitionDefaultMinimumObjectSize"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"bucket", "rules"})

    def put(self, aws: Aws, props: Props) -> None:
        rules = {"lifecycleConfiguration": {"rules": [_rule(rule) for rule in props["rules"]]}}
        asked = request("s3", "PutBucketLifecycleConfiguration", {**_but(props, "rules"), **rules})
        aws.client("s3").put_bucket_lifecycle_configuration(**asked)

    @gone_is_none("NoSuchBucket", "NoSuchLifecycleConfiguration")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)
        rules = aligned(props.get("rules"), map(_worded, found["Rules"]), "id")
        size = found.get("TransitionDefaultMinimumObjectSize")
        sizes = {"TransitionDefaultMinimumObjectSize": size} if size else {}
        described = {**sizes, "Bucket": bucket, "Rules": rules}
        return reported(props, described, ("bucket", "rules"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").delete_bucket_lifecycle(Bucket=id_)


class BucketObjectLockConfiguration(BucketSetting):
    """How long new objects are locked. A delete only takes the default retention away: a
    bucket that locks does so for ever."""

    token: ClassVar[str] = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "objectLockEnabled", "rule"})
    replaces: ClassVar[frozenset[str]] = frozenset({"bucket", "objectLockEnabled"})
    defaults: ClassVar[Mapping[str, Any]] = {"objectLockEnabled": "Enabled"}

    def put(self, aws: Aws, props: Props) -> None:
        lock = {"objectLockConfiguration": _but(props, "bucket", "region", "__defaults")}
        asked = request("s3", "PutObjectLockConfiguration", {"bucket": props["bucket"], **lock})
        aws.client("s3").put_object_lock_configuration(**asked)

    @gone_is_none("NoSuchBucket", "ObjectLockConfigurationNotFoundError")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_object_lock_configuration(Bucket=bucket)
        described = {"Rule": None, **found["ObjectLockConfiguration"], "Bucket": bucket}
        return reported(props, described, ("bucket", "objectLockEnabled"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").put_object_lock_configuration(
            Bucket=id_, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
        )


class BucketIntelligentTieringConfiguration(BucketSetting):
    """When S3 archives what nobody reads; its ID is BUCKET:NAME."""

    token: ClassVar[str] = (
        "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
    )
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "name", "status", "filter", "tierings"})
    required: ClassVar[frozenset[str]] = frozenset({"bucket", "tierings"})
    replaces: ClassVar[frozenset[str]] = frozenset({"bucket", "name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"status": "Enabled"}

    def create(self, aws: Aws, props: Props) -> str:
        self.put(aws, props)
        return f"{props['bucket']}:{props['name']}"

    def put(self, aws: Aws, props: Props) -> None:
        setting = {"id": props["name"], "status": props["status"], "tierings": props["tierings"]}
        if props.get("filter"):
            setting["filter"] = _filter(props["filter"])
        asked = request(
            "s3",
            "PutBucketIntelligentTieringConfiguration",
            {"bucket": props["bucket"], "id": props["name"], **_named(setting)},
        )
        aws.client("s3").put_bucket_intelligent_tiering_configuration(**asked)

    @gone_is_none("NoSuchBucket", "NoSuchConfiguration")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        name, _, configuration = bucket.partition(":")
        found = aws.client("s3").get_bucket_intelligent_tiering_configuration(
            Bucket=name, Id=configuration
        )["IntelligentTieringConfiguration"]
        if not found.get("Id"):
            return None
        described = {
            **found,
            "Filter": _described_filter(found.get("Filter")),
            "Bucket": name,
            "Name": configuration,
        }
        return reported(props, described, ("bucket", "name", "status", "tierings"))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        bucket, _, name = id_.partition(":")
        aws.client("s3").delete_bucket_intelligent_tiering_configuration(Bucket=bucket, Id=name)


class BucketNotification(BucketSetting):
    """Whom a bucket tells of its objects. S3 holds one list of them per bucket."""

    token: ClassVar[str] = "aws:s3/bucketNotification:BucketNotification"
    inputs: ClassVar[frozenset[str]] = frozenset({"bucket", "eventbridge", *_EVENTS})
    defaults: ClassVar[Mapping[str, Any]] = {"eventbridge": False}

    def put(self, aws: Aws, props: Props) -> None:
        wanted: dict[str, Any] = {
            member: [_listener(one, arn) for one in props[key]]
            for key, (member, arn) in _EVENTS.items()
            if props.get(key)
        }
        if props.get("eventbridge"):
            wanted["EventBridgeConfiguration"] = {}
        aws.client("s3").put_bucket_notification_configuration(
            Bucket=props["bucket"], NotificationConfiguration=wanted
        )

    @gone_is_none("NoSuchBucket")
    def shown(self, aws: Aws, bucket: str, props: Props) -> Props | None:
        found = aws.client("s3").get_bucket_notification_configuration(Bucket=bucket)
        bridge = "EventBridgeConfiguration" in found
        lists = {
            key: [_told(one, arn) for one in found.get(member, ())]
            for key, (member, arn) in _EVENTS.items()
        }
        if not bridge and not any(lists.values()):
            return None
        described = {"Bucket": bucket, "Eventbridge": bridge, **lists}
        given = {key for key, value in lists.items() if value}
        return reported(props, described, ("bucket", "eventbridge", *sorted(given)))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("s3").put_bucket_notification_configuration(
            Bucket=id_, NotificationConfiguration={}
        )


def _but(props: Props, *keys: str) -> Props:
    return {key: value for key, value in props.items() if key not in keys}


def _named(setting: Props) -> Props:
    return {"intelligentTieringConfiguration": setting}


def _rule(rule: Props) -> Props:
    """A lifecycle rule for S3, which wants a filter even where all objects are meant."""
    return {**rule, "filter": _filter(rule.get("filter") or {"prefix": ""})}


def _filter(given: Props) -> Props:
    """A filter for S3: tags are pairs, and several conditions stand under `and`."""
    if given.get("tags"):  # as intelligent tiering writes several conditions
        return {"and": _with_pairs(given)}
    if given.get("and"):
        return {"and": _with_pairs(given["and"])}
    return {key: value for key, value in given.items() if value is not None}


def _with_pairs(given: Props) -> Props:
    pairs = [{"key": key, "value": value} for key, value in as_object(given.get("tags")).items()]
    return {**_but(given, "tags"), **({"tags": pairs} if pairs else {})}


def _described_filter(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """S3's filter in the form of intelligent tiering: its conditions side by side."""
    if not found:
        return None
    both = {**found, **found.get("And", {})}
    pairs = both.get("Tags") or ([both["Tag"]] if "Tag" in both else [])
    words = Words({pair["Key"]: pair["Value"] for pair in pairs})
    return {"Prefix": both.get("Prefix"), "Tags": words}


def _worded(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A described lifecycle rule whose tags are a map, as programs give them."""
    both = rule.get("Filter", {}).get("And")
    if not both:
        return dict(rule)
    words = Words({pair["Key"]: pair["Value"] for pair in both.get("Tags", ())})
    return {**rule, "Filter": {"And": {**both, "Tags": words}}}


def _listener(given: Props, arn: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        arn: given[arn[:1].lower() + arn[1:]],
        "Events": given["events"],
    }
    if given.get("id"):
        wanted["Id"] = given["id"]
    rules = [
        {"Name": name, "Value": given[key]}
        for key, name in {"filterPrefix": "prefix", "filterSuffix": "suffix"}.items()
        if given.get(key)
    ]
    return {**wanted, **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})}


def _told(found: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """A described listener in the form of the program."""
    rules = found.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    named = {f"Filter{rule['Name'].capitalize()}": rule["Value"] for rule in rules}
    return {"Id": found.get("Id"), arn: found[arn], "Events": found["Events"], **named}


RESOURCES: Sequence[Resource] = (
    BucketLifecycleConfiguration(),
    BucketObjectLockConfiguration(),
    BucketIntelligentTieringConfiguration(),
    BucketNotification(),
)

"""CloudTrail trails: the record of every call in the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import confirmed, reported, request
from rehearsal.providers.wire import Props


class Trail(Resource):
    """The ID is the ARN; an import may give the name."""

    token: ClassVar[str] = "aws:cloudtrail/trail:Trail"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "advancedEventSelectors",
            "cloudWatchLogsGroupArn",
            "cloudWatchLogsRoleArn",
            "enableLogFileValidation",
            "enableLogging",
            "eventSelectors",
            "includeGlobalServiceEvents",
            "insightSelectors",
            "isMultiRegionTrail",
            "isOrganizationTrail",
            "kmsKeyId",
            "name",
            "s3BucketName",
            "s3KeyPrefix",
            "snsTopicName",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"s3BucketName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {
        "enableLogFileValidation": False,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
    }

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("cloudtrail", "CreateTrail", props, only=_SETTINGS, rename=_NAMES)
        marks = tagging.given(aws, "cloudtrail", "CreateTrail", props)
        return aws.client("cloudtrail").create_trail(**asked, **marks)["TrailARN"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        if props["enableLogging"]:
            aws.client("cloudtrail").start_logging(Name=id_)
        for key in (*_EVENTS, "insightSelectors"):
            if props.get(key):
                _select(aws, id_, key, props[key])

    @gone_is_none("TrailNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        cloudtrail = aws.client("cloudtrail")
        trails = cloudtrail.describe_trails(trailNameList=[id_])["trailList"]
        if not trails:
            return None
        trail = trails[0]
        shown = {
            **trail,
            "enableLogFileValidation": trail.get("LogFileValidationEnabled", False),
            "enableLogging": cloudtrail.get_trail_status(Name=id_)["IsLogging"],
            "tags": tagging.own(aws, "cloudtrail", trail["TrailARN"]),
        }
        plain = {key: value for key, value in props.items() if key not in _EVENTS}
        always = ("name", "s3BucketName", "enableLogging", "isMultiRegionTrail", "tags")
        return {
            **reported(plain, shown, always, rename=_NAMES),
            **_selected(cloudtrail, id_, props),
            "arn": trail["TrailARN"],
            "homeRegion": trail["HomeRegion"],
            "snsTopicArn": trail.get("SnsTopicARN"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        cloudtrail = aws.client("cloudtrail")
        settings = _SETTINGS - {"name"}
        if any(old.get(key) != new.get(key) for key in settings):
            asked = request("cloudtrail", "UpdateTrail", new, only=settings, rename=_NAMES)
            cloudtrail.update_trail(Name=id_, **asked)
        if old.get("enableLogging") != new.get("enableLogging"):
            switch = cloudtrail.start_logging if new["enableLogging"] else cloudtrail.stop_logging
            switch(Name=id_)
        for key in (*_EVENTS, "insightSelectors"):
            if old.get(key) != new.get(key):
                _select(aws, id_, key, new.get(key) or [])
        tagging.retag(aws, "cloudtrail", id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("cloudtrail").delete_trail(Name=props["name"])


_SETTINGS = Trail.inputs - {
    "advancedEventSelectors",
    "enableLogging",
    "eventSelectors",
    "insightSelectors",
    "tags",
}
_NAMES = {"cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn"}
_EVENTS = ("eventSelectors", "advancedEventSelectors")


def _select(aws: Aws, arn: str, key: str, selectors: list[Props]) -> None:
    cloudtrail = aws.client("cloudtrail")
    if key == "insightSelectors":
        asked = request("cloudtrail", "PutInsightSelectors", {key: selectors})
        cloudtrail.put_insight_selectors(TrailName=arn, **asked)
    else:
        asked = request("cloudtrail", "PutEventSelectors", {key: selectors})
        cloudtrail.put_event_selectors(TrailName=arn, **asked)


def _selected(cloudtrail: Any, arn: str, props: Props) -> Props:
    """The event selectors that the program gave, as AWS has them."""
    given = [key for key in _EVENTS if key in props]
    if not given:
        return {}
    now = cloudtrail.get_event_selectors(TrailName=arn)
    found: Props = {}
    for key in given:
        asked = request("cloudtrail", "PutEventSelectors", {key: props[key]})
        member = next(iter(asked))
        found[key] = confirmed(props[key], asked[member], now.get(member) or [])
    return found


RESOURCES: tuple[Resource, ...] = (Trail(),)

"""GuardDuty detectors and their features; one detector per account and region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import aligned, reported, request
from rehearsal.providers.wire import Props, as_list


class Detector(Resource):
    """The ID is the detector's. Data sources are set as features."""

    token: ClassVar[str] = "aws:guardduty/detector:Detector"
    inputs: ClassVar[frozenset[str]] = frozenset({"enable", "findingPublishingFrequency", "tags"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = {"enable": True}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("guardduty", "CreateDetector", props, only=_SETTINGS)
        marks = tagging.given(aws, "guardduty", "CreateDetector", props)
        return aws.client("guardduty").create_detector(**asked, **marks)["DetectorId"]

    @gone_is_none("BadRequestException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("guardduty").get_detector(DetectorId=id_)
        shown = {
            **found,
            "enable": found["Status"] == "ENABLED",
            "tags": tags.own_map(aws, found.get("Tags")),
        }
        return {
            **reported(props, shown, self.inputs),
            "accountId": aws.account_id,
            "arn": aws.arn("guardduty", f"detector/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if any(old.get(key) != new.get(key) for key in _SETTINGS):
            asked = request("guardduty", "UpdateDetector", new, only=_SETTINGS)
            aws.client("guardduty").update_detector(DetectorId=id_, **asked)
        tagging.retag(aws, "guardduty", aws.arn("guardduty", f"detector/{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("guardduty").delete_detector(DetectorId=id_)


class DetectorFeature(Resource):
    """The ID is `detector/feature`. A feature has no end of its own: deleting it leaves it
    as it is, and it goes with its detector."""

    token: ClassVar[str] = "aws:guardduty/detectorFeature:DetectorFeature"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"additionalConfigurations", "detectorId", "name", "status"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"detectorId", "name", "status"})
    replaces: ClassVar[frozenset[str]] = frozenset({"detectorId", "name"})

    def create(self, aws: Aws, props: Props) -> str:
        _set_feature(aws, props)
        return f"{props['detectorId']}/{props['name']}"

    @gone_is_none("BadRequestException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        detector, _, name = id_.partition("/")
        found = aws.client("guardduty").get_detector(DetectorId=detector)
        for feature in as_list(found.get("Features")):
            if feature["Name"] == name:
                parts = as_list(feature.get("AdditionalConfiguration"))
                given = props.get("additionalConfigurations")
                shown = {
                    "detectorId": detector,
                    "name": name,
                    "status": feature["Status"],
                    "additionalConfigurations": aligned(given, parts, "name"),
                }
                return reported(props, shown, ("detectorId", "name", "status"))
        return None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _set_feature(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Nothing: the official provider leaves the feature too."""


_SETTINGS = ("enable", "findingPublishingFrequency")


def _set_feature(aws: Aws, props: Props) -> None:
    feature = {key: props[key] for key in ("name", "status") if key in props}
    parts = props.get("additionalConfigurations")
    shape = {**feature, **({"additionalConfiguration": parts} if parts else {})}
    asked = request("guardduty", "UpdateDetector", {"features": [shape]})
    aws.client("guardduty").update_detector(DetectorId=props["detectorId"], **asked)


RESOURCES: tuple[Resource, ...] = (Detector(), DetectorFeature())

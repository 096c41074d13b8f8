"""Tags that moto keeps without letting a client read them, and the tagging API over what
this package keeps itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.operations import eks_tags
from rehearsal.cloud.operations.omitted_tags import omitted
from rehearsal.cloud.plain import listing

EXTRA = "tags"
"""Own tags by ARN, for services whose tagging operations moto lacks."""


def tag_resource(call: Call) -> Answer:
    """guardduty and securityhub TagResource."""
    _tags(call).update(call.mapped("Tags"))
    return {}


def untag_resource(call: Call) -> Answer:
    """guardduty and securityhub UntagResource."""
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """guardduty and securityhub ListTagsForResource."""
    return {"Tags": _tags(call)}


def remember_detector_tags(call: Call) -> Answer:
    """guardduty:CreateDetector."""
    answer = call.upstream()
    arn = f"arn:aws:guardduty:{call.region}:{call.account}:detector/{answer['DetectorId']}"
    call.here.table(EXTRA)[arn] = dict(call.mapped("Tags"))
    return answer


def get_resources(call: Call) -> Answer:
    """resourcegroupstaggingapi:GetResources: moto's resources and ours on one page."""
    answer = call.upstream()
    if call.params.get("PaginationToken"):
        return answer
    for arn, tags in _ours(call):
        if _wanted(call, arn, tags):
            entry = {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            }
            answer["ResourceTagMappingList"].append(entry)
    return answer


def _ours(call: Call) -> Iterator[tuple[str, dict[str, str]]]:
    yield from eks_tags.tagged(call.here)
    yield from call.here.table(EXTRA).items()
    yield from omitted(call)


def _wanted(call: Call, arn: str, tags: dict[str, str]) -> bool:
    arns, kinds = call.listed("ResourceARNList"), call.listed("ResourceTypeFilters")
    if arns and arn not in arns:
        return False
    service, kind = arn.split(":")[2], arn.split(":")[5].partition("/")[0]
    if kinds and not {service, f"{service}:{kind}"} & set(kinds):
        return False
    return all(_matches(filter_, tags) for filter_ in call.listed("TagFilters"))


def _matches(filter_: dict[str, Any], tags: dict[str, str]) -> bool:
    values = listing(filter_.get("Values"))
    key = filter_["Key"]
    return key in tags and (not values or tags[key] in values)


def _tags(call: Call) -> dict[str, str]:
    arn = call.params["ResourceArn"]
    table = call.here.table(EXTRA)
    if arn not in table:
        backend = call.here.moto(call.service)
        table[arn] = dict(_moto_tags(backend, arn))
    return table[arn]


def _moto_tags(backend: Any, arn: str) -> dict[str, str]:
    detectors = getattr(backend, "detectors", {})
    found = detectors.get(arn.rpartition("/")[2])
    return getattr(found, "tags", None) or {}


OPERATIONS = {
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}
GUARDDUTY = {**OPERATIONS, "CreateDetector": remember_detector_tags}
GROUPS = {"GetResources": get_resources}

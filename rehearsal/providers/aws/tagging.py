"""Tags of the services that keep them apart from the resource: three operations each, whose
names and members differ by service and are found in botocore's models."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.resource import Aws
from rehearsal.providers.aws.shapes import Words
from rehearsal.providers.wire import Props, is_list


@dataclass(frozen=True)
class _Verbs:
    put: str = "TagResource"
    drop: str = "UntagResource"
    show: str = "ListTagsForResource"


_RDS = _Verbs("AddTagsToResource", "RemoveTagsFromResource")
_VERBS: Mapping[str, _Verbs] = {
    "rds": _RDS,
    "elasticache": _RDS,
    "elbv2": _Verbs("AddTags", "RemoveTags", "DescribeTags"),
    "acm": _Verbs("AddTagsToCertificate", "RemoveTagsFromCertificate", "ListTagsForCertificate"),
    "cloudtrail": _Verbs("AddTags", "RemoveTags", "ListTags"),
    "backup": _Verbs(show="ListTags"),
    "dynamodb": _Verbs(show="ListTagsOfResource"),
    "secretsmanager": _Verbs(show="DescribeSecret"),
    "kms": _Verbs(show="ListResourceTags"),
    "sqs": _Verbs("TagQueue", "UntagQueue", "ListQueueTags"),
}
"""Services that do not call the three operations by the usual names."""
_ASKED = re.compile(r"tags$|tags?list$|tagkeys$|tagkeylist$", re.IGNORECASE)
_ANSWERED = re.compile(r"(resource)?tag", re.IGNORECASE)


def retag(aws: Aws, service: str, target: str, old: Props, new: Props) -> None:
    """Bring the tags of `target` (an ARN or ID, as the service wants it) from old to new."""
    put, gone = tags.changes(aws, old, new)
    verbs = _VERBS.get(service, _Verbs())
    if put:
        _call(aws, service, verbs.put, _asked(service, verbs.put, target, put))
    if gone:
        before = tags.wanted(aws, old)
        dropped = {key: before[key] for key in gone}
        _call(aws, service, verbs.drop, _asked(service, verbs.drop, target, dropped))


def given(aws: Aws, service: str, operation: str, props: Props) -> dict[str, Any]:
    """The tags parameter of a creating operation: empty without tags."""
    wanted = tags.wanted(aws, props)
    if not wanted:
        return {}
    shape = _input(service, operation)
    member = _tags_member(shape)
    return {member: _written(shape.members[member], wanted)}


def own(aws: Aws, service: str, target: str) -> Words:
    """The tags of `target` without AWS's own and without the provider's defaults."""
    verb = _VERBS.get(service, _Verbs()).show
    shape = _input(service, verb)
    member = _target_member(shape)
    listed = isinstance(shape.members[member], ListShape)
    answer = _call(aws, service, verb, {member: [target] if listed else target})
    return tags.own_map(aws, _found(answer))


def _asked(service: str, operation: str, target: str, words: Mapping[str, str]) -> dict[str, Any]:
    shape = _input(service, operation)
    member, marks = _target_member(shape), _tags_member(shape)
    listed = isinstance(shape.members[member], ListShape)
    return {
        member: [target] if listed else target,
        marks: _written(shape.members[marks], words),
    }


def _written(shape: Shape, words: Mapping[str, str]) -> Any:
    """A map, a list of keys, or a list of pairs, whichever `shape` is."""
    if not isinstance(shape, ListShape):
        return dict(words)
    if not isinstance(shape.member, StructureShape):
        return sorted(words)
    key, value = sorted(shape.member.members, key=lambda name: name.endswith("Value"))
    return [{key: name, value: text} for name, text in sorted(words.items())]


def _found(answer: Any) -> dict[str, str]:
    """The tags anywhere in an answer: a map under `tags`, or pairs in a list."""
    for name, value in answer.items():
        if not _ANSWERED.match(name):
            continue
        if is_list(value):
            return _of_list(value)
        if name.lower() == "tags":
            return {str(key): str(text) for key, text in value.items()}
        return _found(value)
    return {}


def _of_list(parts: list[Any]) -> dict[str, str]:
    if parts and not any(name.endswith("Key") for name in parts[0]):
        return _found(parts[0])  # one entry per resource, and we asked for one
    return {_ending(part, "Key"): _ending(part, "Value") for part in parts}


def _ending(pair: Mapping[str, str], end: str) -> str:
    return next((text for name, text in pair.items() if name.endswith(end)), "")


def _call(aws: Aws, service: str, operation: str, asked: Mapping[str, Any]) -> Any:
    return getattr(aws.client(service), xform_name(operation))(**asked)


def _target_member(shape: StructureShape) -> str:
    return next(iter(shape.required_members or [n for n in shape.members if "Tag" not in n]))


def _tags_member(shape: StructureShape) -> str:
    return next(name for name in shape.members if _ASKED.search(name))


@functools.cache
def _input(service: str, operation: str) -> StructureShape:
    shape = _models().get_service_model(service).operation_model(operation).input_shape
    if not isinstance(shape, StructureShape):
        raise TypeError(f"{service}:{operation} takes no parameters")
    return shape


@functools.cache
def _models() -> botocore.session.Session:
    return botocore.session.Session()

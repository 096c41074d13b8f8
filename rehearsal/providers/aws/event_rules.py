"""EventBridge rules on the default bus, and where they send what matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props

_RULE = {"name": "Name", "description": "Description", "eventPattern": "EventPattern"}


class EventRule(Resource):
    """Its ID is its name."""

    token: ClassVar[str] = "aws:cloudwatch/eventRule:EventRule"
    inputs: ClassVar[frozenset[str]] = frozenset({*_RULE, "tags"})
    required: ClassVar[frozenset[str]] = frozenset({"eventPattern"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "events", "PutRule", props)
        aws.client("events").put_rule(**_rule(props), **marks)
        return props["name"]

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("events").describe_rule(Name=id_)
        described = {**found, "Tags": tagging.own(aws, "events", found["Arn"])}
        shown = (*_RULE, "tags")
        return {**reported(props, described, shown, rename=_RULE), "arn": found["Arn"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        aws.client("events").put_rule(**_rule(new))
        tagging.retag(aws, "events", aws.arn("events", f"rule/{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("events").delete_rule(Name=id_)


class EventTarget(Resource):
    """Its ID is `<rule>-<target>`, as the official provider writes it."""

    token: ClassVar[str] = "aws:cloudwatch/eventTarget:EventTarget"
    inputs: ClassVar[frozenset[str]] = frozenset({"rule", "targetId", "arn"})
    required: ClassVar[frozenset[str]] = frozenset({"rule", "targetId", "arn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"rule", "targetId"})
    known_by: ClassVar[frozenset[str]] = frozenset({"rule", "targetId"})

    def create(self, aws: Aws, props: Props) -> str:
        self._put(aws, props)
        return f"{props['rule']}-{props['targetId']}"

    @gone_is_none("ResourceNotFoundException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("events").list_targets_by_rule(Rule=props["rule"])["Targets"]
        for target in found:
            if target["Id"] == props["targetId"]:
                return {"rule": props["rule"], "targetId": target["Id"], "arn": target["Arn"]}
        return None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("events").remove_targets(Rule=props["rule"], Ids=[props["targetId"]])

    def _put(self, aws: Aws, props: Props) -> None:
        target = {"Id": props["targetId"], "Arn": props["arn"]}
        aws.client("events").put_targets(Rule=props["rule"], Targets=[target])


def _rule(props: Props) -> dict[str, str]:
    return {member: props[key] for key, member in _RULE.items() if props.get(key) is not None}


RESOURCES: Sequence[Resource] = (EventRule(), EventTarget())

"""Tags on Auto Scaling groups that somebody else made, such as those of EKS node groups."""

from __future__ import annotations

from typing import Any, ClassVar

from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props, as_object


class Tag(Resource):
    """The ID is `group,key`."""

    token: ClassVar[str] = "aws:autoscaling/tag:Tag"
    inputs: ClassVar[frozenset[str]] = frozenset({"autoscalingGroupName", "tag"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"autoscalingGroupName"})

    def forces(self, old: Props, new: Props) -> frozenset[str]:
        """Another key is another tag."""
        before, after = as_object(old.get("tag")), as_object(new.get("tag"))
        return self.replaces if before.get("key") == after.get("key") else self.inputs

    def create(self, aws: Aws, props: Props) -> str:
        group, tag = props["autoscalingGroupName"], props["tag"]
        aws.client("autoscaling").create_or_update_tags(Tags=[_tag(group, tag)])
        return f"{group},{tag['key']}"

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group, _, key = id_.partition(",")
        mine = [
            {"Name": "auto-scaling-group", "Values": [group]},
            {"Name": "key", "Values": [key]},
        ]
        found = aws.client("autoscaling").describe_tags(Filters=mine)["Tags"]
        if not found:
            return None
        shown = {"autoscalingGroupName": group, "tag": found[0]}
        return reported(props, shown, self.inputs)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        group, tag = props["autoscalingGroupName"], props["tag"]
        if self.read(aws, id_, props) is not None:
            aws.client("autoscaling").delete_tags(Tags=[_tag(group, tag)])


def _tag(group: str, tag: Props) -> dict[str, Any]:
    return {
        "ResourceId": group,
        "ResourceType": "auto-scaling-group",
        "Key": tag["key"],
        "Value": tag["value"],
        "PropagateAtLaunch": tag["propagateAtLaunch"],
    }


RESOURCES: tuple[Resource, ...] = (Tag(),)

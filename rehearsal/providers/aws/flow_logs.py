"""Flow logs of a VPC, a subnet or a network interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import Props

_WATCHED = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}
"""Properties that say what is watched, and AWS's word for its type."""
_SETTINGS = (
    "trafficType",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "iamRoleArn",
)
_RENAME = {"iamRoleArn": "DeliverLogsPermissionArn"}


class FlowLog(Resource):
    """AWS changes nothing of a flow log but its tags."""

    token: ClassVar[str] = "aws:ec2/flowLog:FlowLog"
    inputs: ClassVar[frozenset[str]] = frozenset({*_WATCHED, *_SETTINGS, "tags"})
    replaces: ClassVar[frozenset[str]] = inputs - {"tags"}
    defaults: ClassVar[Mapping[str, Any]] = {
        "logDestinationType": "cloud-watch-logs",
        "maxAggregationInterval": 600,
    }

    def create(self, aws: Aws, props: Props) -> str:
        key = next(key for key in _WATCHED if props.get(key))
        asked = request("ec2", "CreateFlowLogs", props, only=_SETTINGS, rename=_RENAME)
        made = aws.client("ec2").create_flow_logs(
            **asked,
            ResourceIds=[props[key]],
            ResourceType=_WATCHED[key],
            TagSpecifications=tags.specification("vpc-flow-log", aws, props),
        )
        for refused in made.get("Unsuccessful", ()):
            error = refused["Error"]
            raise PluginError(f"{key} {props[key]}: {error['Code']}: {error['Message']}")
        return made["FlowLogIds"][0]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_flow_logs(FlowLogIds=[id_])["FlowLogs"]
        if not found:
            return None
        log = found[0]
        watched = next((key for key in _WATCHED if key in props), "vpcId")
        described = {**log, watched: log["ResourceId"], "Tags": tags.own(aws, log.get("Tags"))}
        return {
            **reported(props, described, (*_SETTINGS, watched, "tags"), rename=_RENAME),
            "arn": aws.arn("ec2", f"vpc-flow-log/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("ec2").delete_flow_logs(FlowLogIds=[id_])


RESOURCES: Sequence[Resource] = (FlowLog(),)

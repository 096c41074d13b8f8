"""AWS Config: the recorder, its delivery channel, and its switch. The ID is the name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import confirmed, reported, request
from rehearsal.providers.wire import Props, as_list, as_object

_NAMED: Mapping[str, Any] = {"name": "default"}


class Recorder(Resource):
    """One per account and region: another one is refused until this one is gone."""

    token: ClassVar[str] = "aws:cfg/recorder:Recorder"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "recordingGroup", "recordingMode", "roleArn"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"roleArn"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = _NAMED

    def create(self, aws: Aws, props: Props) -> str:
        aws.client("config").put_configuration_recorder(ConfigurationRecorder=_recorder(props))
        return props["name"]

    @gone_is_none("NoSuchConfigurationRecorderException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("config").describe_configuration_recorders(
            ConfigurationRecorderNames=[id_]
        )["ConfigurationRecorders"]
        if not found:
            return None
        now, asked = found[0], _recorder(props) if props else {}
        blocks = [key for key in ("recordingGroup", "recordingMode") if key in props]
        kept = {key: _confirmed(props[key], asked[key], as_object(now.get(key))) for key in blocks}
        plain = {key: value for key, value in props.items() if key not in blocks}
        return {**reported(plain, now, ("name", "roleArn")), **kept}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("config").delete_configuration_recorder(ConfigurationRecorderName=id_)


class DeliveryChannel(Resource):
    """Where the recorder delivers; it cannot go while the recorder runs."""

    token: ClassVar[str] = "aws:cfg/deliveryChannel:DeliveryChannel"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "s3BucketName", "s3KeyPrefix", "s3KmsKeyArn", "snapshotDeliveryProperties"}
        | {"snsTopicArn"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"s3BucketName"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = _NAMED

    def create(self, aws: Aws, props: Props) -> str:
        given = {key: props[key] for key in self.inputs if key in props}
        asked = request(
            "config", "PutDeliveryChannel", {"deliveryChannel": given}, rename=_CHANNEL_PUT
        )
        aws.client("config").put_delivery_channel(**asked)
        return props["name"]

    @gone_is_none("NoSuchDeliveryChannelException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("config").describe_delivery_channels(DeliveryChannelNames=[id_])[
            "DeliveryChannels"
        ]
        if not found:
            return None
        return reported(props, found[0], ("name", "s3BucketName"), rename=_CHANNEL)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("config").delete_delivery_channel(DeliveryChannelName=id_)


class RecorderStatus(Resource):
    """Whether the recorder runs; deleting it stops the recorder."""

    token: ClassVar[str] = "aws:cfg/recorderStatus:RecorderStatus"
    inputs: ClassVar[frozenset[str]] = frozenset({"isEnabled", "name"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})

    def create(self, aws: Aws, props: Props) -> str:
        _switch(aws, props["name"], on=props["isEnabled"])
        return props["name"]

    @gone_is_none("NoSuchConfigurationRecorderException")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("config").describe_configuration_recorder_status(
            ConfigurationRecorderNames=[id_]
        )["ConfigurationRecordersStatus"]
        return {"name": id_, "isEnabled": found[0]["recording"]} if found else None

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _switch(aws, id_, on=new["isEnabled"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        _switch(aws, id_, on=False)


_CHANNEL = {"snapshotDeliveryProperties": "configSnapshotDeliveryProperties"}
_CHANNEL_PUT = {f"deliveryChannel.{key}": member for key, member in _CHANNEL.items()}


def _recorder(props: Props) -> dict[str, Any]:
    """The recorder as Config takes it: two blocks are lists of one on Pulumi's side."""
    given = {key: props[key] for key in Recorder.inputs if key in props}
    if "recordingGroup" in given:
        group = dict(given["recordingGroup"])
        for key in ("exclusionByResourceTypes", "recordingStrategies"):
            blocks = as_list(group.pop(key, None))
            group |= {key: blocks[0]} if blocks else {}
        given["recordingGroup"] = group
    rename = {"configurationRecorder.recordingGroup.recordingStrategies": "recordingStrategy"}
    shape = {"configurationRecorder": given}
    asked = request("config", "PutConfigurationRecorder", shape, rename=rename)
    return asked["ConfigurationRecorder"]


def _confirmed(given: Props, asked: Mapping[str, Any], now: Mapping[str, Any]) -> Any:
    """Config fills in the parts of the group that were not asked for: no drift."""
    return confirmed(given, asked, {key: now.get(key) for key in asked})


def _switch(aws: Aws, name: str, *, on: bool) -> None:
    config = aws.client("config")
    turn = config.start_configuration_recorder if on else config.stop_configuration_recorder
    turn(ConfigurationRecorderName=name)


RESOURCES: tuple[Resource, ...] = (Recorder(), DeliveryChannel(), RecorderStatus())

"""AWS Config."""

from __future__ import annotations

import json

from components.base import Site
from components.configuration_recorder import ConfigurationRecorder, ConfigurationRecorderArgs
from tests.components.recorder import Recording, record

BUCKET = "arn:aws:s3:::config"


def build(site: Site, *, global_resources: bool = True) -> Recording[ConfigurationRecorder]:
    args = ConfigurationRecorderArgs(
        bucket_name="config", bucket_arn=BUCKET, records_global_resources=global_resources
    )
    return record(lambda: ConfigurationRecorder("config", args, site))


def test_the_recorder_is_switched_on_after_it_has_somewhere_to_deliver(site: Site) -> None:
    recording = build(site)
    channel = recording.one("aws:cfg/deliveryChannel:DeliveryChannel")
    switch = recording.one("aws:cfg/recorderStatus:RecorderStatus")
    assert switch.inputs["isEnabled"] is True
    assert recording.waits_for(switch, channel)
    assert recording.waits_for(channel, recording.one("aws:cfg/recorder:Recorder"))


def test_global_resources_are_recorded_in_one_region_only(site: Site) -> None:
    here = build(site).one("aws:cfg/recorder:Recorder").inputs["recordingGroup"]
    assert here == {"allSupported": True, "includeGlobalResourceTypes": True}
    elsewhere = build(site, global_resources=False).one("aws:cfg/recorder:Recorder")
    assert elsewhere.inputs["recordingGroup"]["includeGlobalResourceTypes"] is False


def test_delivery_may_write_below_its_own_prefix_only(site: Site) -> None:
    policy = json.loads(build(site).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    written = {one["Sid"]: one["Resource"] for one in policy["Statement"]}
    assert written["Deliver"] == [f"{BUCKET}/config/AWSLogs/123456789012/Config/*"]

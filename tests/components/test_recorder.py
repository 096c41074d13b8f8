"""The recording engine itself: component tests are worth what it is worth."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from components.base import Component, Site
from tests.components.recorder import record


class Pair(Component):
    """Two topics, the second after the first."""

    first: pulumi.Output[str]

    def __init__(self, name: str, site: Site) -> None:
        super().__init__(name, site)
        first = aws.sns.Topic(
            self.child("first"), tags=self.tags("first"), opts=self.holds_data(retain=True)
        )
        aws.sns.Topic(
            self.child("second"),
            display_name=first.arn,
            opts=self.options(ignore_changes=["displayName"]),
        )
        self.first = first.arn
        self.register_outputs({"first": first.arn})


def test_options_parents_and_dependencies_are_written_down(site: Site) -> None:
    recording = record(lambda: Pair("pair", site))
    component = recording.one("mlops:components:Pair")
    first, second = recording.all("aws:sns/topic:Topic")
    assert recording.children(component) == [first, second]
    assert first.protect
    assert first.retain
    assert not second.protect
    assert second.ignore_changes == ("displayName",)
    assert recording.waits_for(second, first)
    assert not recording.waits_for(first, second)
    assert first.tags["Name"] == "mlops-platform-production-pair-first"


def test_values_of_outputs_can_be_read_afterwards(site: Site) -> None:
    recording = record(lambda: Pair("pair", site))
    arn = "arn:aws:sns:us-east-1:123456789012:pair-first"
    assert recording.value(recording.result.first) == arn
    assert recording.outputs[recording.one("mlops:components:Pair").urn] == {"first": arn}


def test_secret_inputs_are_known_as_secret() -> None:
    recording = record(
        lambda: aws.sns.Topic("topic", display_name=pulumi.Output.secret("x"), name="plain")
    )
    assert recording.one("aws:sns/topic:Topic").secrets == {"displayName"}


def test_the_same_name_twice_is_refused() -> None:
    def twice() -> None:
        aws.sns.Topic("topic")
        aws.sns.Topic("topic")

    with pytest.raises(Exception, match="duplicate resource URN"):
        record(twice)


def test_a_call_into_a_real_account_is_refused_unless_answered() -> None:
    with pytest.raises(Exception, match="getCallerIdentity"):
        record(lambda: aws.get_caller_identity_output().account_id.apply(str))
    token = "aws:index/getCallerIdentity:getCallerIdentity"
    recording = record(aws.get_caller_identity_output, answers={token: lambda _: {"id": "1"}})
    assert [call.token for call in recording.calls] == [token]


def test_what_is_missing_is_reported_with_what_is_there(site: Site) -> None:
    recording = record(lambda: Pair("pair", site))
    with pytest.raises(AssertionError, match="pair-second"):
        recording.one("aws:ec2/vpc:Vpc")

"""Whole stacks registered against the recording engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from pulumi import Output, ResourceOptions

from infra.exports import outputs_of
from infra.foundation import Foundation, build_foundation
from infra.services.ground import anchors_of
from infra.settings import Settings
from infra.where import aws_provider, site_of
from tests.components.recorder import Answer, Recording, record
from tests.components.test_certificate import proofs
from tests.components.test_cluster import ANSWERS
from tests.components.test_node_pool import TEMPLATE

Outputs = Output[Mapping[str, Any]]
Result = TypeVar("Result")

SOURCE_ZONE = "Z0123456789PRIMARY"


def _zone(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"zoneId": "Z1", "nameServers": ["ns-1.awsdns-01.org", "ns-2.awsdns-02.net"]}


def _source_stack(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"outputs": {"dns": {"zone_id": SOURCE_ZONE}}}


def _balancer(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"dnsName": f"{inputs['name']}.elb.amazonaws.com", "zoneId": "Z35SXDOTRQ7X7K"}


def _file_system(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1"}


CLOUD: Mapping[str, Answer] = {
    **ANSWERS,
    TEMPLATE: lambda _: {"latestVersion": 1},
    "aws:acm/certificate:Certificate": proofs,
    "aws:acm/certificateValidation:CertificateValidation": dict,
    "aws:efs/fileSystem:FileSystem": _file_system,
    "aws:ec2/eip:Eip": lambda _: {"publicIp": "198.51.100.7"},
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:route53/zone:Zone": _zone,
    "pulumi:pulumi:StackReference": _source_stack,
}


@contextmanager
def recorded(settings: Settings) -> Generator[Recording[Outputs]]:
    """Everything that the stack of `settings` registers; its result is the stack's outputs."""

    def build() -> Outputs:
        return Output.from_input(outputs_of(settings, site_of(settings), _foundation(settings)))

    with _recording(build) as recording:
        yield recording


def anchors_made(settings: Settings) -> frozenset[str]:
    """Names of the anchors for which the stack of `settings` registers something."""
    with _recording(lambda: anchors_of(_foundation(settings))) as recording:
        return frozenset(recording.result)


def _foundation(settings: Settings) -> Foundation:
    opts = ResourceOptions(providers=[aws_provider(settings)])
    return build_foundation(settings, site_of(settings), opts)


@contextmanager
def _recording(build: Callable[[], Result]) -> Generator[Recording[Result]]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield record(build, answers=CLOUD)
    loop.close()
    asyncio.set_event_loop(None)

"""A provider process serves several configured providers at once, and mixes none of them up."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from rehearsal.providers.plugin import Changes, Checked, Found, Plugin, Subject
from rehearsal.providers.servicer import Servicer
from rehearsal.providers.wire import Props, from_struct, to_struct


class _Named(Plugin):
    """Makes resources that tell the name that this plugin was configured with."""

    name = ""

    def configure(self, args: Props) -> None:
        self.name = str(args["name"])

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        return Checked(news)

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        return Changes([], [])

    def create(self, subject: Subject, props: Props) -> Found:
        return Found("id", {"by": self.name}, props)

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        return None

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        return Found(id_, news, news)

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        return None


@pytest.fixture
def port() -> Iterator[int]:
    server = grpc.server(ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(_Named, "1.0.0"), server)
    listening = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield listening
    server.stop(0)


@contextmanager
def _connected(port: int) -> Generator[Any]:
    """A connection of its own, as the engine opens for each provider."""
    alone = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=alone) as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def _made_by(stub: Any) -> Props:
    return from_struct(stub.Create(provider_pb2.CreateRequest(properties=to_struct({}))).properties)


def _configure(stub: Any, name: str) -> None:
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"name": name})))


def test_each_connection_keeps_the_settings_that_it_gave(port: int) -> None:
    with _connected(port) as one, _connected(port) as other:
        _configure(one, "one")
        _configure(other, "other")
        assert _made_by(one) == {"by": "one"}
        assert _made_by(other) == {"by": "other"}


def test_a_new_connection_starts_without_settings(port: int) -> None:
    with _connected(port) as one:
        _configure(one, "one")
    with _connected(port) as other:
        assert _made_by(other) == {"by": ""}

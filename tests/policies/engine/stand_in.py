"""A provider of any type that gives back what it gets: it is the pack that is tested, not a cloud.

Run by path, as the plugin of whatever package its executable is named after.
"""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.providers.plugin import Changes, Checked, Found, Plugin, Subject
from rehearsal.providers.server import serve
from rehearsal.providers.servicer import Servicer
from rehearsal.providers.wire import Props


class StandIn(Plugin):
    """Takes everything; an ID is the logical name."""

    def check(self, subject: Subject, news: Props, olds: Props) -> Checked:
        return Checked(news)

    def diff(self, subject: Subject, olds: Props, news: Props) -> Changes:
        keys = sorted({*olds, *news})
        return Changes([key for key in keys if olds.get(key) != news.get(key)])

    def create(self, subject: Subject, props: Props) -> Found:
        return Found(subject.name, props)

    def read(self, subject: Subject, id_: str, inputs: Props) -> Found | None:
        return Found(id_, subject.outputs, inputs)

    def update(self, subject: Subject, id_: str, olds: Props, news: Props) -> Found:
        return Found(id_, news)

    def delete(self, subject: Subject, id_: str, props: Props) -> None:
        """Nothing was made."""


if __name__ == "__main__":
    serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(StandIn, "1.0.0"), server
        )
    )

"""Refuses calls that a lost region cannot answer, before they are sent.

In an outage nobody finds out by waiting for a timeout: calls to the lost region, and to control
planes that live in us-east-1 whatever the region, are a mistake of this program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from catalog.control_planes import through_home
from ops.errors import Refused


class _Service(Protocol):
    service_name: str


class Operation(Protocol):
    """botocore's model of an operation."""

    name: str
    service_model: _Service


class Events(Protocol):
    """Where botocore announces calls."""

    def register(self, event_name: str, handler: Callable[..., None]) -> None:
        """Have `handler` called for each event of the name."""
        ...


def reason(service: str, operation: str, region: str, lost_region: str) -> str | None:
    """Why a call must not be made while `lost_region` is lost; None for one that may."""
    if region == lost_region:
        return f"{region} is lost"
    return through_home(service, operation)


def guard(events: Events, lost_region: str) -> None:
    """Have every call of a session judged before it is sent. The call then raises Refused."""

    def before_call(model: Operation, context: dict[str, object], **_: object) -> None:
        region = str(context.get("client_region"))
        why = reason(model.service_model.service_name, model.name, region, lost_region)
        if why is not None:
            raise Refused(
                f"{model.service_model.service_name}:{model.name} in {region}: not sent: {why}. "
                "This is a mistake of the program: report it"
            )

    events.register("before-call", before_call)

"""What a lost availability zone refuses: every write that names it, or a subnet in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.plain import listing, mapping

WRITES = ("Create", "Run", "Modify", "Update", "Allocate", "Restore", "Start", "Set", "Put")


def check(call: Call, lost: frozenset[str]) -> None:
    """Raises ApiError if the call would make something in one of the zones `lost`."""
    if not lost or not call.operation.startswith(WRITES):
        return
    zones = {zone for text in _texts(call.params) for zone in _zones(call, text)}
    # A regional service spreads over what is left; only a call that names nothing else fails.
    if zones and zones <= lost:
        raise ApiError(
            "InsufficientInstanceCapacity" if call.service == "ec2" else "ServiceUnavailable",
            f"{call.name}: {', '.join(sorted(zones))} is out of service",
            503,
        )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in mapping(value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in listing(value):
            yield from _texts(item)


def _zones(call: Call, text: str) -> Iterator[str]:
    """The zone that `text` names, itself or through a subnet."""
    if text.startswith("subnet-"):
        for by_zone in call.here.moto("ec2").subnets.values():
            if text in by_zone:
                yield by_zone[text].availability_zone
    elif text[:-1] == call.region and text[-1:].isalpha():
        yield text

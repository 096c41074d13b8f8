"""Faults on demand: what the simulated cloud does wrong while a test asks it to."""

from __future__ import annotations

import fnmatch
import itertools
import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast, get_args

from rehearsal.cloud import lost_region
from rehearsal.cloud.clock import CLOCK
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.outages import Outage

Kind = Literal[
    "throttle", "error", "timeout", "lost-answer", "lost-region", "lost-zone", "slow-replica",
    "stopped-replica",
]  # fmt: skip
STATES = frozenset({"lost-zone", "slow-replica", "stopped-replica"})
"""Kinds that are no answer to a call: what calls find is in another state."""
OF_A_REGION = frozenset({"lost-region", "slow-replica", "stopped-replica"})

THROTTLES = {"ec2": ("RequestLimitExceeded", 503), "s3": ("SlowDown", 503)}
QUERY_SERVICES = frozenset({"iam", "rds", "elbv2", "autoscaling", "sns", "sts", "route53"})


class FaultError(ValueError):
    """A fault that was asked for does not make sense; the message says which field."""


class Disconnect(ConnectionError):
    """Close the connection without an answer, as a timeout looks to a client."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault. Patterns are shell-style; `count` None means until it is removed."""

    kind: Kind
    id: int = 0
    service: str = "*"
    operation: str = "*"
    region: str = "*"
    caller: str = "*"
    """On whose behalf a client of the rehearsal calls: `creating aws:iam/role:Role (reader)`."""
    zone: str | None = None
    """For `lost-zone`: the availability zone, for example `us-east-1a`."""
    count: int | None = None
    seconds: float = 0.0
    """For `timeout`, which does nothing, and `lost-answer`, which carries out a call that changes
    something: how long the client waits before its connection is closed. For `slow-replica`: how
    far the database replicas of the region are behind, beyond the usual; a `stopped-replica`
    replays nothing."""
    code: str = "InternalFailure"
    message: str = "a fault was injected"
    status: int = 500
    since: float = 0.0
    """When it was put in force, in seconds since 1970 by the simulated clock."""

    def hits(self, service: str, operation: str, region: str, caller: str = "") -> bool:
        """Whether a call is within the patterns, or needs the region that is lost."""
        asked = ((service, self.service), (operation, self.operation), (caller, self.caller))
        named = all(fnmatch.fnmatchcase(value, pattern) for value, pattern in asked)
        if self.kind == "lost-region":
            return named and lost_region.refuses(self.region, service, operation, region)
        return named and fnmatch.fnmatchcase(region, self.region)


def _outage(fault: Fault, until: float | None) -> Outage:
    return Outage(region=fault.region, since=fault.since, until=until)


def parse(document: Any) -> Fault:
    """A fault from a JSON object. Raises FaultError naming the field that is wrong."""
    if not isinstance(document, dict):
        raise FaultError(f"expected a JSON object, not {document!r}")
    fields = cast("dict[str, Any]", document)
    kinds = get_args(Kind)
    if fields.get("kind") not in kinds:
        raise FaultError(f"kind: expected one of {', '.join(kinds)}, not {fields.get('kind')!r}")
    known = set(Fault.__dataclass_fields__) - {"id", "since"}
    unknown = sorted(set(fields) - known)
    if unknown:
        raise FaultError(f"{unknown[0]}: unknown field; known are {', '.join(sorted(known))}")
    fault = Fault(**fields)
    if fault.kind == "lost-zone" and not fault.zone:
        raise FaultError("zone: expected the name of an availability zone, for kind lost-zone")
    if fault.kind in OF_A_REGION and fault.region == "*":
        raise FaultError(f"region: expected the name of a region, for kind {fault.kind}")
    return fault


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._outages: list[Outage] = []

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force; the answer carries its number."""
        with self._lock:
            began = CLOCK.exact().timestamp()
            numbered = replace(fault, id=next(self._numbers), since=began)
            self._faults.append(numbered)
        return numbered

    def clear(self, number: int | None = None) -> None:
        """Remove one fault, or all."""
        ended = CLOCK.exact().timestamp()
        with self._lock:
            ending = [f for f in self._faults if number is None or f.id == number]
            self._faults = [f for f in self._faults if f not in ending]
            self._outages += [_outage(f, ended) for f in ending if f.kind == "lost-region"]

    def reset(self) -> None:
        """Remove all, and forget what was lost before."""
        with self._lock:
            self._faults, self._outages = [], []

    def listed(self) -> list[dict[str, Any]]:
        """Faults in force, as plain data."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def lost_zones(self) -> frozenset[str]:
        """Availability zones that are out of service."""
        with self._lock:
            return frozenset(f.zone for f in self._faults if f.kind == "lost-zone" and f.zone)

    def lost_regions(self) -> dict[str, float]:
        """Regions that are out of service, each with the time since when."""
        with self._lock:
            return {f.region: f.since for f in self._faults if f.kind == "lost-region"}

    def outages(self) -> list[Outage]:
        """When regions were out of service, those that are among them, in order of their ends."""
        with self._lock:
            lost = [_outage(f, None) for f in self._faults if f.kind == "lost-region"]
            return [*self._outages, *lost]

    def late_replicas(self) -> dict[str, float]:
        """Regions whose replicas are behind beyond the usual, and by how many seconds."""
        now = CLOCK.exact().timestamp()
        with self._lock:
            slow = {f.region: f.seconds for f in self._faults if f.kind == "slow-replica"}
            stopped = {f.region: now - f.since for f in self._faults if f.kind == "stopped-replica"}
        return slow | stopped

    def take(self, service: str, operation: str, region: str, caller: str = "") -> Fault | None:
        """The first fault that hits a call; uses up one of its count. What is a state is
        not taken here: it depends on the call's parameters."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.kind in STATES or not fault.hits(service, operation, region, caller):
                    continue
                if fault.kind == "lost-answer" and lost_region.reads(operation):
                    continue
                self._use_up(index, fault)
                return fault
        return None

    def _use_up(self, index: int, fault: Fault) -> None:
        if fault.count is None:
            return
        if fault.count <= 1:
            del self._faults[index]
        else:
            self._faults[index] = replace(fault, count=fault.count - 1)


def error(fault: Fault, service: str) -> ApiError:
    """What a client is told. Raises Disconnect for a timeout."""
    if fault.kind == "throttle":
        default = ("Throttling" if service in QUERY_SERVICES else "ThrottlingException", 400)
        code, status = THROTTLES.get(service, default)
        return ApiError(code, "Rate exceeded", status)
    if fault.kind == "lost-region":
        return ApiError("ServiceUnavailable", f"{service} in {fault.region} is out of service", 503)
    if fault.kind == "timeout":
        raise Disconnect
    return ApiError(fault.code, fault.message, fault.status)

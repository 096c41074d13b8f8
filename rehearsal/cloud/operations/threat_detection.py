"""GuardDuty: an update names the features that it changes, and leaves the others."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.plain import listing, mapping


def update_detector(call: Call) -> Answer:
    """UpdateDetector: moto would forget every feature that is not named."""
    detector = call.here.moto("guardduty").detectors.get(call.params["DetectorId"])
    before = [] if detector is None else list(detector.features)
    answer = call.upstream()
    if detector is not None:
        detector.features = _merged(before, call.params.get("Features") or [])
    return answer


def _merged(before: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Features by name, the given ones over the ones before; moto keeps the wire's spelling."""
    by_name = {one["name"]: one for one in before}
    return list((by_name | {one["Name"]: _wire(one) for one in given}).values())


def _wire(value: Any) -> Any:
    if isinstance(value, dict):
        return {_lower_first(key): _wire(part) for key, part in mapping(value).items()}
    return [_wire(part) for part in listing(value)] if isinstance(value, list) else value


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


OPERATIONS = {"UpdateDetector": update_detector}

"""CloudWatch metrics that AWS publishes itself: how far a replica is behind, how many objects wait
to be copied to another region, and what schedules publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import CLOCK
from rehearsal.cloud.operations import object_copies
from rehearsal.cloud.operations.databases import instance

PUBLISH = ":aws-sdk:cloudwatch:putMetricData"
"""End of the target of a schedule that publishes."""
LAG = ("AWS/RDS", "ReplicaLag")
PENDING = ("AWS/S3", "OperationsPendingReplication")
STEADY_SECONDS = 1.0
"""Behind a source that can be reached."""


def get_metric_statistics(call: Call) -> Answer:
    """GetMetricStatistics: what was published, else what AWS measures: the lag of a replica, which
    grows once its source's region is lost, and the objects that a rule has still to copy."""
    _run_schedules(call)
    published = call.upstream()
    named = (call.params["Namespace"], call.params["MetricName"])
    if named not in MEASURED or published["Datapoints"]:
        return published
    unit, measure = MEASURED[named]
    found = measure(call)
    # The client asks by its own clock: the newest point is of the moment that it asks up to.
    point = {"Timestamp": datetime.now(UTC), "Unit": unit}
    figures = dict.fromkeys(call.listed("Statistics"), found)
    return {"Label": named[1], "Datapoints": [] if found is None else [{**point, **figures}]}


def list_metrics(call: Call) -> Answer:
    """ListMetrics: what was published, and a metric for each rule that copies objects here."""
    answer = call.upstream()
    if call.params.get("Namespace") not in (None, PENDING[0]):
        return answer
    if call.params.get("MetricName") not in (None, PENDING[1]):
        return answer
    wanted = {(each["Name"], each.get("Value")) for each in call.listed("Dimensions")}
    rules = [each for each in object_copies.into(call) if wanted <= _ends(each)]
    measured = [
        {
            "Namespace": PENDING[0],
            "MetricName": PENDING[1],
            "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(_ends(each))],
        }
        for each in rules
    ]
    return {**answer, "Metrics": [*answer["Metrics"], *measured]}


def _ends(rule: object_copies.Copies) -> set[tuple[str, str]]:
    return {
        ("SourceBucket", rule.source),
        ("DestinationBucket", rule.target),
        ("RuleId", rule.rule),
    }


def _pending(call: Call) -> float | None:
    """Objects; None where no rule has these dimensions."""
    asked = {(each["Name"], each["Value"]) for each in call.listed("Dimensions")}
    found = [each for each in object_copies.into(call) if _ends(each) == asked]
    return float(object_copies.pending(call, found[0])) if found else None


def _run_schedules(call: Call) -> None:
    """Schedules that publish a metric have done so within the last minute."""
    for named in call.ask("scheduler", "ListSchedules", {}).get("Schedules", []):
        found = call.ask("scheduler", "GetSchedule", {"Name": named["Name"]})
        if found["State"] == "ENABLED" and found["Target"]["Arn"].endswith(PUBLISH):
            given = json.loads(found["Target"]["Input"])
            call.here.moto("cloudwatch").put_metric_data(given["Namespace"], given["MetricData"])


def _lag(call: Call) -> float | None:
    """Seconds; None for an instance that follows nobody."""
    names = [each["Value"] for each in call.listed("Dimensions")]
    found = instance(call, str(names[0])) if names else None
    if found is None or not found.source_db_instance_identifier:
        return None
    parts = str(found.source_db_instance_identifier).split(":")
    since = call.lost.get(parts[3]) if len(parts) > 3 else None
    behind = CLOCK.exact().timestamp() - since if since is not None else 0.0
    return STEADY_SECONDS + behind + call.late.get(call.region, 0.0)


MEASURED: Mapping[tuple[str, str], tuple[str, Callable[[Call], float | None]]] = {
    LAG: ("Seconds", _lag),
    PENDING: ("Count", _pending),
}
"""By namespace and name: the unit, and what measures it."""
OPERATIONS = {"GetMetricStatistics": get_metric_statistics, "ListMetrics": list_metrics}

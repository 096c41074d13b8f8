"""CloudWatch metrics that AWS publishes itself: how far a replica is behind, and what schedules
publish."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import CLOCK
from rehearsal.cloud.operations.databases import instance

PUBLISH = ":aws-sdk:cloudwatch:putMetricData"
"""End of the target of a schedule that publishes."""
LAG = ("AWS/RDS", "ReplicaLag")
STEADY_SECONDS = 1.0
"""Behind a source that can be reached."""


def get_metric_statistics(call: Call) -> Answer:
    """GetMetricStatistics: what was published, else the lag of a replica, which grows once its
    source's region is lost."""
    _run_schedules(call)
    published = call.upstream()
    if (call.params["Namespace"], call.params["MetricName"]) != LAG or published["Datapoints"]:
        return published
    seconds = _lag(call)
    # The client asks by its own clock: the newest point is of the moment that it asks up to.
    point = {"Timestamp": datetime.now(UTC), "Unit": "Seconds"}
    figures = dict.fromkeys(call.listed("Statistics"), seconds)
    return {"Label": LAG[1], "Datapoints": [] if seconds is None else [{**point, **figures}]}


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
    return STEADY_SECONDS + behind


OPERATIONS = {"GetMetricStatistics": get_metric_statistics}

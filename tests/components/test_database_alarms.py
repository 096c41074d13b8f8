"""Alarms on the database, derived from its size."""

from __future__ import annotations

from dataclasses import replace

from components.base import Site
from components.database import Database, DatabaseArgs
from components.database_alarms import GIB, max_connections
from tests.components.recorder import ACCOUNT, Registered, record
from tests.components.test_database import INSTANCE, SOURCE, primary

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:critical"


def alarms(site: Site, args: DatabaseArgs | None = None) -> dict[str, Registered]:
    recording = record(lambda: Database("database", args or primary(), site))
    return {it.inputs["metricName"]: it for it in recording.all(ALARM)}


def test_a_primary_is_watched_for_what_fills_up_and_saturates(site: Site) -> None:
    found = alarms(site)
    assert {metric: it.inputs["threshold"] for metric, it in found.items()} == {
        "CPUUtilization": 80,
        "DatabaseConnections": 0.8 * 1802,  # of 16 GiB
        "FreeStorageSpace": 10 * GIB,  # of 100 GiB
        "FreeableMemory": 1.6 * GIB,
    }


def test_a_replica_is_also_watched_for_its_lag(site: Site) -> None:
    found = alarms(site, replace(primary(), replica_of=SOURCE, lag_seconds=300))
    assert found["ReplicaLag"].inputs["threshold"] == 300
    assert len(found) == 5


def test_too_little_and_too_much_are_told_apart(site: Site) -> None:
    found = alarms(site)
    assert found["FreeStorageSpace"].inputs["comparisonOperator"] == "LessThanThreshold"
    assert found["CPUUtilization"].inputs["comparisonOperator"] == "GreaterThanThreshold"


def test_alarms_go_to_the_topic_and_say_what_is_wrong(site: Site) -> None:
    for alarm in alarms(site).values():
        assert alarm.inputs["alarmActions"] == [TOPIC]
        assert alarm.inputs["okActions"] == [TOPIC]
        assert alarm.inputs["alarmDescription"]
        assert alarm.inputs["name"].startswith("mlops-platform-production-mlflow-g1-")
        assert alarm.inputs["dimensions"] == {
            "DBInstanceIdentifier": "mlops-platform-production-mlflow-g1"
        }


def test_without_a_topic_alarms_only_show(site: Site) -> None:
    found = alarms(site, replace(primary(), alarm_topic_arn=None))
    assert all(not it.inputs.get("alarmActions") for it in found.values())


def test_no_alarm_rings_before_there_is_an_instance(site: Site) -> None:
    recording = record(lambda: Database("database", primary(), site))
    database = recording.one(INSTANCE)
    assert all(recording.waits_for(alarm, database) for alarm in recording.all(ALARM))


def test_connections_follow_memory_up_to_rdss_limit() -> None:
    assert max_connections(2) == 225
    assert max_connections(16) == 1802
    assert max_connections(64) == 5000

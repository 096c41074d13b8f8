"""Where public names lead, by Route 53's records, health checks and alarms: what resolvers would
answer, some time after a health check has changed its mind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from catalog.control_planes import HOME
from catalog.timings import seconds

Client = Callable[[str, str], Any]
"""A client by service and region."""
SLOWNESS = seconds("runbook", "wait", "traffic")
"""From a metric to the names: the alarm's period, the health check's, and what resolvers keep."""
WINDOW = timedelta(minutes=5)


class Names:
    """Public names of one account. `now`: seconds since 1970."""

    def __init__(self, client: Client, now: Callable[[], float]) -> None:
        self._client, self._now = client, now
        self._health: dict[str, tuple[bool, float]] = {}

    def target(self, name: str) -> str | None:
        """The balancer that a name leads to now, a balancer's own name to itself; None for a name
        without records."""
        if name.endswith(".elb.amazonaws.com"):
            return name
        halves = {record["Failover"]: record for record in self._records(name)}
        primary, secondary = halves.get("PRIMARY"), halves.get("SECONDARY")
        if primary and (secondary is None or self._settled(primary["HealthCheckId"])):
            return _balancer(primary)
        return _balancer(secondary) if secondary else None

    def _records(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Failover records of a name, else of the wildcard beside it."""
        dns = self._client("route53", HOME)
        for zone in dns.list_hosted_zones()["HostedZones"]:
            if zone["Config"]["PrivateZone"] or not f"{name}.".endswith(f".{zone['Name']}"):
                continue
            pages = dns.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
            found = [one for page in pages for one in page["ResourceRecordSets"]]
            exact = [one for one in found if one["Name"] == f"{name}." and "Failover" in one]
            beside = f"\\052.{name.partition('.')[2]}."
            yield from exact or [r for r in found if r["Name"] == beside and "Failover" in r]

    def _settled(self, check_id: str) -> bool:
        """The health that resolvers answer by: a change arrives after a while."""
        now, healthy = self._now(), self._healthy(check_id)
        known, since = self._health.get(check_id, (True, now - SLOWNESS.slow))
        if healthy != known:
            known, since = healthy, now
        self._health[check_id] = (known, since)
        return known if now - since >= SLOWNESS.typical else not known

    def _healthy(self, check_id: str) -> bool:
        """What the check says: the state of its alarm, inverted if it says so."""
        check = self._client("route53", HOME).get_health_check(HealthCheckId=check_id)
        config = check["HealthCheck"]["HealthCheckConfig"]
        alarm = config["AlarmIdentifier"]
        return self._in_alarm(alarm["Name"], alarm["Region"]) == config["Inverted"]

    def _in_alarm(self, name: str, region: str) -> bool:
        """Whether the newest measurement breaches the threshold from below; so does silence."""
        watch = self._client("cloudwatch", region)
        (alarm,) = watch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        now = datetime.now(UTC)
        found = watch.get_metric_statistics(
            Namespace=alarm["Namespace"], MetricName=alarm["MetricName"],
            Dimensions=alarm["Dimensions"], StartTime=now - WINDOW,
            EndTime=now + timedelta(minutes=1), Period=60, Statistics=["Minimum"],
        )["Datapoints"]  # fmt: skip
        # Within a minute of the machine's clock, hours pass by the cloud's: that traffic is to move
        # is said again and again by the schedule, that it is not only once.
        newest = max(found, key=lambda point: point["Timestamp"], default={"Minimum": 0.0})
        return newest["Minimum"] < alarm["Threshold"] and not self._published(alarm, region)

    def _published(self, alarm: Mapping[str, Any], region: str) -> bool:
        """Whether a schedule goes on publishing the alarm's metric."""
        scheduler = self._client("scheduler", region)
        try:
            found = scheduler.get_schedule(Name=_schedule(alarm))
        except ClientError:
            return False
        return found["State"] == "ENABLED" and alarm["MetricName"] in found["Target"]["Input"]


def _schedule(alarm: Mapping[str, Any]) -> str:
    """What publishes the metric is named after its platform."""
    (platform,) = [each["Value"] for each in alarm["Dimensions"]]
    return f"{platform}-traffic-moved"


def _balancer(record: Mapping[str, Any]) -> str:
    return str(record["AliasTarget"]["DNSName"]).rstrip(".").removeprefix("dualstack.")

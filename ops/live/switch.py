"""The switch of public traffic: a metric in the standby region, and what goes on publishing it.

A schedule of EventBridge Scheduler publishes it each minute with no program of ours: it outlives
this process and the cluster, and needs no call to another region. Its role is part of the
standby's stack, since IAM may be away on the day.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

from ops.errors import Refused
from ops.live.aws import Answer, Aws, NotFound
from ops.live.front_door import Door

NAMESPACE = "MLOps/Failover"
METRIC = "TrafficMoved"
MOVED, STAYS = 1.0, 0.0
WINDOW = timedelta(minutes=5)
PUBLISH = "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData"
HTTPS = 443
Resolve = Callable[[str], Sequence[str]]


def addresses(name: str) -> Sequence[str]:
    """IP addresses that a name leads to now; none where nobody knows it."""
    try:
        found = socket.getaddrinfo(name, HTTPS, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return sorted({str(each[4][0]) for each in found})


class Switch:
    """Traffic of one platform, seen and moved from the standby's region."""

    def __init__(
        self,
        aws: Aws,
        platform: str,
        *,
        heartbeat_role: str | None,
        balancers: dict[str, str],
        public: Door,
        resolve: Resolve = addresses,
    ) -> None:
        """`balancers`: this region's balancer by public name. `public` asks the public names."""
        self._aws, self._platform = aws, platform
        self._role, self._balancers = heartbeat_role, balancers
        self._public, self._resolve = public, resolve

    def platform_answers(self) -> bool:
        """Whether one of the public names is answered by more than an empty balancer."""
        return any(self._answers(name) for name in self._balancers)

    def moved(self) -> bool:
        """Whether the metric said so within five minutes."""
        now = datetime.now(UTC)
        found = self._aws.read(
            "cloudwatch",
            "get_metric_statistics",
            Namespace=NAMESPACE,
            MetricName=METRIC,
            Dimensions=self._dimensions(),
            StartTime=now - WINDOW,
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Maximum"],
        )
        points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
        return bool(points) and float(points[-1]["Maximum"]) >= MOVED

    def kept_moved(self) -> bool:
        """Whether the schedule is enabled."""
        found = self._schedule()
        return found is not None and found["State"] == "ENABLED"

    def arrived(self) -> bool:
        """Whether every public name leads to one of this region's addresses."""
        return all(
            set(self._resolve(name)) & set(self._resolve(balancer))
            for name, balancer in self._balancers.items()
        )

    def move(self) -> None:
        """Publish once, and have it published each minute from now on."""
        self._publish(MOVED)
        self._keep("ENABLED")

    def move_back(self) -> None:
        """End the schedule, then say that traffic stays with the primary region."""
        if self._schedule() is not None:
            self._keep("DISABLED")
        self._publish(STAYS)

    def _answers(self, name: str) -> bool:
        try:
            return self._public.ask(name, "GET", "/").status < 500
        except (OSError, HTTPException):
            return False

    def _publish(self, value: float) -> None:
        self._aws.write(
            "cloudwatch",
            "put_metric_data",
            Namespace=NAMESPACE,
            MetricData=[self._datum(value)],
        )

    def _datum(self, value: float) -> Answer:
        return {"MetricName": METRIC, "Dimensions": self._dimensions(), "Value": value}

    def _dimensions(self) -> list[dict[str, str]]:
        return [{"Name": "Platform", "Value": self._platform}]

    def _name(self) -> str:
        return f"{self._platform}-traffic-moved"[:64]

    def _schedule(self) -> Answer | None:
        try:
            return self._aws.read("scheduler", "get_schedule", Name=self._name())
        except NotFound:
            return None

    def _keep(self, state: str) -> None:
        if self._role is None:
            raise Refused(
                "flip_heartbeat_role_arn: the stack's outputs name no role that publishes the "
                "metric: deploy the standby with this version of the program"
            )
        operation = "create_schedule" if self._schedule() is None else "update_schedule"
        message = {"Namespace": NAMESPACE, "MetricData": [self._datum(MOVED)]}
        self._aws.write(
            "scheduler",
            operation,
            Name=self._name(),
            State=state,
            ScheduleExpression="rate(1 minute)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": PUBLISH, "RoleArn": self._role, "Input": json.dumps(message)},
        )

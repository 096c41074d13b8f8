"""Public names follow a health check on an alarm, some time after its metric."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rehearsal.site.names import SLOWNESS, Names
from tests.rehearsal.site.conftest import HERE, THERE, Surroundings

NAME = "models.example.com"
METRIC = {
    "MetricName": "TrafficMoved",
    "Dimensions": [{"Name": "Platform", "Value": "platform"}],
}


@pytest.fixture
def balancers(around: Surroundings) -> dict[str, str]:
    """A balancer's name in each region."""
    made: dict[str, str] = {}
    for region in (HERE, THERE):
        there = around.account.there(region)
        there.balancer("models")
        (found,) = there.elbv2.describe_load_balancers()["LoadBalancers"]
        made[region] = found["DNSName"]
    return made


@pytest.fixture
def names(around: Surroundings, balancers: dict[str, str]) -> Names:
    """Failover records for one name, and the switch in the other region."""
    account = around.account
    account.there(THERE).cloudwatch.put_metric_alarm(
        AlarmName="stays", Namespace="MLOps/Failover", Statistic="Maximum", Period=60,
        EvaluationPeriods=3, Threshold=1.0, ComparisonOperator="LessThanThreshold",
        TreatMissingData="breaching", **METRIC,
    )  # fmt: skip
    check = account.route53.create_health_check(
        CallerReference="a",
        HealthCheckConfig={
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": {"Region": THERE, "Name": "stays"},
            "Inverted": True,
            "InsufficientDataHealthStatus": "Unhealthy",
        },
    )["HealthCheck"]["Id"]
    zone = account.zone()
    for half, region, more in (
        ("PRIMARY", HERE, {"HealthCheckId": check}),
        ("SECONDARY", THERE, {}),
    ):
        alias = {
            "HostedZoneId": "Z2P70J7EXAMPLE",
            "DNSName": balancers[region],
            "EvaluateTargetHealth": True,
        }
        account.change(
            zone, "CREATE", NAME, "A", SetIdentifier=half, Failover=half, AliasTarget=alias, **more
        )
    return Names(around.client, around.control.now)


def _publish(around: Surroundings, value: float) -> None:
    datum = {**METRIC, "Value": value, "Timestamp": datetime.now(UTC)}
    around.account.there(THERE).cloudwatch.put_metric_data(
        Namespace="MLOps/Failover", MetricData=[datum]
    )


def test_silence_keeps_traffic_in_the_primary_region(
    names: Names, balancers: dict[str, str]
) -> None:
    assert names.target(NAME) == balancers[HERE]


def test_a_published_metric_moves_traffic_after_a_while(
    around: Surroundings, names: Names, balancers: dict[str, str]
) -> None:
    assert names.target(NAME) == balancers[HERE]
    _publish(around, 1.0)
    assert names.target(NAME) == balancers[HERE]
    around.control.advance(SLOWNESS.typical)
    assert names.target(NAME) == balancers[THERE]


def test_traffic_returns_when_the_metric_says_so_within_the_same_minute(
    around: Surroundings, names: Names, balancers: dict[str, str]
) -> None:
    _publish(around, 1.0)
    assert names.target(NAME) == balancers[HERE]
    around.control.advance(SLOWNESS.typical)
    assert names.target(NAME) == balancers[THERE]
    _publish(around, 0.0)
    assert names.target(NAME) == balancers[THERE]
    around.control.advance(SLOWNESS.typical)
    assert names.target(NAME) == balancers[HERE]


def test_a_metric_that_says_no_moves_nobody(
    around: Surroundings, names: Names, balancers: dict[str, str]
) -> None:
    _publish(around, 0.0)
    around.control.advance(SLOWNESS.slow)
    assert names.target(NAME) == balancers[HERE]


def test_a_balancer_leads_to_itself_and_an_unknown_name_nowhere(
    names: Names, balancers: dict[str, str]
) -> None:
    assert names.target(balancers[THERE]) == balancers[THERE]
    assert names.target("unknown.example.com") is None

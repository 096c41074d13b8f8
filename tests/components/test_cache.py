"""The managed online store: encrypted, in several zones, with one user, watched node by node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.base import Site
from components.cache import Cache, CacheArgs
from tests.components.recorder import Recording, record

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOGS = "aws:cloudwatch/logGroup:LogGroup"


def args(**more: Any) -> CacheArgs:
    made = CacheArgs(
        engine_version="8.1",
        node_type="cache.r6g.large",
        replicas=2,
        snapshot_days=7,
        snapshot_window="04:00-05:00",
        maintenance_window="tue:07:00-tue:09:00",
        users={"feast": "a-password-of-20-chars"},
        vpc_id="vpc-1",
        subnet_ids=["subnet-1", "subnet-2"],
        client_security_groups={"nodes": "sg-1"},
        key_arn="arn:data",
        logs_key_arn="arn:logs",
        log_retention_days=30,
        alarm_topic_arn="arn:critical",
    )
    return replace(made, **more)


def built(site: Site, **more: Any) -> Recording[Cache]:
    return record(lambda: Cache("features", args(**more), site))


def group(site: Site, **more: Any) -> dict[str, Any]:
    (found,) = built(site, **more).all(GROUP)
    return dict(found.inputs)


def test_features_survive_a_zone(site: Site) -> None:
    made = group(site)
    assert made["numCacheClusters"] == 3
    assert made["automaticFailoverEnabled"] is made["multiAzEnabled"] is True


def test_nobody_reads_features_on_a_disk_or_on_the_way(site: Site) -> None:
    made = group(site)
    assert (made["atRestEncryptionEnabled"], made["kmsKeyId"]) == (True, "arn:data")
    assert made["transitEncryptionEnabled"] is True
    assert made["transitEncryptionMode"] == "required"


def test_its_name_tells_the_generation_and_fits(site: Site) -> None:
    later = replace(site, data_generation=3, prefix="a-prefix-that-is-much-too-long-for-a-cache")
    name = group(later)["replicationGroupId"]
    assert name.endswith("-features-g3")
    assert len(name) <= 40


def test_the_one_user_has_a_password_that_no_state_keeps(site: Site) -> None:
    (user,) = built(site).all(USER)
    assert user.inputs["userName"] == "feast"
    assert user.inputs["passwordsWoVersion"] == 1
    assert "passwords" not in user.inputs
    assert "-@admin" in user.inputs["accessString"].split()


def test_parameters_follow_the_engines_family(site: Site) -> None:
    (found,) = built(site, engine_version="7.2").all(
        "aws:elasticache/parameterGroup:ParameterGroup"
    )
    assert found.inputs["family"] == "valkey7"
    assert found.inputs["name"].endswith("-features-valkey7")


def test_slow_and_engine_logs_are_kept_encrypted(site: Site) -> None:
    recording = built(site)
    kept = {it.inputs["name"].rpartition("/")[2]: it.inputs for it in recording.all(LOGS)}
    assert set(kept) == {"slow-log", "engine-log"}
    assert {one["kmsKeyId"] for one in kept.values()} == {"arn:logs"}
    assert {one["retentionInDays"] for one in kept.values()} == {30}


def test_every_node_is_watched(site: Site) -> None:
    alarms = built(site, replicas=1).all(ALARM)
    watched = {
        (it.inputs["dimensions"]["CacheClusterId"][-3:], it.inputs["metricName"]) for it in alarms
    }
    assert {node for node, _ in watched} == {"001", "002"}
    assert len(alarms) == len(watched) == 8
    assert all(it.inputs["alarmActions"] == ["arn:critical"] for it in alarms)


def test_only_named_clients_reach_it(site: Site) -> None:
    (rule,) = built(site).all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert rule.inputs["referencedSecurityGroupId"] == "sg-1"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (6379, 6379)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"engine_version": "9.9"}, "engine_version"), ({"replicas": 0}, "replicas")],
)
def test_what_has_no_meaning_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        args(**wrong)
